"""Networks that are let in: whether one list lets in more than another.

A subnet's id, a service tag or any other word that is no network is let in only where the same word is.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import (
    IPv4Network,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
    summarize_address_range,
)
from itertools import chain
from typing import Any, Final, cast

from access_report.resources import UNKNOWN, entries, items

Network = IPv4Network | IPv6Network
MOST_RULES: Final = 512
"""Rules of a site; more are not read.
https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions"""
_EVERYBODY: Final = ("0.0.0.0/0", "::/0")


def networks_in(value: Any, field: str) -> list[str]:
    """What a list of entries lets in, by the field of an entry that says it; entries may be texts, too."""
    named = (entries(entry).get(field) if isinstance(entry, Mapping) else entry for entry in items(value))
    return [str(UNKNOWN if name is None else name) for name in named]


def is_within(inner: Iterable[str], outer: Iterable[str]) -> bool:
    """Whether all that `inner` names is let in by `outer`, taken together."""
    wide, narrow = _Union.of(outer), _Union.of(inner)
    return narrow.words <= wide.words and all(wide.has(network) for network in narrow.networks)


def allowed(rules: Any, default: Any = None) -> list[str]:
    """What a site's access restrictions let in: each rule counts for what none before it decides.

    Without rules everybody; with rules nobody but whom they let in, unless `default` says otherwise. A rule
    that asks for headers, or names a service tag, decides nothing for others, and is a word of its own.
    """
    given = _rules(rules)
    if len(given) > MOST_RULES:
        return [f"{len(given)} rules"]
    open_to: list[str] = []
    decided: list[Network] = []
    for rule in given:
        for source in _sources(rule):
            network = None if _is_narrow(rule) else _network(source)
            if network is None:
                open_to += [_words(rule, source)] if _allows(rule) else []
                continue
            if _allows(rule):
                open_to += [str(part) for part in _without(network, decided)]
            decided.append(network)
    if (str(default).lower() == "allow") if default else not given:
        open_to += [str(part) for one in _EVERYBODY for part in _without(ip_network(one), decided)]
    return open_to


def denied(rules: Any) -> frozenset[str]:
    """What is kept out by a word that is no network: without such a rule more is let in."""
    return frozenset(
        _words(rule, source)
        for rule in _rules(rules)
        for source in _sources(rule)
        if not _allows(rule) and (_is_narrow(rule) or _network(source) is None)
    )


def _rules(rules: Any) -> list[Mapping[str, Any]]:
    return sorted((entries(rule) for rule in items(rules)), key=_priority)


def _allows(rule: Mapping[str, Any]) -> bool:
    return str(rule.get("action", "Allow")).lower() != "deny"


def _is_narrow(rule: Mapping[str, Any]) -> bool:
    return bool(rule.get("headers")) or str(rule.get("tag") or "Default") != "Default"


def _sources(rule: Mapping[str, Any]) -> Sequence[str]:
    source = str(rule.get("ipAddress") or rule.get("vnetSubnetResourceId") or "Any")
    return _EVERYBODY if source.lower() == "any" else source.split(",")


def _words(rule: Mapping[str, Any], source: str) -> str:
    headers = f" with headers {json.dumps(rule['headers'], sort_keys=True)}" if rule.get("headers") else ""
    return f"{source.strip().lower()}{headers}"


def _priority(rule: Mapping[str, Any]) -> float:
    try:
        return float(rule.get("priority", 65_000))
    except (TypeError, ValueError, OverflowError):
        return float("inf")


class _Union:
    def __init__(self, networks: Sequence[Network], words: frozenset[str]) -> None:
        self.networks = networks
        self.words = words

    @classmethod
    def of(cls, names: Iterable[str]) -> "_Union":
        networks, words = list[Network](), set[str]()
        for name in names:
            found = _range(name)
            networks += found
            if not found:
                words.add(name.strip().lower())
        fours = collapse_addresses(one for one in networks if isinstance(one, IPv4Network))
        sixes = collapse_addresses(one for one in networks if isinstance(one, IPv6Network))
        return cls([*fours, *sixes], frozenset(words))

    def has(self, network: Network) -> bool:
        return any(_contains(one, network) for one in self.networks)


def _range(name: str) -> list[Network]:
    """A network, an address, or the first and last address with a hyphen between them."""
    first, hyphen, last = name.partition("-")
    if hyphen:
        return between(first, last)
    one = _network(name)
    return [] if one is None else [one]


def between(first: str, last: str) -> list[Network]:
    """The networks from the first address to the last one; none where they are no such range."""
    try:
        return list(summarize_address_range(ip_address(first.strip()), ip_address(last.strip())))
    except (TypeError, ValueError):
        return []


def _network(name: str) -> Network | None:
    try:
        return ip_network(name.strip(), strict=False)
    except ValueError:
        return None


def _without(network: Network, decided: Sequence[Network]) -> list[Network]:
    parts = [network]
    for other in decided:
        parts = list(chain.from_iterable(_minus(part, other) for part in parts))
    return parts


def _minus(part: Network, other: Network) -> list[Network]:
    if _contains(other, part):
        return []
    if not _contains(part, other):
        return [part]
    return list(cast(Any, part).address_exclude(other))


def _contains(wide: Network, narrow: Network) -> bool:
    if isinstance(wide, IPv4Network):
        return isinstance(narrow, IPv4Network) and narrow.subnet_of(wide)
    return isinstance(narrow, IPv6Network) and narrow.subnet_of(wide)
