"""Where each type says from where it may be called; each entry names the page that is its source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class NetworkFacts:
    """Paths are through `properties`, as networkAcls.ipRules."""

    version: str
    """The api-version that it is asked with."""
    source: str
    below: str = ""
    """How the id of what has the rules goes on from the resource's, as /networkRuleSets/default."""
    public: str = "publicNetworkAccess"
    """Whether anything but private endpoints leads there."""
    default: str = ""
    """What becomes of an address that no rule names; left out, a rule closes it for all others."""
    ranges: str = ""
    """The rules of addresses; left out, there are none."""
    range: str = ""
    """What a rule calls its addresses."""
    closes: str = ""
    """A switch that closes it without a rule of addresses; left out, there is none."""
    kinds: str = ""
    """The rules of kinds of requests, whatever the address; left out, there are none."""
    firewall: str = ""
    """The collection of its rules from an address to another, without which nobody gets in: of servers of
    databases, at which people log in with rights of the database's own."""


@cache
def network_facts() -> Mapping[str, NetworkFacts]:
    """By type, in lower case."""
    every: Mapping[str, Mapping[str, str]] = json.loads(
        (files("audit") / "facts" / "networks.json").read_text(encoding="utf-8")
    )
    return {type: NetworkFacts(**one) for type, one in every.items()}
