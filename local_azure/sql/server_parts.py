"""What is in a server, as Resource Manager sees it: databases, and the rules of its network.

https://learn.microsoft.com/rest/api/sql/databases and its neighbours there
"""

import re
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.database_servers.accepted import Accepted
from local_azure.database_servers.firewall import invalid, range_in
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.sql.server_names import DATABASES, FIREWALL_RULES, MASTER, SUBNET_RULES

_SQL_ENDPOINT: Final = "Microsoft.Sql"
_DEFAULT: Final = {"name": "GP_Gen5_2", "tier": "GeneralPurpose", "family": "Gen5", "capacity": 2}
_OWN: Final = frozenset({MASTER, "model", "msdb", "tempdb"})

RULES: Final = [
    Rule(
        "L9",
        "assumed",
        "A database's name has up to 128 characters, none of <>*%&:\\/? and none at its end that is a period "
        "or a space, and is none of the server's own: 400.",
        held_by="l9_an_impossible_database_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    ),
    Rule(
        "L9",
        "behaviour",
        "A database is written and deleted by an operation: 202, which here is done at once.",
        held_by="l9_microsofts_client_makes_and_deletes_databases_by_operations",
        source="https://learn.microsoft.com/rest/api/sql/databases/create-or-update",
    ),
    Rule(
        "L10",
        "assumed",
        "A firewall rule is two IPv4 addresses, the first no higher than the second: 400.",
        held_by="l10_an_impossible_rule_is_refused",
        source="https://learn.microsoft.com/azure/azure-sql/database/firewall-configure",
    ),
    Rule(
        "L10",
        "assumed",
        "Rules are refused while public access is off: 400 DenyPublicEndpointEnabled.",
        held_by="l10_a_rule_needs_public_access",
        source="Azure/azure-cli#16771",
    ),
    Rule(
        "L10",
        "assumed",
        "A subnet's rule needs the endpoint Microsoft.Sql in that subnet, unless told to ignore it: 400 "
        "VirtualNetworkRuleBadRequest.",
        held_by="l10_a_subnet_needs_the_service_endpoint",
        source="https://learn.microsoft.com/azure/azure-sql/database/vnet-service-endpoint-rule-overview",
    ),
]


class Database(Accepted):
    """A database, whose files are made when somebody connects."""

    type = DATABASES

    def __init__(self, ground: Ground, forget: Callable[[str, str], None]) -> None:
        """`forget` ends what is kept of a server's database by their names."""
        super().__init__(ground)
        self._forget = forget

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        server = id.parent.rpartition("/")[2]
        self.ground.store.after_commit(lambda: self._forget(server, id.name))

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        impossible = re.search(r"[<>*%&:\\/?]|[. ]$", id.name) or len(id.name) > 128
        if impossible or id.name.lower() in _OWN:
            raise invalid("databaseName")
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        sku = section(new, "sku") or section(old, "sku") or _DEFAULT
        defaults = {
            "collation": "SQL_Latin1_General_CP1_CI_AS",
            "requestedBackupStorageRedundancy": "Geo",
            "status": "Online",
            "zoneRedundant": False,
        }
        return {
            "kind": "v12.0,user",
            "location": located(new),
            "properties": {
                **defaults,
                **section(old, "properties"),
                **given,
                "currentServiceObjectiveName": sku.get("name"),
            },
            "sku": sku,
            "tags": new.get("tags") or {},
        }


class FirewallRule(ResourceType):
    """A range of addresses that may connect. 0.0.0.0 to 0.0.0.0 is whatever is in Azure, of anybody."""

    type = FIREWALL_RULES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        _require_public(self.ground, id)
        return range_in(new)


class SubnetRule(ResourceType):
    """A subnet that may connect by the public address, through its service endpoint."""

    type = SUBNET_RULES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        _require_public(self.ground, id)
        given = section(new, "properties")
        subnet_id = str(given.get("virtualNetworkSubnetId"))
        subnet = self.ground.store.get(subnet_id)
        if subnet is None:
            raise invalid("virtualNetworkSubnetId")
        endpoints = [
            str(one.get("service")) for one in properties_of(subnet.body).get("serviceEndpoints") or ()
        ]
        ignores = bool(given.get("ignoreMissingVnetServiceEndpoint"))
        if _SQL_ENDPOINT not in endpoints and not ignores:
            text = (
                "Azure SQL Server Virtual Network Rule encountered an user error: Cannot proceed with "
                f"operation because subnet {subnet.id.rpartition('/')[2]} does not have Service Endpoint "
                "enabled. Ensure that Microsoft.Sql is one of the service endpoints of the subnet."
            )
            raise Refusal(400, "VirtualNetworkRuleBadRequest", text)
        said = {"ignoreMissingVnetServiceEndpoint": ignores, "virtualNetworkSubnetId": subnet_id}
        return {"properties": {**said, "state": "Ready"}}


def _require_public(ground: Ground, id: ResourceId) -> None:
    server = ground.store.get(id.parent)
    assert server is not None
    if properties_of(server.body).get("publicNetworkAccess") == "Disabled":
        text = (
            "Unable to create or modify firewall rules when public network access for the server is disabled."
        )
        raise Refusal(400, "DenyPublicEndpointEnabled", text)
