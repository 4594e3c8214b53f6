"""From where a vault may be called.

https://learn.microsoft.com/azure/key-vault/general/network-security
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from local_azure.bodies import items, properties_of, section
from local_azure.entra.directory import ISSUER, Caller
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.network.paths import leads_privately
from local_azure.network.references import SUBNETS
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
    if not any(_is_let_in(acls, origin) for origin in origins):
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
        if not _is_public_range(str(rule.get("value"))):
            text = f"The value {rule.get('value')!r} of an IP rule is no public IPv4 address or range."
            raise Refusal(400, "BadRequest", text)
    for rule in items(acls, "virtualNetworkRules"):
        subnet = store.get(str(rule.get("id")))
        if subnet is None or subnet.type != SUBNETS:
            raise Refusal(400, "BadRequest", f"The subnet {rule.get('id')} of a network rule was not found.")
        services = {one.get("service") for one in items(properties_of(subnet.body), "serviceEndpoints")}
        if SERVICE_ENDPOINT not in services and not rule.get("ignoreMissingVnetServiceEndpoint"):
            raise Refusal(
                400, "SubnetsHaveNoServiceEndpointsConfigured",
                f"Subnets {subnet.id.rpartition('/')[2]} of virtual network do not have ServiceEndpoints for "
                f"{SERVICE_ENDPOINT} resources configured. Add {SERVICE_ENDPOINT} to subnet's "
                "ServiceEndpoints collection before trying to ACL Microsoft.KeyVault resources to these "
                "subnets.",
            )  # fmt: skip


def _is_let_in(acls: JsonObject, origin: Origin) -> bool:
    if origin.subnet_id is not None:
        rules = [str(rule.get("id")).lower() for rule in items(acls, "virtualNetworkRules")]
        return origin.subnet_id.lower() in rules
    if origin.address is None:
        return False
    address = ipaddress.ip_address(origin.address)
    return any(address in ipaddress.ip_network(str(rule["value"])) for rule in items(acls, "ipRules"))


_PRIVATE: Final = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def _is_public_range(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return False
    return network.version == 4 and not any(network.overlaps(private) for private in _PRIVATE)
