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
SERVICE_BUS = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/sbns-team"
SERVICE_BUS_ENDPOINT = "https://sbns-team.servicebus.windows.net/"
EVENT_HUBS = f"{GROUP}/providers/Microsoft.EventHub/namespaces/evhns-team"
EVENT_HUBS_ENDPOINT = "https://evhns-team.servicebus.windows.net/"
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
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/team"
SUFFIX = "abc123"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-team"
SUBNET, ENDPOINTS_SUBNET = f"{NETWORK}/subnets/snet-apps", f"{NETWORK}/subnets/snet-endpoints"
ZONES = f"{GROUP}/providers/Microsoft.Network/privateDnsZones"
NAMESPACES_ZONE = f"{ZONES}/privatelink.servicebus.windows.net"
VAULT_ZONE, SITES_ZONE = f"{ZONES}/privatelink.vaultcore.azure.net", f"{ZONES}/privatelink.azurewebsites.net"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-team"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights/components/appi-team"
CONNECTION_STRING = "InstrumentationKey=1e500000-0000-4000-8000-000000000001;IngestionEndpoint=https://in"
AUTONAMED = "0a1b2c3d"
THUMBPRINT = "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567"
VERIFICATION_ID = "5AB5C000A1B2"

_TYPES = {
    "keyvault:Vault": ("Microsoft.KeyVault/vaults", "vaultName"),
    "managedidentity:UserAssignedIdentity": (
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "resourceName",
    ),
    "dbforpostgresql:Server": ("Microsoft.DBforPostgreSQL/flexibleServers", "serverName"),
    "servicebus:Namespace": ("Microsoft.ServiceBus/namespaces", "namespaceName"),
    "eventhub:Namespace": ("Microsoft.EventHub/namespaces", "namespaceName"),
    "storage:StorageAccount": ("Microsoft.Storage/storageAccounts", "accountName"),
    "applicationinsights:Component": ("Microsoft.Insights/components", "resourceName"),
    "network:PrivateEndpoint": ("Microsoft.Network/privateEndpoints", "privateEndpointName"),
    "web:AppServicePlan": ("Microsoft.Web/serverfarms", "name"),
    "web:WebApp": ("Microsoft.Web/sites", "name"),
}

_SITES = ("web:WebApp", "web:WebAppSlot")


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
        if kind in _SITES:
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
        return f"{GROUP}/providers/{kind}/{name}"


def rotated_after(duration: str) -> dict[str, Any]:
    """The rotation policy of a key."""
    return {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": duration}}]}


def _as_answered(identity: Mapping[str, Any]) -> dict[str, Any]:
    """A site's identities go in as a list and come out as a map; an unknown one is in neither."""
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


def _added(kind: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """What Azure itself adds to an answer."""
    if kind == "keyvault:Vault":
        uri = f"https://{state['name']}.vault.azure.net/"
        # An existing one is opened by roles, but for the one that is called so.
        roles = {"enableRbacAuthorization": state["name"] != "kv-with-policies"}
        return {"properties": {**roles, **state.get("properties", {}), "vaultUri": uri}}
    if kind == "keyvault:Key":
        # What was asked for, but for the one that is called so, which was there already.
        asked = {**state["properties"], "keyUri": f"https://{state['vaultName']}.vault.azure.net/keys"}
        there = {"keySize": 2048, "keyOps": ["wrapKey"], "rotationPolicy": rotated_after("P30D")}
        return {**asked, **there} if state["keyName"] == "older" else asked
    if kind == "managedidentity:UserAssignedIdentity":
        return {**_ids_of(state["name"]), "tenantId": TENANT}
    if kind == "dbforpostgresql:Server":
        return {"fullyQualifiedDomainName": f"{state['name']}.postgres.database.azure.com"}
    if kind == "storage:StorageAccount":
        services = ("blob", "queue", "table")
        return {
            "primaryEndpoints": {one: f"https://{state['name']}.{one}.core.windows.net/" for one in services}
        }
    if kind in ("servicebus:Namespace", "eventhub:Namespace"):
        return {"serviceBusEndpoint": f"https://{state['name']}.servicebus.windows.net:443/"}
    if kind == "applicationinsights:Component":
        # An existing one has local authentication off, but for the one that is called so.
        local_auth = {"disableLocalAuth": state["name"] != "appi-with-keys"}
        return {"connectionString": CONNECTION_STRING, **local_auth}
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
