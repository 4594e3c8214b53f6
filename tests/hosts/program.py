"""The Pulumi program of a cell: one host, linked to the targets that its configuration names."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import resources

from components.identity import IdentityKind
from components.links import LinkArgs
from components.outputs import outputs_of
from tests.hosts.network import network_in
from tests.hosts.row import LINK, SEVERAL, Given, host, target

LOCATION = "westeurope"


def declare() -> None:
    """`host` and `targets` name files, `grant` is whether links let in, `identity` the kind, `prepared` what
    was there before."""
    config = pulumi.Config()
    exported = cell(
        config.require("host"),
        [one for one in config.require("targets").split(",") if one],
        identity=IdentityKind(config.get("identity") or IdentityKind.USER_ASSIGNED),
        grant=config.get_bool("grant") is not False,
        prepared=json.loads(config.get("prepared") or "{}"),
    )
    for name, value in exported.items():
        pulumi.export(name, value)


def cell(
    on: str,
    linked: list[str],
    *,
    identity: IdentityKind = IdentityKind.USER_ASSIGNED,
    grant: bool = True,
    prepared: Mapping[str, str] | None = None,
) -> dict[str, pulumi.Input[Any]]:
    """Declare it; what is exported: the host's outputs under `host`, and what each target gives under its
    name."""
    group = resources.ResourceGroup("cell", location=LOCATION)
    network = network_in(group) if host(on).has_network else None
    exported: dict[str, pulumi.Input[Any]] = {}
    links: dict[str, LinkArgs] = {}
    for name in linked:
        link, outputs = target(name).declare(Given(group, prepared or {}, network=network))
        links[link_name(name, linked)] = link if grant else without_grant(link)
        exported[name] = dict(outputs)
    made = host(on).declare(Given(group, prepared or {}, identity, links, network))
    exported["host"] = {name: getattr(made, name) for name in outputs_of(type(made))}
    return exported


def link_name(target: str, linked: list[str]) -> str:
    return LINK if len(linked) == 1 else f"{SEVERAL}{target}"


def without_grant(link: LinkArgs) -> LinkArgs:
    """The same link, which tells code all that it told and lets nobody in."""
    return {**link, "grant": False}
