"""What every site has in common, be it a web app, a slot or a function app."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import web

from ..placement import Placement
from .hardening import SiteConfigFields, hardened_site_config
from .host_identity import HostIdentity
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
        "identity": identity.attachment,
        "key_vault_reference_identity": identity.reference_identity,
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
