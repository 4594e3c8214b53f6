"""What is open to everybody: ranges of addresses, origins, debuggers."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from access_report.following import Directory
from access_report.resources import UNKNOWN, Resource, known
from access_report.weighing.networks import Network, between
from components.azure_facts.paths import part_of, reached
from policy.address_ranges import networks_in, share_of_internet
from policy.reading import at
from policy.rule import Option, Options, ResourceRule, Rule, StackRule
from policy.site_parts import CONFIGURED, site_config_path
from policy.switches import off

_DATA: Final[Mapping[str, Any]] = json.loads(
    Path(__file__).parents[1].joinpath("exposed.json").read_text(encoding="utf-8")
)
_NETWORKS: Final[Mapping[str, list[Mapping[str, str]]]] = _DATA["networks"]
_FIREWALL_RULES: Final[Mapping[str, Mapping[str, str]]] = _DATA["firewall rules"]
_ORIGINS: Final[Mapping[str, list[Mapping[str, str]]]] = _DATA["origins"]


def _networks(resource: Resource, options: Options) -> Iterator[str]:
    for place in _NETWORKS[resource.native_type]:
        entries: dict[str, list[Network]] = {}
        for _, rule in reached(resource.inputs, place["at"]):
            given = part_of(rule, place["value"])
            action = part_of(rule, "action") if isinstance(rule, Mapping) else None
            if known(given) and str(action or "Allow").lower() == "allow":
                entries[str(given)] = networks_in(str(given))
        if (what := _too_many(entries, options)) is not None:
            yield f"{place['at'].removesuffix('[]')} of {resource.name} {what}"


def _firewall_rules(directory: Directory, options: Options) -> Iterator[tuple[Resource, str]]:
    """All rules of one server count together."""
    rules: defaultdict[tuple[str, str], list[tuple[Resource, str, list[Network]]]] = defaultdict(list)
    for resource in directory.snapshot.values():
        names = _FIREWALL_RULES.get(resource.native_type)
        if names is None:
            continue
        first, last = at(resource, names["first"]), at(resource, names["last"])
        if known(first) and known(last):
            text, networks = f"{first}-{last}", between(str(first), str(last))
            rules[_server(resource, names["of"])].append((resource, text, networks))
    for found in rules.values():
        entries = {text: networks for _, text, networks in found}
        if (what := _too_many(entries, options)) is not None:
            several = "the firewall rules" if len(found) > 1 else "the firewall rule"
            names = ", ".join(sorted(resource.name for resource, _, _ in found))
            yield found[0][0], f"{several} {names} {what}"


def _server(rule: Resource, property: str) -> tuple[str, str]:
    """What tells the rules of one server from those of another, also before it has a name."""
    name = at(rule, property)
    module = rule.native_type.partition(":")[0]
    return (module, str(name).lower() if known(name) else "".join(sorted(rule.follows.get(property, ()))))


def _too_many(entries: Mapping[str, list[Network]], options: Options) -> str | None:
    share = share_of_internet(one for networks in entries.values() for one in networks)
    if share <= options["largestShare"]:
        return None
    widest = sorted(entries, key=lambda text: -share_of_internet(entries[text]))[:3]
    more = f" and {len(entries) - 3} more" if len(entries) > 3 else ""
    return f"let in {share:.0%} of all addresses, by {', '.join(widest)}{more}"


def _origins(resource: Resource, _options: Options) -> Iterator[str]:
    for place in _ORIGINS[resource.native_type]:
        for _, cors in reached(resource.inputs, place["at"]):
            for origin in _listed(part_of(cors, place["value"])):
                if origin.rpartition("://")[2].strip() == "*":
                    yield f"{place['at'].removesuffix('[]')} of {resource.name} lets in the origin {origin}"


def _remote_debugging(resource: Resource, options: Options) -> Iterator[str]:
    yield from off(site_config_path(resource, "remoteDebuggingEnabled"), "site")(resource, options)


def _listed(given: Any) -> Iterable[str]:
    if isinstance(given, list):
        return [str(one) for one in cast(list[Any], given) if one != UNKNOWN]
    return str(given).split(",") if known(given) else ()


_SHARE: Final = Option(
    {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "description": "The largest share of all addresses that a list may let in, from 0 to 1.",
    },
    0.125,
)
_STEP: Final = "List the addresses that are yours, or let in a virtual network or a private endpoint."

RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="network-not-everybody",
        what="A list of addresses lets in no large part of the internet, however it is cut into ranges.",
        why="Two halves of the address space are the whole of it, and no network is closed by them.",
        source="https://learn.microsoft.com/azure/key-vault/general/network-security",
        step=_STEP,
        options={"largestShare": _SHARE},
        types=tuple(_NETWORKS),
        judge=_networks,
    ),
    StackRule(
        id="firewall-rules-not-everybody",
        what="The firewall rules of a server let in no large part of the internet, taken together.",
        why="Each rule adds to the others, so that several small ones can be the whole of it.",
        source="https://learn.microsoft.com/azure/azure-sql/database/firewall-configure",
        step=_STEP,
        options={"largestShare": _SHARE},
        judge=_firewall_rules,
    ),
    ResourceRule(
        id="cors-named-origins",
        what="Pages of named origins only may call an app or an account.",
        why="With `*` any page that somebody opens can call it from their browser.",
        source="https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-rest-api",
        step="Name the origins, such as https://shop.example.com.",
        types=tuple(_ORIGINS),
        judge=_origins,
    ),
    ResourceRule(
        id="site-no-remote-debugging",
        what="A site takes no debugger from afar.",
        why="Whoever attaches one reads the memory of the app, secrets and tokens too.",
        source="https://learn.microsoft.com/azure/app-service/configure-common",
        step="Set siteConfig.remoteDebuggingEnabled to false.",
        types=CONFIGURED,
        judge=_remote_debugging,
    ),
)
