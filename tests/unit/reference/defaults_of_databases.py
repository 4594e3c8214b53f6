"""Defaults of database servers."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import dbforpostgresql

from components import PostgresServer
from tests.unit.components.answering_azure import PEOPLE
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_SERVER: Final = "test_postgres_server.py"
_NO_PASSWORD: Final = f"{_SERVER}::test_no_password_opens_a_server"
_MADE: Final = {**IN_GROUP, "administrators": {"database-administrators": PEOPLE}}

OF_DATABASES: Final[Mapping[str, Stated]] = {
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
}
