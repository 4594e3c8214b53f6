"""PostgreSQL flexible servers, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_SERVER: Final = GROUP + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/{serverName}"
_POSTGRESQL: Final = "2025-08-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra": Row(
        api_version=_POSTGRESQL,
        path=f"{_SERVER}/administrators/{{objectId}}",
        body=names("principalName principalType tenantId"),
        outputs=names("name type systemData objectId"),
        has_location=False,
    ),
    "azure-native:dbforpostgresql:Database": Row(
        api_version=_POSTGRESQL,
        path=f"{_SERVER}/databases/{{databaseName}}",
        body=names("charset collation"),
        outputs=names("name type systemData"),
        has_location=False,
    ),
    "azure-native:dbforpostgresql:FirewallRule": Row(
        api_version=_POSTGRESQL,
        path=f"{_SERVER}/firewallRules/{{firewallRuleName}}",
        body=names("endIpAddress startIpAddress"),
        outputs=names("name type systemData"),
        required=names("endIpAddress startIpAddress"),
        has_location=False,
    ),
    "azure-native:dbforpostgresql:Server": Row(
        api_version=_POSTGRESQL,
        path=_SERVER,
        body=names(
            "administratorLogin administratorLoginPassword authConfig availabilityZone backup cluster"
            " createMode dataEncryption highAvailability identity location maintenanceWindow network"
            " pointInTimeUTC replica replicationRole sku sourceServerResourceId storage tags version"
        ),
        outputs=names(
            "name type systemData fullyQualifiedDomainName minorVersion privateEndpointConnections"
            " replicaCapacity state identity.tenantId highAvailability.state backup.earliestRestoreDate"
            " replica.capacity replica.replicationState dataEncryption.primaryEncryptionKeyStatus"
            " dataEncryption.geoBackupEncryptionKeyStatus"
        ),
        replaces=names("administratorLogin availabilityZone location"),
        write_only=names("administratorLoginPassword createMode pointInTimeUTC"),
    ),
}
