"""The one place that reads and builds the ids of Azure Resource Manager."""

import re
from dataclasses import dataclass
from typing import Final

from .azure_facts.words import word
from .form import Form
from .shown import described

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_ROLE_DEFINITION: Final = re.compile(
    rf"(?:/.+)?/providers/Microsoft\.Authorization/roleDefinitions/({_GUID.pattern.replace('(', '(?:')})",
    re.IGNORECASE,
)

_OF_AN_ID: Final = r"(?:/[\w.()/-]*(?: +[\w.()/-]+)*)?"
"""How far a text can be an id, whose names may have any letter, and spaces inside."""

VAULT: Final = "Microsoft.KeyVault/vaults"
STORAGE: Final = "Microsoft.Storage/storageAccounts"
MYSQL: Final = "Microsoft.DBforMySQL/flexibleServers"
POSTGRES: Final = "Microsoft.DBforPostgreSQL/flexibleServers"
COSMOS_DB: Final = "Microsoft.DocumentDB/databaseAccounts"
SQL: Final = "Microsoft.Sql/servers"
SERVICE_BUS: Final = "Microsoft.ServiceBus/namespaces"
EVENT_HUBS: Final = "Microsoft.EventHub/namespaces"
EVENT_GRID_TOPIC: Final = "Microsoft.EventGrid/topics"
SIGNALR: Final = "Microsoft.SignalRService/SignalR"
WEB_PUBSUB: Final = "Microsoft.SignalRService/WebPubSub"
COLLECTION_RULE: Final = "Microsoft.Insights/dataCollectionRules"
APP_CONFIGURATION: Final = "Microsoft.AppConfiguration/configurationStores"
AI_SERVICES: Final = "Microsoft.CognitiveServices/accounts"
SEARCH: Final = "Microsoft.Search/searchServices"
IDENTITY: Final = "Microsoft.ManagedIdentity/userAssignedIdentities"
VIRTUAL_MACHINE: Final = "Microsoft.Compute/virtualMachines"
DISK_ENCRYPTION_SET: Final = "Microsoft.Compute/diskEncryptionSets"
PLAN: Final = "Microsoft.Web/serverfarms"
CLUSTER: Final = "Microsoft.ContainerService/managedClusters"
CONTAINER_ENVIRONMENT: Final = "Microsoft.App/managedEnvironments"
SUBNET: Final = "Microsoft.Network/virtualNetworks/subnets"
PRIVATE_DNS_ZONE: Final = "Microsoft.Network/privateDnsZones"
WORKSPACE: Final = "Microsoft.OperationalInsights/workspaces"
ACTION_GROUP: Final = "Microsoft.Insights/actionGroups"
APPLICATION_INSIGHTS: Final = "Microsoft.Insights/components"
REDIS: Final = "Microsoft.Cache/redisEnterprise"
REGISTRY: Final = "Microsoft.ContainerRegistry/registries"
CONTAINER_GROUP: Final = "Microsoft.ContainerInstance/containerGroups"
SITE: Final = "Microsoft.Web/sites"
MANAGEMENT_GROUP: Final = "Microsoft.Management/managementGroups"
SUBSCRIPTION: Final = "Microsoft.Resources/subscriptions"
RESOURCE_GROUP: Final = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True)
class ArmId:
    """An ARM id. `subscription_id` is None above subscriptions, `resource_group` above groups."""

    type: str
    name: str
    subscription_id: str | None = None
    resource_group: str | None = None

    def is_of(self, type_: str) -> bool:
        """Types are compared without case: Azure answers with other spellings than it was given."""
        return self.type.lower() == type_.lower()


def parse_id(text: str) -> ArmId:
    """Read the id of a management group, a subscription, a resource group or anything in a group.

    Raises ValueError for anything else, such as an id with spaces around it or a line that ends. Source:
    https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    """
    parts = text.rstrip("/").split("/")
    words = [part.lower() for part in parts]
    whole = text == text.strip() and text.isprintable()
    if whole and words[:1] == [""] and len(parts) > 1 and all(parts[1:]):
        if words[1:4] == ["providers", "microsoft.management", "managementgroups"] and len(parts) == 5:
            return ArmId(MANAGEMENT_GROUP, parts[4])
        if words[1] == "subscriptions" and len(parts) > 2 and is_guid(parts[2]):
            if len(parts) == 3:
                return ArmId(SUBSCRIPTION, parts[2], parts[2])
            if words[3] == "resourcegroups" and len(parts) == 5:
                return ArmId(RESOURCE_GROUP, parts[4], parts[2], parts[4])
            named = parts[7:]
            if (
                words[3] == "resourcegroups"
                and words[5:6] == ["providers"]
                and len(named) >= 2
                and len(named) % 2 == 0
            ):
                return ArmId("/".join([parts[6], *named[0::2]]), named[-1], parts[2], parts[4])
    raise ValueError(f"not the id of an Azure resource: {described(text, _OF_AN_ID)}")


def expected_id(type_: str) -> str:
    """The form of an id of that type, for an error message."""
    namespace, *types = type_.split("/")
    names = "/".join(f"{each}/<name>" for each in types)
    return f"/subscriptions/<subscription>/resourceGroups/<group>/providers/{namespace}/{names}"


def is_id_of(type_: str, text: str) -> bool:
    try:
        return parse_id(text).is_of(type_)
    except ValueError:
        return False


def is_scope(text: str) -> bool:
    """Whether something can be granted there: any id that `parse_id` reads."""
    try:
        parse_id(text)
    except ValueError:
        return False
    return True


def is_guid(text: str) -> bool:
    return _GUID.fullmatch(text) is not None


def id_form(type_: str) -> Form:
    """The form of an id of that type."""
    return Form(expected_id(type_), lambda text: is_id_of(type_, text), _OF_AN_ID, _type_in_words)


def _type_in_words(text: str) -> str:
    """`the id of a storage account`: of what an id is; empty where there is no word for it."""
    try:
        noun = word(parse_id(text).type)
    except ValueError:
        return ""
    return f"the id of {'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}" if noun else ""


def scope_form(words: str) -> Form:
    """The form of an id of whatever something can be granted on."""
    return Form(words, is_scope, _OF_AN_ID)


def guid_form(words: str) -> Form:
    return Form(words, is_guid, r"[0-9a-fA-F-]*")


TENANT: Final = guid_form("the id of an Entra tenant, a GUID")


def container_id(account_id: str, container: str) -> str:
    """The id of a blob container, the narrowest scope of a role on blobs."""
    return f"{account_id.rstrip('/')}/blobServices/default/containers/{container}"


def queue_id(account_id: str, queue: str) -> str:
    """The id of a queue, the narrowest scope of a role on messages."""
    return f"{account_id.rstrip('/')}/queueServices/default/queues/{queue}"


def table_id(account_id: str, table: str) -> str:
    """The id of a table, the narrowest scope of a role on what is in it."""
    return f"{account_id.rstrip('/')}/tableServices/default/tables/{table}"


def cosmos_database(account_id: str, database: str) -> str:
    """A database as the scope of a role of Cosmos DB's own: it goes on from the account's id otherwise than
    the id of the resource does.
    """
    return f"{account_id.rstrip('/')}/dbs/{database}"


def cosmos_container(database: str, container: str) -> str:
    """A container, the narrowest of such scopes, in a database as `cosmos_database` has it."""
    return f"{database}/colls/{container}"


def share_id(account_id: str, share: str) -> str:
    """The narrowest scope of a role on what is in a file share, which is not the id of the share itself.

    https://learn.microsoft.com/azure/storage/files/storage-files-identity-assign-share-level-permissions
    """
    return f"{account_id.rstrip('/')}/fileServices/default/fileshares/{share}"


def secret_id(vault_id: str, secret_name: str) -> str:
    """The id of a secret, the narrowest scope of a role on secrets."""
    return f"{vault_id.rstrip('/')}/secrets/{secret_name}"


def key_id(vault_id: str, key_name: str) -> str:
    """The id of a key, the narrowest scope of a role on keys."""
    return f"{vault_id.rstrip('/')}/keys/{key_name}"


def certificate_id(vault_id: str, certificate_name: str) -> str:
    """The id of a certificate, the narrowest scope of a role on certificates. Its secret and its key have ids
    of their own: `secret_id` and `key_id` of the same name.
    """
    return f"{vault_id.rstrip('/')}/certificates/{certificate_name}"


def search_index_id(service_id: str, index: str) -> str:
    """The id of a search index, the narrowest scope of a role on documents."""
    return f"{service_id.rstrip('/')}/indexes/{index}"


def role_definition_id(scope: str, role_guid: str) -> str:
    """The id of a built-in role in the subscription *of the scope*, spelt as Azure returns it."""
    subscription = parse_id(scope).subscription_id
    prefix = f"/subscriptions/{subscription}" if subscription else ""
    return f"{prefix}/providers/Microsoft.Authorization/roleDefinitions/{role_guid}"


def parse_role_definition_id(text: str) -> str | None:
    """The GUID in the id of a role definition, wherever that is kept; None for anything else."""
    found = _ROLE_DEFINITION.fullmatch(text.strip())
    return found[1] if found else None
