"""An Azure that answers as the provider does in a first preview, in a later preview, and in an update."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

Mode = Literal["up", "first preview", "later preview"]

SUBSCRIPTION = "5ab5c000-0000-4000-8000-000000000001"
TENANT = "7e4a4700-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-team"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-team"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stteam"
STORAGE_ENDPOINT = "https://stteam.blob.core.windows.net/"
POSTGRES = f"{GROUP}/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-team"
POSTGRES_HOST = "psql-team.postgres.database.azure.com"
COSMOS = f"{GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/cosno-team"
COSMOS_ENDPOINT = "https://cosno-team.documents.azure.com/"
MYSQL = f"{GROUP}/providers/Microsoft.DBforMySQL/flexibleServers/mysql-team"
MYSQL_HOST = "mysql-team.mysql.database.azure.com"
SQL = f"{GROUP}/providers/Microsoft.Sql/servers/sql-team"
SQL_HOST = "sql-team.database.windows.net"
SERVICE_BUS = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/sbns-team"
SERVICE_BUS_ENDPOINT = "https://sbns-team.servicebus.windows.net/"
EVENT_HUBS = f"{GROUP}/providers/Microsoft.EventHub/namespaces/evhns-team"
EVENT_HUBS_ENDPOINT = "https://evhns-team.servicebus.windows.net/"
REDIS = f"{GROUP}/providers/Microsoft.Cache/redisEnterprise/amr-team"
REDIS_HOST = "amr-team.westeurope.redis.azure.net"
EVENT_GRID_TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/topics/evgt-team"
EVENT_GRID_ENDPOINT = "https://evgt-team.westeurope-1.eventgrid.azure.net/api/events"
SIGNALR = f"{GROUP}/providers/Microsoft.SignalRService/SignalR/sigr-team"
SIGNALR_ENDPOINT = "https://sigr-team.service.signalr.net/"
WEB_PUBSUB = f"{GROUP}/providers/Microsoft.SignalRService/WebPubSub/wps-team"
WEB_PUBSUB_ENDPOINT = "https://wps-team.webpubsub.azure.com/"
COLLECTION_RULE = f"{GROUP}/providers/Microsoft.Insights/dataCollectionRules/dcr-team"
COLLECTION_RULE_ENDPOINT = "https://dce-team-a1b2.westeurope-1.ingest.monitor.azure.com"
IMMUTABLE_ID = f"dcr-{'0a' * 16}"
STORE = f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/appcs-team"
STORE_ENDPOINT = "https://appcs-team.azconfig.io/"
AI = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/ais-team"
AI_ENDPOINT = "https://ais-team.openai.azure.com/"
SEARCH = f"{GROUP}/providers/Microsoft.Search/searchServices/srch-team"
SEARCH_ENDPOINT = "https://srch-team.search.windows.net/"
PLAN = f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-team"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-team"
ENDPOINT = "https://kv-team.vault.azure.net/"
PRINCIPAL, CLIENT = "0b1ec700-0000-4000-8000-00000000000a", "c11e4700-0000-4000-8000-00000000000a"
SYSTEM_PRINCIPAL = "0b1ec700-0000-4000-8000-00000000005a"
SLOT_PRINCIPAL, SLOT_CLIENT = "0b1ec700-0000-4000-8000-00000000000b", "c11e4700-0000-4000-8000-00000000000b"
SLOT_SYSTEM_PRINCIPAL = "0b1ec700-0000-4000-8000-00000000005b"
SLOT = "staging"
"""A slot of this name, and the identity that is named after it, have ids of their own."""
PEOPLE = "0b1ec700-0000-4000-8000-0000000000f1"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-team"
ISSUER = "https://westeurope.oic.prod-aks.azure.com/7e4a4700-0000-4000-8000-000000000001/aa5c/"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/team"
SUFFIX = "abc123"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-team"
SUBNET, ENDPOINTS_SUBNET = f"{NETWORK}/subnets/snet-apps", f"{NETWORK}/subnets/snet-endpoints"
ZONES = f"{GROUP}/providers/Microsoft.Network/privateDnsZones"
NAMESPACES_ZONE = f"{ZONES}/privatelink.servicebus.windows.net"
SQL_ZONE = f"{ZONES}/privatelink.database.windows.net"
VAULT_ZONE, SITES_ZONE = f"{ZONES}/privatelink.vaultcore.azure.net", f"{ZONES}/privatelink.azurewebsites.net"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-team"
CUSTOMER_ID = "0c1de000-0000-4000-8000-00000000c0de"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights/components/appi-team"
CONNECTION_STRING = "InstrumentationKey=1e500000-0000-4000-8000-000000000001;IngestionEndpoint=https://in"
AUTONAMED = "0a1b2c3d"
KEY_VERSION = "0123456789abcdef0123456789abcdef"
OWN_ROLE = "0d0e0f00-0000-4000-8000-000000000001"
"""The GUID that the provider gives a role of the program's own."""
THUMBPRINT = "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567"
VERIFICATION_ID = "5AB5C000A1B2"

_TYPES = {
    "keyvault:Vault": ("Microsoft.KeyVault/vaults", "vaultName"),
    "managedidentity:UserAssignedIdentity": (
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "resourceName",
    ),
    "app:ContainerApp": ("Microsoft.App/containerApps", "containerAppName"),
    "app:Job": ("Microsoft.App/jobs", "jobName"),
    "app:ManagedEnvironment": ("Microsoft.App/managedEnvironments", "environmentName"),
    "dbformysql:Server": ("Microsoft.DBforMySQL/flexibleServers", "serverName"),
    "dbforpostgresql:Server": ("Microsoft.DBforPostgreSQL/flexibleServers", "serverName"),
    "containerinstance:ContainerGroup": (
        "Microsoft.ContainerInstance/containerGroups",
        "containerGroupName",
    ),
    "containerregistry:Registry": ("Microsoft.ContainerRegistry/registries", "registryName"),
    "logic:Workflow": ("Microsoft.Logic/workflows", "workflowName"),
    "containerservice:ManagedCluster": ("Microsoft.ContainerService/managedClusters", "resourceName"),
    "redisenterprise:RedisEnterprise": ("Microsoft.Cache/redisEnterprise", "clusterName"),
    "cosmosdb:DatabaseAccount": ("Microsoft.DocumentDB/databaseAccounts", "accountName"),
    "sql:Server": ("Microsoft.Sql/servers", "serverName"),
    "servicebus:Namespace": ("Microsoft.ServiceBus/namespaces", "namespaceName"),
    "eventhub:Namespace": ("Microsoft.EventHub/namespaces", "namespaceName"),
    "eventgrid:Topic": ("Microsoft.EventGrid/topics", "topicName"),
    "signalrservice:SignalR": ("Microsoft.SignalRService/SignalR", "resourceName"),
    "webpubsub:WebPubSub": ("Microsoft.SignalRService/WebPubSub", "resourceName"),
    "monitor:DataCollectionEndpoint": (
        "Microsoft.Insights/dataCollectionEndpoints",
        "dataCollectionEndpointName",
    ),
    "monitor:DataCollectionRule": ("Microsoft.Insights/dataCollectionRules", "dataCollectionRuleName"),
    "monitor:ScheduledQueryRule": ("Microsoft.Insights/scheduledQueryRules", "ruleName"),
    "operationalinsights:Workspace": ("Microsoft.OperationalInsights/workspaces", "workspaceName"),
    "appconfiguration:ConfigurationStore": (
        "Microsoft.AppConfiguration/configurationStores",
        "configStoreName",
    ),
    "cognitiveservices:Account": ("Microsoft.CognitiveServices/accounts", "accountName"),
    "compute:DiskEncryptionSet": ("Microsoft.Compute/diskEncryptionSets", "diskEncryptionSetName"),
    "search:Service": ("Microsoft.Search/searchServices", "searchServiceName"),
    "storage:StorageAccount": ("Microsoft.Storage/storageAccounts", "accountName"),
    "applicationinsights:Component": ("Microsoft.Insights/components", "resourceName"),
    "privatedns:PrivateZone": ("Microsoft.Network/privateDnsZones", "privateZoneName"),
    "network:PrivateEndpoint": ("Microsoft.Network/privateEndpoints", "privateEndpointName"),
    "compute:VirtualMachine": ("Microsoft.Compute/virtualMachines", "vmName"),
    "compute:VirtualMachineScaleSet": ("Microsoft.Compute/virtualMachineScaleSets", "vmScaleSetName"),
    "network:VirtualNetwork": ("Microsoft.Network/virtualNetworks", "virtualNetworkName"),
    "network:NetworkInterface": ("Microsoft.Network/networkInterfaces", "networkInterfaceName"),
    "web:AppServicePlan": ("Microsoft.Web/serverfarms", "name"),
    "web:WebApp": ("Microsoft.Web/sites", "name"),
}

_SITES = ("web:WebApp", "web:WebAppSlot")
_OF_CONTAINERS = ("app:ContainerApp", "app:Job")
_GROUP = "containerinstance:ContainerGroup"
_WORKFLOW = "logic:Workflow"
_MACHINES = ("compute:VirtualMachine", "compute:VirtualMachineScaleSet")
_WITH_IDENTITIES = (
    "appconfiguration:ConfigurationStore",
    "compute:DiskEncryptionSet",
    "containerservice:ManagedCluster",
    "cosmosdb:DatabaseAccount",
    "dbformysql:Server",
    "servicebus:Namespace",
    "storage:StorageAccount",
)
"""Those that take identities as a list and answer a map."""
_LIVE = {"signalrservice:SignalR": "service.signalr.net", "webpubsub:WebPubSub": "webpubsub.azure.com"}


class AnsweringAzure(Mocks):
    """Answers in Azure's shapes. A preview knows the inputs only, and of what exists the id and the name."""

    def __init__(
        self,
        mode: Mode,
        keepers: Mapping[str, str] | None,
        stacks: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.mode, self.keepers, self.stacks = mode, keepers, stacks or {}
        self.calls: list[str] = []
        self.asked: list[str] = []

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        self.calls.append(args.token)
        self.asked.append(args.provider)
        assert args.token == "azure-native:authorization:getClientConfig", args.token
        return {"tenantId": TENANT, "subscriptionId": SUBSCRIPTION, "clientId": "", "objectId": ""}, []

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.removeprefix("azure-native:")
        state: dict[str, Any] = dict(cast(dict[str, Any], args.inputs))  # pyright: ignore[reportUnknownMemberType]
        if kind in (*_SITES, *_MACHINES, *_OF_CONTAINERS, _GROUP, _WORKFLOW) or (
            kind in _WITH_IDENTITIES and "identity" in state
        ):
            state["identity"] = _as_answered(state.get("identity", {"type": "None"}))
        if args.typ == "random:index/randomString:RandomString":
            if self.mode == "first preview":
                return "", state
            return SUFFIX, {**state, "result": SUFFIX, **({"keepers": self.keepers} if self.keepers else {})}
        if args.typ == "pulumi:pulumi:StackReference":
            outputs = dict(self.stacks[state["name"]])
            return state["name"], {**state, "outputs": outputs, "secretOutputNames": []}
        if not args.typ.startswith("azure-native:"):
            return "", state
        read = bool(args.resource_id)
        if self.mode == "first preview" and not read:
            return "", state
        id = args.resource_id or self._id(kind, args.name, state)
        state["name"] = id.split("/")[-1]
        if self.mode == "up" or read:
            state.update(_added(kind, state))
        return id, state

    def _id(self, kind: str, name: str, state: Mapping[str, Any]) -> str:
        if kind == "web:WebAppSlot":
            site = f"{GROUP.rsplit('/', 1)[0]}/{state['resourceGroupName']}/providers/Microsoft.Web/sites"
            return f"{site}/{state['name']}/slots/{state['slot']}"
        if kind == "network:Subnet":
            networks = f"{GROUP.rsplit('/', 1)[0]}/{state['resourceGroupName']}/providers/Microsoft.Network"
            of_network = f"{networks}/virtualNetworks/{state['virtualNetworkName']}"
            return f"{of_network}/subnets/{state.get('subnetName') or f'{name}{AUTONAMED}'}"
        type_, key = _TYPES.get(kind, ("", ""))
        # A name that was left out is given by the provider.
        state = {key or "resourceGroupName": f"{name}{AUTONAMED}", **state}
        if type_:
            return f"{GROUP.rsplit('/', 1)[0]}/{state['resourceGroupName']}/providers/{type_}/{state[key]}"
        if kind == "resources:ResourceGroup":
            return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{state['resourceGroupName']}"
        if kind == "authorization:RoleAssignment":
            assignment = state.get("roleAssignmentName") or name
            return f"{state['scope']}/providers/Microsoft.Authorization/roleAssignments/{assignment}"
        if kind == "authorization:RoleDefinition":
            return f"{state['scope']}/providers/Microsoft.Authorization/roleDefinitions/{OWN_ROLE}"
        return f"{GROUP}/providers/{kind}/{name}"


def rotated_after(duration: str) -> dict[str, Any]:
    """The rotation policy of a key."""
    return {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": duration}}]}


def _as_answered(identity: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's identities go in as a list and come out as a map; an unknown one is in neither."""
    answer = dict(identity)
    if "userAssignedIdentities" in answer:
        known = [id for id in answer["userAssignedIdentities"] if isinstance(id, str)]
        answer["userAssignedIdentities"] = {id: _ids_of(id.rpartition("/")[2]) for id in known}
    return answer


def _ids_of(identity: str) -> dict[str, str]:
    """The ids of a user-assigned identity of that name."""
    of_slot = f"-{SLOT}-" in identity
    principal, client = (SLOT_PRINCIPAL, SLOT_CLIENT) if of_slot else (PRINCIPAL, CLIENT)
    return {"principalId": principal, "clientId": client}


def _of_container(state: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered of a container app or a job."""
    configuration = dict(state["configuration"])
    if ingress := configuration.get("ingress"):
        inside = "" if ingress["external"] else "internal."
        fqdn = f"{state['name']}.{inside}calm-sea-1a2b.westeurope.azurecontainerapps.io"
        configuration["ingress"] = {**ingress, "fqdn": fqdn}
    own = {"principalId": SYSTEM_PRINCIPAL} if "SystemAssigned" in state["identity"]["type"] else {}
    return {
        "configuration": configuration,
        "identity": {**state["identity"], **own},
        "latestRevisionName": f"{state['name']}--0a1b2c3",
    }


def _added(kind: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """What Azure itself adds to an answer."""
    if kind == "keyvault:Vault":
        uri = f"https://{state['name']}.vault.azure.net/"
        # An existing one is opened by roles, but for the one that is called so.
        roles = {"enableRbacAuthorization": state["name"] != "kv-with-policies"}
        return {"properties": {**roles, **state.get("properties", {}), "vaultUri": uri}}
    if kind == "keyvault:Key" and "vaultName" not in state:
        return {"keyUriWithVersion": f"https://kv-team.vault.azure.net/keys/{state['name']}/{KEY_VERSION}"}
    if kind == "keyvault:Key":
        # What was asked for, but for the one that is called so, which was there already.
        asked = {**state["properties"], "keyUri": f"https://{state['vaultName']}.vault.azure.net/keys"}
        there = {"keySize": 2048, "keyOps": ["wrapKey"], "rotationPolicy": rotated_after("P30D")}
        return {**asked, **there} if state["keyName"] == "older" else asked
    if kind == "managedidentity:UserAssignedIdentity":
        return {**_ids_of(state["name"]), "tenantId": TENANT}
    if kind == "app:ManagedEnvironment":
        return {"defaultDomain": "calm-sea-1a2b.westeurope.azurecontainerapps.io", "staticIp": "192.0.2.100"}
    if kind in _OF_CONTAINERS:
        return _of_container(state)
    if kind == "dbformysql:Server":
        return {"fullyQualifiedDomainName": f"{state['name']}.mysql.database.azure.com"}
    if kind == "dbforpostgresql:Server":
        return {"fullyQualifiedDomainName": f"{state['name']}.postgres.database.azure.com"}
    if kind == "cosmosdb:DatabaseAccount":
        return {"documentEndpoint": f"https://{state['name']}.documents.azure.com:443/"}
    if kind == "sql:Server":
        return {"fullyQualifiedDomainName": f"{state['name']}.database.windows.net"}
    if kind == "storage:StorageAccount":
        # An account for premium file shares has no other service.
        services = ("file",) if state["name"] == "stfiles" else ("blob", "file", "queue", "table")
        return {
            "primaryEndpoints": {one: f"https://{state['name']}.{one}.core.windows.net/" for one in services}
        }
    if kind == "containerservice:ManagedCluster":
        nodes = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-nodes"
        ids = {"clientId": CLIENT, "objectId": PRINCIPAL, "resourceId": nodes}
        issuer = {"enabled": True, "issuerURL": ISSUER}
        return {
            "identityProfile": state.get("identityProfile", {"kubeletidentity": ids}),
            "nodeResourceGroup": f"MC_rg-team_{state['name']}_westeurope",
            "oidcIssuerProfile": issuer,
        }
    if kind == "redisenterprise:RedisEnterprise":
        return {"hostName": f"{state['name']}.westeurope.redis.azure.net"}
    if kind == "containerregistry:Registry":
        return {"loginServer": f"{state['name']}.azurecr.io"}
    if kind in ("servicebus:Namespace", "eventhub:Namespace"):
        return {"serviceBusEndpoint": f"https://{state['name']}.servicebus.windows.net:443/"}
    if kind == "eventgrid:Topic":
        return {"endpoint": f"https://{state['name']}.westeurope-1.eventgrid.azure.net/api/events"}
    if kind in _LIVE:
        return {"hostName": f"{state['name']}.{_LIVE[kind]}"}
    if kind == "monitor:DataCollectionEndpoint":
        host = f"{state['name']}-a1b2.westeurope-1.ingest.monitor.azure.com"
        return {"logsIngestion": {"endpoint": f"https://{host}"}}
    if kind == "operationalinsights:Workspace":
        return {"customerId": CUSTOMER_ID}
    if kind == "monitor:DataCollectionRule":
        return {"immutableId": IMMUTABLE_ID}
    if kind == "appconfiguration:ConfigurationStore":
        return {"endpoint": f"https://{state['name']}.azconfig.io"}
    if kind == "cognitiveservices:Account":
        domain = {"AIServices": "cognitiveservices"}.get(state.get("kind", ""), "openai")
        address = f"https://{state['name']}.{domain}.azure.com/"
        return {"properties": {**state.get("properties", {}), "endpoint": address}}
    if kind == "search:Service":
        return {"endpoint": f"https://{state['name']}.search.windows.net"}
    if kind == "applicationinsights:Component":
        # An existing one has local authentication off, but for the one that is called so.
        local_auth = {"disableLocalAuth": state["name"] != "appi-with-keys"}
        return {"connectionString": CONNECTION_STRING, **local_auth}
    if kind == _GROUP:
        identity = dict(state["identity"])
        if "SystemAssigned" in identity["type"]:
            identity["principalId"] = SYSTEM_PRINCIPAL
        address = dict(state["ipAddress"]) if "ipAddress" in state else {}
        if address:
            address["ip"] = "10.0.0.4" if address["type"] == "Private" else "203.0.113.7"
        if label := address.get("dnsNameLabel"):
            address["fqdn"] = f"{label}.hash.westeurope.azurecontainer.io"
        return {"identity": identity, **({"ipAddress": address} if address else {})}
    if kind == _WORKFLOW:
        own = {"principalId": SYSTEM_PRINCIPAL} if "SystemAssigned" in state["identity"]["type"] else {}
        return {
            "accessEndpoint": f"https://prod-01.westeurope.logic.azure.com:443/workflows/{'0a' * 16}",
            "identity": {**state["identity"], **own},
        }
    if kind == "compute:VirtualMachine" and "SystemAssigned" in state["identity"]["type"]:
        return {"identity": {**state["identity"], "principalId": SYSTEM_PRINCIPAL}}
    if kind == "network:NetworkInterface":
        given = [{**one, "privateIPAddress": "10.0.3.4"} for one in state["ipConfigurations"]]
        return {"ipConfigurations": given}
    if kind == "web:Certificate":
        return {"thumbprint": THUMBPRINT}
    if kind in _SITES:
        identity = dict(state["identity"])
        if "SystemAssigned" in identity["type"]:
            identity["principalId"] = SYSTEM_PRINCIPAL if kind == "web:WebApp" else SLOT_SYSTEM_PRINCIPAL
        return {
            "identity": identity,
            "defaultHostName": f"{state['name']}-hash.westeurope-01.azurewebsites.net",
            "customDomainVerificationId": VERIFICATION_ID,
        }
    return {}
