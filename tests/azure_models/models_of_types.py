"""The official model of what each resource type's write takes: a new type needs a line here."""

import importlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local_azure.plugins import shape
from local_azure.plugins.table import ROWS
from tests.azure_models.body_check import problems

PACKAGES: Final[Mapping[str, str]] = {
    "app": "azure.mgmt.appcontainers",
    "appconfiguration": "azure.mgmt.appconfiguration",
    # No package has its models: a setting of the directory is written as one of a resource is.
    "aadiam": "azure.mgmt.monitor.v2021_05_01_preview",
    "applicationinsights": "azure.mgmt.applicationinsights.v2020_02_02",
    "applicationinsights:Workbook": "azure.mgmt.applicationinsights.v2023_06_01",
    "authorization": "azure.mgmt.authorization.v2022_04_01",
    "automation": "azure.mgmt.automation",
    "authorization:ManagementLockByScope": "azure.mgmt.resource.locks",
    "authorization:RoleDefinition": "azure.mgmt.authorization.v2022_05_01_preview",
    "containerinstance": "azure.mgmt.containerinstance",
    "containerservice": "azure.mgmt.containerservice",
    "compute": "azure.mgmt.compute",
    "compute:DiskEncryptionSet": "azure.mgmt.compute",
    "containerregistry": "azure.mgmt.containerregistry",
    "cosmosdb": "azure.mgmt.cosmosdb",
    "cognitiveservices": "azure.mgmt.cognitiveservices",
    "dbformysql": "azure.mgmt.mysqlflexibleservers",
    "dbforpostgresql": "azure.mgmt.postgresqlflexibleservers",
    "eventgrid": "azure.mgmt.eventgrid",
    "eventhub": "azure.mgmt.eventhub",
    "hybridcompute": "azure.mgmt.hybridcompute",
    "keyvault": "azure.mgmt.keyvault",
    "logic": "azure.mgmt.logic",
    "managedidentity": "azure.mgmt.msi.v2024_11_30",
    "monitor": "azure.mgmt.monitor.v2022_06_01",
    "monitor:ActionGroup": "azure.mgmt.monitor.v2023_01_01",
    "monitor:ActivityLogAlert": "azure.mgmt.monitor.v2020_10_01",
    "monitor:DiagnosticSetting": "azure.mgmt.monitor.v2021_05_01_preview",
    "monitor:ScheduledQueryRule": "azure.mgmt.monitor.v2022_08_01_preview",
    "monitor:SubscriptionDiagnosticSetting": "azure.mgmt.monitor.v2021_05_01_preview",
    "network": "azure.mgmt.network",
    "privatedns": "azure.mgmt.privatedns",
    "redisenterprise": "azure.mgmt.redisenterprise",
    "operationalinsights": "azure.mgmt.loganalytics",
    "resources": "azure.mgmt.resource.resources",
    "search": "azure.mgmt.search",
    "servicebus": "azure.mgmt.servicebus",
    "signalrservice": "azure.mgmt.signalr",
    "sql": "azure.mgmt.sql",
    "storage": "azure.mgmt.storage",
    "web": "azure.mgmt.web",
    "web:WebAppAuthSettingsV2": "azure.mgmt.web",
    "web:WebAppAuthSettingsV2Slot": "azure.mgmt.web",
    "webpubsub": "azure.mgmt.webpubsub",
}
"""The package that has the models of a module of azure-native, or of one type in it."""

OTHER_VERSIONS: Final[Mapping[str, str]] = {
    "aadiam": "2021-05-01-preview",
    "app": "2026-07-01",
    "containerinstance": "2023-05-01",
    "containerregistry": "2025-11-01",
    "containerservice": "2026-08-01",
    "compute": "2026-04-01",
    "compute:DiskEncryptionSet": "2026-04-01",
    "cosmosdb": "2026-03-15",
    "appconfiguration": "2024-06-01",
    "cognitiveservices": "2025-09-01",
    "dbformysql": "2024-12-30",
    "dbforpostgresql": "2026-10-01",
    "eventhub": "2026-01-01",
    "hybridcompute": "2026-07-15",
    "keyvault": "2026-05-15",
    "managedidentity": "2024-11-30",
    "monitor:ActionGroup": "2023-01-01",
    "monitor:ScheduledQueryRule": "2022-08-01-preview",
    "operationalinsights": "2025-07-01",
    "resources": "2025-04-01",
    "signalrservice": "2023-02-01",
    "sql": "2025-01-01",
    "storage": "2026-09-01",
    "web:WebAppAuthSettingsV2": "2025-05-01",
    "web:WebAppAuthSettingsV2Slot": "2025-05-01",
}
"""Modules whose pinned package has another api-version than azure-native speaks, and which one it has. Its
models are a superset: what they refuse, the older version refuses too; what they added is not noticed."""

TOO_NEW: Final[Mapping[str, frozenset[str]]] = {
    "signalrservice:SignalR": frozenset({"regionEndpointEnabled", "resourceStopped"}),
}
"""Of the one package whose models are older than what azure-native speaks: properties that it does not know,
and that the SDK's class says by itself."""
ANY_CASE: Final = frozenset({"search"})
"""Modules whose pinned package writes values in another case than the specification that azure-native is made
of, both of one api-version: https://github.com/Azure/azure-rest-api-specs, search 2025-05-01."""

MODELS: Final[Mapping[str, str]] = {
    "aadiam:DiagnosticSetting": "DiagnosticSettingsResource",
    "app:ContainerApp": "ContainerApp",
    "app:Job": "Job",
    "app:ManagedEnvironment": "ManagedEnvironment",
    "appconfiguration:ConfigurationStore": "ConfigurationStore",
    "appconfiguration:KeyValue": "KeyValue",
    "applicationinsights:Component": "ApplicationInsightsComponent",
    "applicationinsights:Workbook": "Workbook",
    "authorization:ManagementLockByScope": "ManagementLockObject",
    "authorization:RoleAssignment": "RoleAssignmentCreateParameters",
    "authorization:RoleDefinition": "RoleDefinition",
    "containerinstance:ContainerGroup": "ContainerGroup",
    "compute:VirtualMachine": "VirtualMachine",
    "compute:VirtualMachineExtension": "VirtualMachineExtension",
    "compute:VirtualMachineScaleSet": "VirtualMachineScaleSet",
    "compute:DiskEncryptionSet": "DiskEncryptionSet",
    "containerregistry:Registry": "Registry",
    "containerservice:ManagedCluster": "ManagedCluster",
    "cosmosdb:DatabaseAccount": "DatabaseAccountCreateUpdateParameters",
    "cosmosdb:SqlResourceSqlContainer": "SqlContainerCreateUpdateParameters",
    "cosmosdb:SqlResourceSqlDatabase": "SqlDatabaseCreateUpdateParameters",
    "cosmosdb:SqlResourceSqlRoleAssignment": "SqlRoleAssignmentCreateUpdateParameters",
    "cosmosdb:SqlResourceSqlRoleDefinition": "SqlRoleDefinitionCreateUpdateParameters",
    "cognitiveservices:Account": "Account",
    "cognitiveservices:Deployment": "Deployment",
    "automation:AutomationAccount": "AutomationAccountCreateOrUpdateParameters",
    "cognitiveservices:Project": "Project",
    "dbformysql:AzureADAdministrator": "AzureADAdministrator",
    "dbformysql:Configuration": "Configuration",
    "dbformysql:Database": "Database",
    "dbformysql:FirewallRule": "FirewallRule",
    "dbformysql:Server": "Server",
    "dbforpostgresql:AdministratorsMicrosoftEntra": "AdministratorMicrosoftEntraAdd",
    "dbforpostgresql:Database": "Database",
    "dbforpostgresql:FirewallRule": "FirewallRule",
    "dbforpostgresql:Server": "Server",
    "eventgrid:SystemTopic": "SystemTopic",
    "eventgrid:Topic": "Topic",
    "eventhub:ConsumerGroup": "ConsumerGroup",
    "eventhub:EventHub": "Eventhub",
    "eventhub:Namespace": "EHNamespace",
    "eventhub:NamespaceNetworkRuleSet": "NetworkRuleSet",
    "hybridcompute:Machine": "Machine",
    "keyvault:Key": "KeyCreateParameters",
    "keyvault:Secret": "SecretCreateOrUpdateParameters",
    "keyvault:Vault": "VaultCreateOrUpdateParameters",
    "logic:Workflow": "Workflow",
    "managedidentity:FederatedIdentityCredential": "FederatedIdentityCredential",
    "managedidentity:UserAssignedIdentity": "Identity",
    "monitor:ActionGroup": "ActionGroupResource",
    "monitor:ActivityLogAlert": "ActivityLogAlertResource",
    "monitor:DataCollectionEndpoint": "DataCollectionEndpointResource",
    "monitor:DataCollectionRule": "DataCollectionRuleResource",
    "monitor:DiagnosticSetting": "DiagnosticSettingsResource",
    "monitor:ScheduledQueryRule": "ScheduledQueryRuleResource",
    "monitor:SubscriptionDiagnosticSetting": "SubscriptionDiagnosticSettingsResource",
    "network:NetworkInterface": "NetworkInterface",
    "network:PrivateDnsZoneGroup": "PrivateDnsZoneGroup",
    "network:PrivateEndpoint": "PrivateEndpoint",
    "privatedns:PrivateZone": "PrivateZone",
    "privatedns:VirtualNetworkLink": "VirtualNetworkLink",
    "network:Subnet": "Subnet",
    "network:VirtualNetwork": "VirtualNetwork",
    "redisenterprise:AccessPolicyAssignment": "AccessPolicyAssignment",
    "redisenterprise:Database": "Database",
    "redisenterprise:RedisEnterprise": "Cluster",
    "operationalinsights:SavedSearch": "SavedSearch",
    "operationalinsights:Table": "Table",
    "operationalinsights:Workspace": "Workspace",
    "resources:ResourceGroup": "ResourceGroup",
    "search:Service": "SearchService",
    "servicebus:Namespace": "SBNamespace",
    "servicebus:NamespaceNetworkRuleSet": "NetworkRuleSet",
    "servicebus:Queue": "SBQueue",
    "servicebus:Subscription": "SBSubscription",
    "servicebus:Topic": "SBTopic",
    "signalrservice:SignalR": "SignalRResource",
    "sql:Database": "Database",
    "sql:FirewallRule": "FirewallRule",
    "sql:Server": "Server",
    "sql:VirtualNetworkRule": "VirtualNetworkRule",
    "storage:BlobContainer": "BlobContainer",
    "storage:BlobServiceProperties": "BlobServiceProperties",
    "storage:FileServiceProperties": "FileServiceProperties",
    "storage:FileShare": "FileShare",
    "storage:Queue": "StorageQueue",
    "storage:StorageAccount": "StorageAccountCreateParameters",
    "storage:Table": "Table",
    "web:StaticSite": "StaticSiteARMResource",
    "web:AppServicePlan": "AppServicePlan",
    "web:Certificate": "Certificate",
    "web:WebApp": "Site",
    "web:WebAppApplicationSettings": "StringDictionary",
    "web:WebAppApplicationSettingsSlot": "StringDictionary",
    "web:WebAppAuthSettingsV2": "SiteAuthSettingsV2",
    "web:WebAppAuthSettingsV2Slot": "SiteAuthSettingsV2",
    "web:WebAppFtpAllowed": "CsmPublishingCredentialsPoliciesEntity",
    "web:WebAppFtpAllowedSlot": "CsmPublishingCredentialsPoliciesEntity",
    "web:WebAppHostNameBinding": "HostNameBinding",
    "web:WebAppScmAllowed": "CsmPublishingCredentialsPoliciesEntity",
    "web:WebAppScmAllowedSlot": "CsmPublishingCredentialsPoliciesEntity",
    "web:WebAppSlot": "Site",
    "web:WebAppSlotConfigurationNames": "SlotConfigNamesResource",
    "webpubsub:WebPubSub": "WebPubSubResource",
}


def model_of(token: str) -> type:
    """The model for a resource type of azure-native. Raises AssertionError where nobody said which."""
    type_ = token.removeprefix("azure-native:")
    assert type_ in MODELS, f"name the official model of {type_} in {Path(__file__).name}"
    package = PACKAGES[_key_of(type_)]
    return getattr(importlib.import_module(f"{package}.models"), MODELS[type_])


def versions_spoken(key: str) -> set[str]:
    """The api-versions that azure-native speaks for what `PACKAGES` has under `key`."""
    rows = {token.removeprefix("azure-native:"): row for token, row in ROWS.items()}
    return {row.api_version for type_, row in rows.items() if _key_of(type_) == key}


def _key_of(type_: str) -> str:
    return type_ if type_ in PACKAGES else type_.partition(":")[0]


def body_of(token: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The body that a write with these inputs sends; the provider fills in the group's location."""
    row = ROWS[token]
    located = {"location": "westeurope", **inputs} if row.has_location else dict(inputs)
    return shape.request_body(row, {name: value for name, value in located.items() if value is not None})


def problems_with(token: str, inputs: Mapping[str, Any]) -> list[str]:
    """What the official model has against the body of such a write."""
    return problems_of(token, body_of(token, inputs))


def problems_of(token: str, body: Mapping[str, Any]) -> list[str]:
    """What the official model has against a body."""
    too_new = TOO_NEW.get(token.removeprefix("azure-native:"), frozenset())
    properties = {key: value for key, value in body.get("properties", {}).items() if key not in too_new}
    known = {**body, "properties": properties} if too_new else body
    found = problems(model_of(token), known)
    key = _key_of(token.removeprefix("azure-native:"))
    if key in ANY_CASE:
        found = [one for one in found if not _is_of_case_alone(key, one)]
    return [f"{token}: {problem}" for problem in found]


def _is_of_case_alone(key: str, problem: str) -> bool:
    """Whether a value is refused that the enum has in another case."""
    said = re.search(r" is '(\w+)', which (\w+) has not$", problem)
    if said is None:
        return False
    enum: Any = getattr(importlib.import_module(f"{PACKAGES[key]}.models"), said[2])
    return said[1].lower() in [str(member.value).lower() for member in enum]


def version_of(module: str) -> str:
    """The api-version that the models for a module of azure-native are made from."""
    folder = Path(str(importlib.import_module(PACKAGES[module]).__file__)).parent
    files = [folder / "_configuration.py", *sorted((folder / "operations").glob("*.py"))]
    # Some files have megabytes: what a pattern begins with is found fastest where it is one text.
    pattern = re.compile(r'api[-_]version["\'], "(\d{4}-\d\d-\d\d(?:-preview)?)"')
    found = Counter(version for file in files for version in pattern.findall(file.read_text()))
    return found.most_common(1)[0][0]
