"""From where a storage account may be called.

https://learn.microsoft.com/azure/storage/common/storage-network-security
"""

from collections.abc import Sequence
from typing import Final

from local_azure.bodies import items, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.network.acls import check_subnets, is_let_in, public_range
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

SERVICE_ENDPOINT: Final = "Microsoft.Storage"
_SMALLEST_RANGE: Final = 30

RULES: Final = [
    Rule(
        "I9",
        "refusal",
        "Where the default is Deny, or public access is disabled, a caller that no rule and no private "
        "endpoint of the service lets in is refused, whatever role it has: 403 AuthorizationFailure.",
        held_by="i9_an_account_that_is_closed_answers_whom_its_rules_name_and_nobody_else",
        source="https://learn.microsoft.com/azure/storage/common/storage-network-security",
    ),
    Rule(
        "I9",
        "behaviour",
        "A private endpoint leads to one service of an account: that of its queues not to its blobs.",
        held_by="i9_a_private_endpoint_leads_to_the_service_that_it_is_for",
        source="https://learn.microsoft.com/azure/storage/common/storage-private-endpoints",
    ),
    Rule(
        "I9",
        "assumed",
        "An account's address rule is one public IPv4 address, or a range of four or more: 400 otherwise.",
        held_by="i9_an_address_rule_of_an_account_takes_no_range_of_two",
    ),
    Rule(
        "I9",
        "assumed",
        "A rule of an account for a subnet without the service endpoint Microsoft.Storage is refused: 400.",
        held_by="i9_a_rule_of_an_account_for_a_subnet_needs_the_service_endpoint",
    ),
]


def require_path(store: Store, account: Resource, service: str, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in to that service."""
    properties = section(account.body, "properties")
    if any(leads_privately(store, origin, account.id, service) for origin in origins):
        return
    acls = section(properties, "networkAcls")
    public = str(properties.get("publicNetworkAccess") or "Enabled").lower() == "enabled"
    allowed = str(acls.get("defaultAction") or "Allow").lower() == "allow"
    if public and (allowed or any(is_let_in(acls, origin) for origin in origins)):
        return
    text = "This request is not authorized to perform this operation."
    raise Refusal(403, "AuthorizationFailure", text, "storage")


def check_rules(store: Store, properties: JsonObject) -> None:
    """Refuse network rules that Storage does not take. Raises Refusal 400."""
    acls = section(properties, "networkAcls")
    for rule in items(acls, "ipRules"):
        text = str(rule.get("value"))
        network = public_range(text)
        if network is None or ("/" in text and network.prefixlen > _SMALLEST_RANGE):
            raise Refusal(
                400, "InvalidValuesForRequestParameters",
                f"Values for request parameters are invalid: networkAcls.ipRule[*].value is {text}.",
            )  # fmt: skip
    check_subnets(store, acls, SERVICE_ENDPOINT, "Microsoft.Storage")
