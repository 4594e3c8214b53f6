"""What a rule is: what it asks for, why, what to do about what breaks it, and how it judges."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pulumi_policy import EnforcementLevel

from access_report.following import Directory
from access_report.resources import Resource


@dataclass(frozen=True)
class Options:
    """What the configuration says of one rule besides level and waivers, what it leaves out by its default;
    and the day on which it is judged.
    """

    values: Mapping[str, Any]
    today: date

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Option:
    """One option of a rule: its JSON schema, with a description, and what holds where it is left out."""

    schema: Mapping[str, Any]
    default: Any


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule has. `id` is what configuration calls it, and never changes."""

    id: str
    what: str
    """What is asked for, in one sentence."""
    why: str
    """Why, in one sentence; `source` is the Microsoft page that says so."""
    source: str
    step: str
    """What to do in the program."""
    level: EnforcementLevel = EnforcementLevel.MANDATORY
    options: Mapping[str, Option] = field(default_factory=dict[str, Option])


@dataclass(frozen=True, kw_only=True)
class ResourceRule(Rule):
    """A rule on one resource by itself, judged before it is written. `judge` says what is wrong with it, a
    clause for each; of what a preview does not know it says nothing, and is asked again in the update.
    """

    types: tuple[str, ...]
    """azure-native's types, such as `web:WebApp`, in every api-version, and whole tokens of other packages;
    none stands for all.
    """
    judge: Callable[[Resource, Options], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class StackRule(Rule):
    """A rule on how resources of a stack belong together, judged when all are known."""

    judge: Callable[[Directory, Options], Iterable[tuple[Resource, str]]]
