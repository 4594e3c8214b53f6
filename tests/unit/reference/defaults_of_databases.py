"""Defaults of database servers."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import dbformysql, dbforpostgresql, sql

from components import MySqlServer, PostgresServer, SqlServer
from tests.unit.components.answering_azure import IDENTITY, PEOPLE
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_SERVER: Final = "test_postgres_server.py"
_NO_PASSWORD: Final = f"{_SERVER}::test_no_password_opens_a_server"
_SQL_SERVER: Final = "test_sql_server.py"
_SQL_NO_PASSWORD: Final = f"{_SQL_SERVER}::test_no_password_opens_a_server_from_the_first_write_on"
_MADE: Final = {**IN_GROUP, "administrators": {"database-administrators": PEOPLE}}

_MYSQL: Final = "test_mysql_server.py"
_MADE_MYSQL: Final = {**_MADE, "identity_id": IDENTITY}

OF_DATABASES: Final[Mapping[str, Stated]] = {
    "dbformysql:Server": Stated(
        MySqlServer,
        _MADE_MYSQL,
        lambda: dbformysql.Server("bare", resource_group_name="rg", server_name="bare"),
        {
            "identity.userAssignedIdentities": Decision(
                "By which it looks up in Entra who signs in.",
                f"{_MYSQL}::test_a_group_administers_it_by_an_identity_and_both_are_required",
                ("identity_id",),
            ),
            "network.publicNetworkAccess": Decision(
                "A public address that lets nobody in until ranges are given; none with a private endpoint.",
                f"{_MYSQL}::test_a_server_has_a_public_address_until_it_has_a_private_one",
                ("public_network_access", "allowed_ip_ranges", "private_endpoint_subnet_id"),
            ),
            "backup.backupRetentionDays": Decision(
                "For how many days it can be restored.",
                f"{_MYSQL}::test_a_server_can_be_restored_for_a_week_unless_told_otherwise",
                ("backup_retention_days",),
            ),
        },
        names(
            "availabilityZone backup.geoRedundantBackup highAvailability.mode identity.type serverName "
            "sku.name sku.tier storage.autoGrow storage.autoIoScaling storage.logOnDisk "
            "storage.storageRedundancy storage.storageSizeGB version"
        ),
    ),
    "dbformysql:AzureADAdministrator": Stated(
        MySqlServer,
        _MADE_MYSQL,
        lambda: dbformysql.AzureADAdministrator("bare", resource_group_name="rg", server_name="bare"),
        {
            "tenantId": Decision(
                "Only principals of the deployer's own tenant can be let in.",
                f"{_MYSQL}::test_a_group_administers_it_by_an_identity_and_both_are_required",
                ("tenant_id",),
            ),
        },
        names("administratorName administratorType identityResourceId login serverName sid"),
    ),
    "dbforpostgresql:Server": Stated(
        PostgresServer,
        _MADE,
        lambda: dbforpostgresql.Server("bare", resource_group_name="rg", server_name="bare"),
        {
            "authConfig.passwordAuth": Decision("No password opens it.", _NO_PASSWORD),
            "authConfig.activeDirectoryAuth": Decision("Tokens of Entra do.", _NO_PASSWORD),
            "authConfig.tenantId": Decision(
                "Only principals of the deployer's own tenant can be let in.", _NO_PASSWORD, ("tenant_id",)
            ),
            "network.publicNetworkAccess": Decision(
                "A public address that lets nobody in until ranges are given; none with a private endpoint.",
                f"{_SERVER}::test_a_server_has_a_public_address_until_it_has_a_private_one",
                (
                    "postgres_public_network_access",
                    "postgres_allowed_ip_ranges",
                    "postgres_private_endpoint_subnet_id",
                ),
            ),
            "backup.backupRetentionDays": Decision(
                "For how many days it can be restored.",
                f"{_SERVER}::test_a_server_can_be_restored_for_a_week_unless_told_otherwise",
                ("backup_retention_days",),
            ),
        },
        names(
            "availabilityZone backup.geoRedundantBackup highAvailability.mode serverName sku.name sku.tier "
            "storage.autoGrow storage.storageSizeGB version"
        ),
    ),
    "dbforpostgresql:AdministratorsMicrosoftEntra": Stated(
        PostgresServer,
        _MADE,
        lambda: dbforpostgresql.AdministratorsMicrosoftEntra(
            "bare", resource_group_name="rg", server_name="bare"
        ),
        {
            "principalType": Decision(
                "A group administers it, so people come and go without a deployment.",
                f"{_SERVER}::test_a_group_administers_it_and_is_required",
            ),
        },
        names("objectId principalName serverName"),
    ),
    "sql:Server": Stated(
        SqlServer,
        _MADE,
        lambda: sql.Server("bare", resource_group_name="rg", server_name="bare"),
        {
            "administrators.azureADOnlyAuthentication": Decision("No password opens it.", _SQL_NO_PASSWORD),
            "administrators.administratorType": Decision("Tokens of Entra do.", _SQL_NO_PASSWORD),
            "administrators.principalType": Decision(
                "A group administers it, so people come and go without a deployment.", _SQL_NO_PASSWORD
            ),
            "administrators.tenantId": Decision(
                "The group is of the deployer's own tenant.", _SQL_NO_PASSWORD, ("tenant_id",)
            ),
            "minimalTlsVersion": Decision("TLS 1.2 or newer.", _SQL_NO_PASSWORD),
            "publicNetworkAccess": Decision(
                "A public address that lets nobody in until ranges or subnets are given; none with a private "
                "endpoint.",
                f"{_SQL_SERVER}::test_a_server_has_a_public_address_until_it_has_a_private_one",
                (
                    "public_network_access",
                    "allowed_ip_ranges",
                    "allowed_subnet_ids",
                    "private_endpoint_subnet_id",
                ),
            ),
        },
        names("administrators.login administrators.sid serverName version"),
    ),
}
