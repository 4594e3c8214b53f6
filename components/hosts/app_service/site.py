"""What every site has in common, be it a web app, a slot or a function app."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import web
from pulumi_azure_native.web.outputs import ManagedServiceIdentityResponse

from ...identity import IdentityKind
from ...placement import Placement
from ...unknowns import answered
from ..identity import HostIdentity
from .hardening import SiteConfigFields, hardened_site_config
from .network import NetworkChoices
from .plan import OperatingSystem


class SiteProperties(TypedDict):
    """Properties of a site, by the SDK's own names."""

    client_affinity_enabled: bool
    https_only: bool
    hyper_v: bool | None
    identity: web.ManagedServiceIdentityArgs
    key_vault_reference_identity: pulumi.Input[str]
    kind: str
    location: pulumi.Input[str] | None
    outbound_vnet_routing: web.OutboundVnetRoutingArgs | None
    public_network_access: str
    reserved: bool
    resource_group_name: pulumi.Input[str]
    server_farm_id: pulumi.Input[str]
    site_config: web.SiteConfigArgs
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    virtual_network_subnet_id: pulumi.Input[str] | None


def site_properties(
    place: Placement,
    plan_id: pulumi.Output[str],
    identity: HostIdentity,
    *config: SiteConfigFields,
    kind: str,
    network: NetworkChoices,
    os: OperatingSystem = OperatingSystem.LINUX,
    hyper_v: bool = False,
) -> SiteProperties:
    return {
        "client_affinity_enabled": False,
        "https_only": True,
        "hyper_v": True if hyper_v else None,
        "identity": _attachment(identity),
        # Unsaid, Azure takes the system-assigned identity, also of an app that has none.
        "key_vault_reference_identity": identity.ids.identity_id or "SystemAssigned",
        "kind": kind,
        "location": place.location,
        "outbound_vnet_routing": network.outbound_vnet_routing,
        "public_network_access": network.public_network_access,
        "reserved": os is OperatingSystem.LINUX,
        "resource_group_name": place.resource_group_name,
        "server_farm_id": plan_id,
        "site_config": hardened_site_config(*config, network.site_config()),
        "tags": place.tags,
        "virtual_network_subnet_id": network.subnet_id,
    }


def principal_of(
    site: "web.WebApp | web.WebAppSlot", name: pulumi.Output[str]
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """The object id of the identity that Azure made with a site, and what the site is called."""
    return answered(site.identity, _principal_id, "the app's principal id"), name


def _principal_id(identity: ManagedServiceIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None


def _attachment(identity: HostIdentity) -> web.ManagedServiceIdentityArgs:
    """What a site says of its identity. The kind is always stated: left out, Azure keeps an identity that was
    taken away.
    """
    kinds, attached = web.ManagedServiceIdentityType, list(identity.choices.further.values())
    if identity.ids.identity_id is not None:
        attached = [identity.ids.identity_id, *attached]
    if not attached:
        system = identity.choices.kind is IdentityKind.SYSTEM_ASSIGNED
        return web.ManagedServiceIdentityArgs(type=kinds.SYSTEM_ASSIGNED if system else kinds.NONE)
    alone = identity.ids.identity_id is not None
    both = kinds.SYSTEM_ASSIGNED_USER_ASSIGNED
    return web.ManagedServiceIdentityArgs(
        type=kinds.USER_ASSIGNED if alone else both, user_assigned_identities=attached
    )
