"""A private address for a target or a host, in a subnet, with the DNS record that leads there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pulumi
from pulumi_azure_native import network

from .arguments import Arguments
from .form import Form
from .placement import Placement, read_any_text
from .references import PRIVATE_DNS_ZONE, SUBNET, id_form, is_id_of, parse_id
from .unknowns import once_there


@dataclass(frozen=True)
class PrivateEndpointChoices:
    """Where the private address is, and in which zone its name: None where somebody else writes the record,
    mostly Azure Policy. `location` is the region of the subnet's network, None for that of what has the
    address. `further_zone_ids` are those of a service that answers under several domains.
    """

    subnet_id: pulumi.Output[str]
    zone_id: pulumi.Output[str] | None
    location: pulumi.Input[str] | None = None
    further_zone_ids: Sequence[pulumi.Output[str]] = ()


def read_private_endpoint(arguments: Arguments, zone: str, prefix: str = "") -> PrivateEndpointChoices | None:
    """`zone` is the name that the private DNS zone has to have. None when no subnet was given."""
    subnet_key, zone_key = f"{prefix}private_endpoint_subnet_id", f"{prefix}private_dns_zone_id"
    location = read_endpoint_location(arguments, prefix)
    subnet_id = arguments.text(subnet_key, id_form(SUBNET))
    zone_id = arguments.text(zone_key, zone_form(zone))
    if subnet_id is None:
        if zone_id is not None:
            step = f"give {subnet_key} too, or take {zone_key} out"
            arguments.refuse(zone_key, "a zone without a private endpoint", f"{subnet_key} with it", step)
        return None
    return PrivateEndpointChoices(subnet_id, zone_id, location)


def read_endpoint_location(arguments: Arguments, prefix: str) -> pulumi.Input[str] | None:
    """The region of a private endpoint. It is that of the subnet's network, in which region ever the target
    is; no id of a subnet says so. https://learn.microsoft.com/azure/private-link/private-endpoint-overview
    """
    subnet_key, key = f"{prefix}private_endpoint_subnet_id", f"{prefix}private_endpoint_location"
    if arguments.has(key) and not arguments.has(subnet_key):
        step = f"give {subnet_key} too, or take {key} out"
        arguments.refuse(key, "a region without a private endpoint", f"{subnet_key} with it", step)
    return read_any_text(arguments, key)


def zone_form(*zones: str) -> Form:
    """The form of an id of the private DNS zone of that name, or of one of several."""

    def is_zone(text: str) -> bool:
        return is_id_of(PRIVATE_DNS_ZONE, text) and parse_id(text).name.lower() in zones

    form = id_form(PRIVATE_DNS_ZONE)
    return replace(form, words=form.words.replace("<name>", " or ".join(zones)), allows=is_zone)


_ZONE_GROUP: Final = "default"


class PrivateEndpoint:
    """The endpoint of one part of one resource, and its zone group.

    Not a component: its two resources are children of the target or the host that has the address. It is
    named after the resource that it leads to, whose name is unique in Azure.
    Source: https://learn.microsoft.com/azure/private-link/private-endpoint-overview
    """

    def __init__(
        self,
        name: str,
        choices: PrivateEndpointChoices,
        *,
        group_id: pulumi.Input[str],
        place: Placement,
        target_id: pulumi.Output[str],
        target_name: pulumi.Output[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        self.endpoint = network.PrivateEndpoint(
            name,
            location=place.location if choices.location is None else choices.location,
            private_endpoint_name=target_name.apply(lambda target: f"pep-{target}"),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(
                    group_ids=[group_id], name=group_id, private_link_service_id=target_id
                )
            ],
            resource_group_name=place.resource_group_name,
            subnet={"id": choices.subnet_id},  # the SDK's class would send policies of the subnet, too
            tags=place.tags,
            opts=opts,
        )
        self.zone_group: network.PrivateDnsZoneGroup | None = None
        if choices.zone_id is not None:
            self.zone_group = network.PrivateDnsZoneGroup(
                name,
                private_dns_zone_configs=[
                    network.PrivateDnsZoneConfigArgs(name=group_id, private_dns_zone_id=choices.zone_id),
                    *(
                        network.PrivateDnsZoneConfigArgs(name=f"{group_id}-{number}", private_dns_zone_id=id)
                        for number, id in enumerate(choices.further_zone_ids, 2)
                    ),
                ],
                private_dns_zone_group_name=_ZONE_GROUP,
                private_endpoint_name=self.endpoint.name,
                resource_group_name=place.resource_group_name,
                opts=pulumi.ResourceOptions(parent=opts.parent),
            )

    @property
    def resources(self) -> list[pulumi.Resource]:
        return [self.endpoint] if self.zone_group is None else [self.endpoint, self.zone_group]

    def once_reachable(self, value: pulumi.Output[str]) -> pulumi.Output[str]:
        """A value that promises the private address."""
        return once_there(value, self.resources[-1:])
