"""MySQL flexible servers, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_SERVER: Final = GROUP + "/providers/Microsoft.DBforMySQL/flexibleServers/{serverName}"
_PARTS: Final = "2023-12-30"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:dbformysql:AzureADAdministrator": Row(
        api_version=_PARTS,
        path=f"{_SERVER}/administrators/{{administratorName}}",
        body=names("administratorType identityResourceId login sid tenantId"),
        outputs=names("name type systemData"),
        has_location=False,
    ),
    "azure-native:dbformysql:Configuration": Row(
        api_version=_PARTS,
        path=f"{_SERVER}/configurations/{{configurationName}}",
        body=names("currentValue source value"),
        outputs=names(
            "name type systemData allowedValues dataType defaultValue description documentationLink"
            " isConfigPendingRestart isDynamicConfig isReadOnly"
        ),
        has_location=False,
        default_body={"properties": {}},
    ),
    "azure-native:dbformysql:Database": Row(
        api_version=_PARTS,
        path=f"{_SERVER}/databases/{{databaseName}}",
        body=names("charset collation"),
        outputs=names("name type systemData"),
        has_location=False,
    ),
    "azure-native:dbformysql:FirewallRule": Row(
        api_version=_PARTS,
        path=f"{_SERVER}/firewallRules/{{firewallRuleName}}",
        body=names("endIpAddress startIpAddress"),
        outputs=names("name type systemData"),
        required=names("endIpAddress startIpAddress"),
        has_location=False,
    ),
    "azure-native:dbformysql:Server": Row(
        api_version="2024-02-01-preview",
        path=_SERVER,
        body=names(
            "administratorLogin administratorLoginPassword availabilityZone backup createMode dataEncryption"
            " highAvailability identity importSourceProperties location maintenanceWindow network"
            " replicationRole restorePointInTime sku sourceServerResourceId storage tags version"
        ),
        outputs=names(
            "name type systemData fullyQualifiedDomainName privateEndpointConnections replicaCapacity state"
            " identity.principalId identity.tenantId highAvailability.state backup.earliestRestoreDate"
            " storage.storageSku"
        ),
        replaces=names("administratorLogin availabilityZone location"),
        write_only=names("administratorLoginPassword createMode restorePointInTime"),
    ),
}
