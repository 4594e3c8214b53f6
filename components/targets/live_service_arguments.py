"""The arguments that SignalR and Web PubSub share: services of connections, of one resource provider."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetwork, TargetZoneArgs, read_target_network

_CLIENTS_ONLY: Final = "public_clients_only"
_ENDPOINT: Final = "private_endpoint_subnet_id"
_MOST_SINGLE_UNITS: Final = 10
_MOST_UNITS: Final = 100


class ConnectionTier(StrEnum):
    """What a service of connections can do and costs."""

    FREE = "free"
    """20 connections, for trying out: one unit, and no private endpoint."""
    STANDARD = "standard"
    """1,000 connections a unit."""
    PREMIUM = "premium"
    """1,000 connections a unit, with availability zones and replicas."""

    @property
    def sku(self) -> str:
        """Azure's name for it."""
        return {
            ConnectionTier.FREE: "Free_F1",
            ConnectionTier.STANDARD: "Standard_S1",
            ConnectionTier.PREMIUM: "Premium_P1",
        }[self]


class LiveServiceArgs(TargetZoneArgs, TargetArgs):
    """Either what to create, or `existing_id`; and the people who are let in."""

    service_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the service, 3 to 63 characters; left out, a derived one."""
    tier: NotRequired[ConnectionTier]
    """What it can do and costs; left out, standard."""
    units: NotRequired[int]
    """How many units of connections: 1 to 10, or 20, 30 and so on to 100; left out, 1."""
    public_clients_only: NotRequired[bool]
    """Whether its public address is for clients alone, and code comes privately; left out, false."""
    connection_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may see who is connected, as name to object id; left out, none."""
    connection_managers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may send to clients and close connections; left out, none."""


@dataclass(frozen=True)
class LiveServiceChoices:
    """The arguments of a service of connections, read and checked. `denied` are the kinds of requests that
    its public address does not answer.
    """

    target: TargetChoices
    network: TargetNetwork
    tier: ConnectionTier
    units: int
    denied: tuple[str, ...]


def read_live_service(arguments: Arguments, known: type, kind: TargetKind) -> LiveServiceChoices:
    """Problems are noted in `arguments`."""
    tier = arguments.choice("tier", ConnectionTier, ConnectionTier.STANDARD)
    network = read_target_network(arguments, kind.type_, kind.group_id, kind.what)
    clients_only = arguments.flag(_CLIENTS_ONLY, False)
    if clients_only:
        network = _with_public_clients(arguments, network)
    if tier is ConnectionTier.FREE and network.endpoint is not None:
        expected = "a tier that takes private endpoints, which the free one does not"
        step = f"set tier to standard, or take {_ENDPOINT} out"
        arguments.refuse(f"tier and {_ENDPOINT}", f"free, with {_ENDPOINT}", expected, step)
    return LiveServiceChoices(
        target=read_target(arguments, known, kind, network),
        network=network,
        tier=tier,
        units=_read_units(arguments, tier),
        denied=("RESTAPI", "ServerConnection", "Trace") if clients_only else (),
    )


def _with_public_clients(arguments: Arguments, network: TargetNetwork) -> TargetNetwork:
    if network.endpoint is None:
        expected = "a private endpoint, by which code reaches it"
        step = f"give {_ENDPOINT}, or take {_CLIENTS_ONLY} out"
        arguments.refuse(_CLIENTS_ONLY, "true, and nothing leads there for code", expected, step)
    elif arguments.has("public_network_access") and not network.public:
        subject = f"public_network_access and {_CLIENTS_ONLY}"
        step = f"take {_CLIENTS_ONLY} out, or public_network_access"
        arguments.refuse(subject, f"false, with {_CLIENTS_ONLY}", "a public address for clients", step)
    return replace(network, public=True)


def _read_units(arguments: Arguments, tier: ConnectionTier) -> int:
    units = arguments.whole_number("units", 1, 1, _MOST_UNITS)
    if units > _MOST_SINGLE_UNITS and units % _MOST_SINGLE_UNITS:
        expected = f"1 to {_MOST_SINGLE_UNITS}, or tens up to {_MOST_UNITS}"
        step = f"write {units // _MOST_SINGLE_UNITS * _MOST_SINGLE_UNITS}"
        arguments.refuse("units", "a number between two tens", expected, step)
    if tier is ConnectionTier.FREE and units > 1:
        step = "set tier to standard, or take units out"
        arguments.refuse("tier and units", "free, with several units", "one unit", step)
    return units
