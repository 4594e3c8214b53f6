"""From where a target may be called, before any role is looked at: everywhere, from some addresses and
subnets, or by a private address alone. What each target calls its arguments begins with a prefix of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ..address_ranges import read_address_ranges
from ..arguments import Arguments
from ..errors import Problem
from ..references import SUBNET, id_form
from ..shown import entry
from ..taken_out import taken_out


@dataclass(frozen=True)
class NetworkRules:
    """The arguments, read and checked. A map that is None was not given."""

    public: bool
    ip_ranges: Mapping[str, pulumi.Output[str]] | None
    subnet_ids: Mapping[str, pulumi.Output[str]] | None

    @property
    def is_limited(self) -> bool:
        """Whether rules say who may call the public address."""
        return bool(self.ip_ranges) or bool(self.subnet_ids)

    @property
    def is_closed(self) -> bool:
        return not self.public or self.is_limited

    @property
    def is_silent(self) -> bool:
        """Whether nothing was ever said of it, which leaves the rules as they are."""
        return self.public and self.ip_ranges is None and self.subnet_ids is None

    @property
    def public_network_access(self) -> str:
        return "Enabled" if self.public else "Disabled"


def read_network_rules(
    arguments: Arguments, prefix: str, what: str, *, has_endpoint: bool, pairs: bool = True
) -> NetworkRules:
    """`what` is how a message calls the target; `pairs` whether its rules take ranges of two addresses. The
    arguments begin with `prefix`, if there is one.
    """
    begin = prefix and f"{prefix}_"
    ranges_key, subnets_key = f"{begin}allowed_ip_ranges", f"{begin}allowed_subnet_ids"
    public_key, endpoint_key = f"{begin}public_network_access", f"{begin}private_endpoint_subnet_id"
    ip_ranges = read_address_ranges(arguments, ranges_key, public_only=True, pairs=pairs)
    subnet_ids = _read_subnets(arguments, subnets_key)
    is_limited = bool(ip_ranges) or bool(subnet_ids)
    public = arguments.flag(public_key, not has_endpoint or is_limited)
    if not public and is_limited:
        key = ranges_key if ip_ranges else subnets_key
        step = f"take {key} out, or set {public_key} to true"
        expected = f"no rules for a public address that {what} does not have"
        arguments.refuse(f"{public_key} and {key}", f"false, with {key}", expected, step)
    if not public and not has_endpoint:
        step = f"give {endpoint_key}, or set {public_key} to true"
        expected = "a private endpoint where there is no public address"
        arguments.refuse(public_key, "false, and nothing leads there", expected, step)
    return NetworkRules(public, ip_ranges, subnet_ids)


def taken_out_rules(prefix: str) -> Problem:
    """What is wrong where the rules of a target were taken out, with any of the arguments that they follow
    from.
    """
    begin = prefix and f"{prefix}_"
    others = f"{begin}allowed_subnet_ids", f"{begin}private_endpoint_subnet_id"
    return taken_out(f"{begin}allowed_ip_ranges", "an empty map", None, *others)


def is_open(rules: Mapping[str, Any] | None) -> bool:
    """Whether rules as they were sent let everybody in."""
    return rules is None or str(rules.get("defaultAction")) == "Allow"


def _read_subnets(arguments: Arguments, key: str) -> Mapping[str, pulumi.Output[str]] | None:
    if not arguments.has(key):
        return None
    subnets = arguments.plain_map(key, "names to ids of subnets")
    return {
        name: arguments.checked(entry(key, name, subnets), id, id_form(SUBNET))
        for name, id in subnets.items()
    }
