"""Cosmos DB accounts: no keys, no network without a reason."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.resources import UNKNOWN, Resource, entries, items
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

ACCOUNT: Final = "cosmosdb:DatabaseAccount"
_ALL_OF_AZURE: Final = frozenset(("0.0.0.0", "0.0.0.0/32"))
_ROLES: Final = "https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control"


def _keys(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "disableLocalAuth")
    if given != UNKNOWN and not truth(given):
        yield f"Cosmos DB account {resource.name} is opened by its keys: disableLocalAuth is not true"


def _public(resource: Resource, _: Options) -> Iterator[str]:
    """Without a rule its public address answers everybody."""
    given = at(resource, "publicNetworkAccess")
    rules = at(resource, "ipRules")
    ranges = {str(entries(one).get("ipAddressOrRange")) for one in items(rules)}
    is_ruled = rules or truth(at(resource, "isVirtualNetworkFilterEnabled"))
    if given == UNKNOWN or str(given).lower() in ("disabled", "securedbyperimeter"):
        return
    if not is_ruled or any(one.endswith("/0") for one in ranges):
        yield f"Cosmos DB account {resource.name} answers every network"
    elif ranges & _ALL_OF_AZURE:
        yield f"Cosmos DB account {resource.name} answers whatever runs in Azure, of anybody"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="cosmos-no-keys",
        what="A Cosmos DB account for NoSQL is opened by its own roles alone, and by none of its keys.",
        why="A key opens all of it to anybody who has it, and where nothing is said it does.",
        source=_ROLES,
        step="Set disableLocalAuth to true, and assign roles of the account's own by sqlRoleAssignments.",
        types=(ACCOUNT,),
        judge=_keys,
    ),
    ResourceRule(
        id="cosmos-network-closed",
        what="A Cosmos DB account answers chosen networks only.",
        why="A stolen token is worth nothing where its thief's network is not let in.",
        source="https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall",
        step="Give ipRules or virtualNetworkRules, or set publicNetworkAccess to Disabled with a private "
        "endpoint, or waive this one with a reason.",
        level=EnforcementLevel.ADVISORY,
        types=(ACCOUNT,),
        judge=_public,
    ),
)
