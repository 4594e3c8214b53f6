"""From where a vault may be called.

https://learn.microsoft.com/azure/key-vault/general/network-security
"""

from collections.abc import Sequence
from typing import Final

from local_azure.bodies import items, properties_of, section
from local_azure.entra.directory import ISSUER, Caller
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.network.acls import check_subnets, is_let_in, public_range
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

SERVICE_ENDPOINT: Final = "Microsoft.KeyVault"

RULES: Final = [
    Rule(
        "K13",
        "refusal",
        "Where the default is Deny, a caller that no rule and no private endpoint lets in is refused: "
        "403 ForbiddenByFirewall; `bypass` does not help sites.",
        held_by="a_site_without_a_path_is_denied_whatever_is_said_of_azures_own_services",
        source="MicrosoftDocs/azure-docs#52649",
    ),
    Rule(
        "K15",
        "refusal",
        "Where public access is disabled, only private endpoints lead to a vault: 403 ForbiddenByConnection.",
        held_by="where_public_access_is_off_only_a_private_endpoint_in_the_sites_network_leads_to_the_vault",
        source="hashicorp/terraform-provider-azurerm#27840",
    ),
    Rule(
        "K15",
        "behaviour",
        "A secret is written through Resource Manager whatever the firewall says.",
        held_by="secrets_are_written_even_when_the_vault_is_closed",
    ),
    Rule(
        "K13",
        "assumed",
        "A rule for a subnet without the service endpoint Microsoft.KeyVault is refused: 400 "
        "SubnetsHaveNoServiceEndpointsConfigured.",
        held_by="a_rule_for_a_subnet_needs_the_service_endpoint",
    ),
    Rule(
        "K13",
        "assumed",
        "An address rule is one IPv4 address or range that is not private: 400 otherwise.",
        held_by="an_address_rule_takes_public_addresses_only",
    ),
]


def require_path(store: Store, vault: Resource, caller: Caller, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in."""
    if any(leads_privately(store, origin, vault.id) for origin in origins):
        return
    properties = properties_of(vault.body)
    who = f"appid={caller.principal.client_id or ''};oid={caller.principal.object_id};iss={ISSUER}"
    place = f"{vault.id.rpartition('/')[2].lower()};location={vault.body['location']}"
    if str(properties.get("publicNetworkAccess")).lower() == "disabled":
        raise Refusal(
            403, "Forbidden",
            "Public network access is disabled and request is not from a trusted service nor via an approved "
            f"private link.\r\nCaller: {who}\r\nVault: {place}",
            "key-vault", "ForbiddenByConnection",
        )  # fmt: skip
    acls = section(properties, "networkAcls")
    if str(acls.get("defaultAction") or "Allow").lower() == "allow":
        return
    if not any(is_let_in(acls, origin) for origin in origins):
        address = next((origin.address for origin in origins if origin.address), "(a subnet)")
        raise Refusal(
            403, "Forbidden",
            "Client address is not authorized and caller is not a trusted service.\r\n"
            f"Client address: {address}\r\nCaller: {who}\r\nVault: {place}",
            "key-vault", "ForbiddenByFirewall",
        )  # fmt: skip


def check_rules(store: Store, properties: JsonObject) -> None:
    """Refuse network rules that Key Vault does not take. Raises Refusal 400."""
    acls = section(properties, "networkAcls")
    for rule in items(acls, "ipRules"):
        if public_range(str(rule.get("value"))) is None:
            text = f"The value {rule.get('value')!r} of an IP rule is no public IPv4 address or range."
            raise Refusal(400, "BadRequest", text)
    check_subnets(store, acls, SERVICE_ENDPOINT, "Microsoft.KeyVault")
