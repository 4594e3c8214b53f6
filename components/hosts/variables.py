"""The one merge of everything that tells code a variable: nothing is told twice, no value vanishes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .. import shown
from ..errors import Problem, Rename, Step, TakeOut
from ..links.link import Variables
from ..links.needs import link_in
from ..plain import is_plain

CREDENTIALS: Final = frozenset(
    {
        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_PASSWORD",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "AZURE_TOKEN_CREDENTIALS",
        "AZURE_USERNAME",
        "IMDS_ENDPOINT",
    }
)
"""What makes code find another credential than the identity that the platform gives it.
https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables"""

TOKEN_ENDPOINTS: Final = frozenset({"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"})
"""Where code asks for a token, wherever a platform says so by a variable.
https://learn.microsoft.com/python/api/azure-identity/azure.identity.managedidentitycredential"""

_ENTRY: Final = re.compile(r"(^|\.)(settings|secrets)\[")
"""How messages call one entry of a map that the caller wrote."""
_ANOTHER_BEGINNING: Final = "another beginning for the names of its variables"

_SEARCH: Final = "AZURE_TOKEN_CREDENTIALS"
_WITH_THE_IDENTITY: Final = ("prod", "managedidentitycredential")
"""Searches that still find the identity:
https://learn.microsoft.com/azure/developer/python/sdk/authentication/credential-chains"""


def narrows_the_search(name: str, value: object) -> bool:
    """Whether a setting makes code look in fewer places, among which the identity is. What is an Output is
    asked again when it is known.
    """
    if name.upper() != _SEARCH:
        return False
    return not is_plain(value) or str(value).lower() in _WITH_THE_IDENTITY


@dataclass(frozen=True)
class Platform:
    """How a host's system treats variables.

    `same` maps names to what the system tells them apart by; `injected` are those that it sets itself, in
    capitals, and `injected_prefixes` how others of them begin. `refused` are the beginnings of names that
    have no place on it, to what is expected instead and the next step.
    """

    words: str
    same: Callable[[str], str]
    injected: frozenset[str]
    injected_prefixes: tuple[str, ...] = ()
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


def problems_with(
    platform: Platform, derived: Sequence[Variables], chosen: Sequence[Variables]
) -> list[Problem]:
    """Variables that two sources tell, and those that are nobody's to tell, one problem each. `derived` are
    names that the component chose, `chosen` those that the caller did.
    """
    problems: list[Problem] = []
    told: dict[str, tuple[str, str]] = {}
    for variables, by_caller in [*((one, False) for one in derived), *((one, True) for one in chosen)]:
        for name, source in variables:
            earlier = told.setdefault(platform.same(name), (name, source))
            if earlier != (name, source):
                problems.append(_told_twice(platform, earlier, (name, source)))
            elif by_caller:
                problems += _reserved(platform, name, source)
    return problems


def _told_twice(platform: Platform, one: tuple[str, str], other: tuple[str, str]) -> Problem:
    """What the caller wrote by hand comes first: that is what can be taken out."""
    (second, also_by), (first, by) = sorted((one, other), key=lambda told: _ENTRY.search(told[1]) is not None)
    name = shown.name(second)
    given = f"{shown.name(first)} and {name}, which are one variable {platform.words}"
    if first == second:
        given = f"{name} from both"
    if _ENTRY.search(also_by):
        step = Step(f"keep one of the two: take {by} out, or rename it, here and in the app", (TakeOut(by),))
    elif _ENTRY.search(by):
        words = f"take {by} out, or rename it, here and in the app: {also_by} sets {name}"
        step = Step(words, (TakeOut(by),))
    elif link := link_in(by):
        step = Step(f"give {link}.variables, {_ANOTHER_BEGINNING}")
    else:
        step = Step(f"give {by} another name")
    return Problem(f"{by} and {also_by}", given, "one source for each variable", step)


def _reserved(platform: Platform, name: str, source: str) -> list[Problem]:
    upper, take_out, why = platform.same(name).upper(), (TakeOut(source),), ""
    refused = [said for prefix, said in platform.refused.items() if upper.startswith(prefix)]
    if upper in CREDENTIALS:
        why = ": code gets a token with the identity, and needs no other credential"
        expected = "no variable that changes which credential code finds"
        step = Step(f"take {source} out{why}", take_out)
    elif upper in platform.injected or upper.startswith(platform.injected_prefixes):
        why = ": the platform sets this one, and code relies on it"
        expected = "a variable that the platform does not set itself"
        step = Step(f"choose another name{why}", (Rename(source, "<NAME>"),))
    elif refused:
        expected, words = refused[0]
        step = Step(words, take_out)
    else:
        return []
    if not _ENTRY.search(source):  # nobody wrote the name: it follows from the link's
        step = Step(f"give {link_in(source)}.variables, {_ANOTHER_BEGINNING}{why}")
    return [Problem(source, shown.name(name), expected, step)]
