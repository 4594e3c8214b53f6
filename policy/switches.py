"""Judgements that several rules share: a switch that is to be off, a network that is to be closed."""

from collections.abc import Callable, Iterator
from typing import Final

from access_report.resources import UNKNOWN, Resource
from policy.reading import at, truth
from policy.rule import Options

Judge = Callable[[Resource, Options], Iterator[str]]
_CLOSED: Final = ("disabled", "securedbyperimeter")


def off(path: str, what: str) -> Judge:
    """Of a resource, `what` in a sentence, the switch at `path` is not on."""

    def judge(resource: Resource, _: Options) -> Iterator[str]:
        if truth(at(resource, path)):
            yield f"{path} of {what} {resource.name} is true"

    return judge


def closed(public: str, rules: str, what: str) -> Judge:
    """A resource takes no public network at the path `public`, or its network `rules` deny by default."""

    def judge(resource: Resource, _: Options) -> Iterator[str]:
        access, rule = at(resource, public), at(resource, f"{rules}.defaultAction")
        is_closed = str(access).lower() in _CLOSED or str(rule).lower() == "deny"
        if UNKNOWN not in (access, rule) and not is_closed:
            yield f"{what} {resource.name} answers every network"

    return judge
