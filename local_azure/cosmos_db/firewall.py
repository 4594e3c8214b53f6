"""From where an account may be called.

https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from local_azure.bodies import items, properties_of
from local_azure.cosmos_db.refusals import refusal
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.network.acls import check_subnets, is_let_in, public_range
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

SERVICE_ENDPOINT: Final = "Microsoft.AzureCosmosDB"
GROUP: Final = "Sql"
"""Of private endpoints, for the API for NoSQL."""
_AZURES_OWN: Final = "0.0.0.0"

RULES: Final = [
    Rule(
        "B4",
        "refusal",
        "An account with rules, or without public access, answers whom a rule or a private endpoint lets in, "
        "and nobody else: 403 with the address.",
        held_by="b4_an_account_that_is_closed_answers_whom_its_rules_name_and_nobody_else",
        source="microsoft/azure-tools-for-java#7123",
    ),
    Rule(
        "B4",
        "assumed",
        "An address rule is one IPv4 address or range that is not private: 400 otherwise. 0.0.0.0 is "
        "whatever is in Azure, of anybody.",
        held_by="b4_an_address_rule_takes_public_addresses_only",
        source="https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall",
    ),
    Rule(
        "B4",
        "assumed",
        "A rule for a subnet without the service endpoint Microsoft.AzureCosmosDB is refused: 400.",
        held_by="b4_a_rule_for_a_subnet_needs_the_service_endpoint",
        source="https://learn.microsoft.com/azure/cosmos-db/how-to-configure-vnet-service-endpoint",
    ),
]


def require_path(store: Store, account: Resource, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in."""
    if any(leads_privately(store, origin, account.id, GROUP) for origin in origins):
        return
    properties = properties_of(account.body)
    is_public = str(properties.get("publicNetworkAccess")).lower() == "enabled"
    has_rules = bool(items(properties, "ipRules")) or properties.get("isVirtualNetworkFilterEnabled")
    if is_public and (not has_rules or any(is_let_in(_acls(properties), origin) for origin in origins)):
        return
    address = next((origin.address for origin in origins if origin.address), "(a subnet)")
    text = (
        f"Request originated from IP {address} through public internet. This is blocked by your Cosmos DB "
        "account firewall settings. More info: https://aka.ms/cosmosdb-tsg-forbidden"
    )
    raise refusal(403, "Forbidden", text)


def check_rules(store: Store, properties: JsonObject) -> None:
    """Refuse network rules that Cosmos DB does not take. Raises Refusal 400."""
    for rule in items(properties, "ipRules"):
        text = str(rule.get("ipAddressOrRange"))
        if text != _AZURES_OWN and public_range(text) is None:
            raise Refusal(
                400, "BadRequest", f"The value {text!r} of an IP rule is no public IPv4 address or range."
            )
    check_subnets(store, _acls(properties), SERVICE_ENDPOINT, "Microsoft.DocumentDB")


def _acls(properties: JsonObject) -> JsonObject:
    """The rules as other services write them."""
    addresses = [str(rule.get("ipAddressOrRange")) for rule in items(properties, "ipRules")]
    return {
        "ipRules": [{"value": str(ipaddress.ip_network(one))} for one in addresses if public_range(one)],
        "virtualNetworkRules": [
            {
                "id": rule.get("id"),
                "ignoreMissingVnetServiceEndpoint": rule.get("ignoreMissingVNetServiceEndpoint"),
            }
            for rule in items(properties, "virtualNetworkRules")
            if properties.get("isVirtualNetworkFilterEnabled")
        ],
    }
