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
    "applicationinsights": "azure.mgmt.applicationinsights.v2020_02_02",
    "authorization": "azure.mgmt.authorization.v2022_04_01",
    "authorization:ManagementLockByScope": "azure.mgmt.resource.locks",
    "authorization:RoleDefinition": "azure.mgmt.authorization.v2022_05_01_preview",
    "dbforpostgresql": "azure.mgmt.postgresqlflexibleservers",
    "eventhub": "azure.mgmt.eventhub",
    "keyvault": "azure.mgmt.keyvault",
    "managedidentity": "azure.mgmt.msi.v2024_11_30",
    "monitor": "azure.mgmt.monitor.v2021_05_01_preview",
    "network": "azure.mgmt.network",
    "resources": "azure.mgmt.resource.resources",
    "servicebus": "azure.mgmt.servicebus",
    "storage": "azure.mgmt.storage",
    "web": "azure.mgmt.web",
    "web:WebAppAuthSettingsV2": "azure.mgmt.web",
    "web:WebAppAuthSettingsV2Slot": "azure.mgmt.web",
}
"""The package that has the models of a module of azure-native, or of one type in it."""

OTHER_VERSIONS: Final[Mapping[str, str]] = {
    "dbforpostgresql": "2026-10-01",
    "eventhub": "2026-01-01",
    "keyvault": "2026-05-15",
    "managedidentity": "2024-11-30",
    "resources": "2025-04-01",
    "storage": "2026-09-01",
    "web:WebAppAuthSettingsV2": "2025-05-01",
    "web:WebAppAuthSettingsV2Slot": "2025-05-01",
}
"""Modules whose pinned package has another api-version than azure-native speaks, and which one it has. Its
models are a superset: what they refuse, the older version refuses too; what they added is not noticed."""

MODELS: Final[Mapping[str, str]] = {
    "applicationinsights:Component": "ApplicationInsightsComponent",
    "authorization:ManagementLockByScope": "ManagementLockObject",
    "authorization:RoleAssignment": "RoleAssignmentCreateParameters",
    "authorization:RoleDefinition": "RoleDefinition",
    "dbforpostgresql:AdministratorsMicrosoftEntra": "AdministratorMicrosoftEntraAdd",
    "dbforpostgresql:Database": "Database",
    "dbforpostgresql:FirewallRule": "FirewallRule",
    "dbforpostgresql:Server": "Server",
    "eventhub:ConsumerGroup": "ConsumerGroup",
    "eventhub:EventHub": "Eventhub",
    "eventhub:Namespace": "EHNamespace",
    "eventhub:NamespaceNetworkRuleSet": "NetworkRuleSet",
    "keyvault:Key": "KeyCreateParameters",
    "keyvault:Secret": "SecretCreateOrUpdateParameters",
    "keyvault:Vault": "VaultCreateOrUpdateParameters",
    "managedidentity:UserAssignedIdentity": "Identity",
    "monitor:DiagnosticSetting": "DiagnosticSettingsResource",
    "network:PrivateDnsZoneGroup": "PrivateDnsZoneGroup",
    "network:PrivateEndpoint": "PrivateEndpoint",
    "network:Subnet": "Subnet",
    "network:VirtualNetwork": "VirtualNetwork",
    "resources:ResourceGroup": "ResourceGroup",
    "servicebus:Namespace": "SBNamespace",
    "servicebus:NamespaceNetworkRuleSet": "NetworkRuleSet",
    "servicebus:Queue": "SBQueue",
    "servicebus:Subscription": "SBSubscription",
    "servicebus:Topic": "SBTopic",
    "storage:BlobContainer": "BlobContainer",
    "storage:BlobServiceProperties": "BlobServiceProperties",
    "storage:Queue": "StorageQueue",
    "storage:StorageAccount": "StorageAccountCreateParameters",
    "storage:Table": "Table",
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
    return [f"{token}: {problem}" for problem in problems(model_of(token), body_of(token, inputs))]


def version_of(module: str) -> str:
    """The api-version that the models for a module of azure-native are made from."""
    folder = Path(str(importlib.import_module(PACKAGES[module]).__file__)).parent
    files = [folder / "_configuration.py", *sorted((folder / "operations").glob("*.py"))]
    pattern = re.compile(r'"api[-_]version", "(\d{4}-\d\d-\d\d(?:-preview)?)"')
    found = Counter(version for file in files for version in pattern.findall(file.read_text()))
    return found.most_common(1)[0][0]
