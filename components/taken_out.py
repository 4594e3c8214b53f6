"""An argument that was taken out, where Azure would keep what it gave.

App Service takes a property that a write leaves out, or says null of, as no change, and other services may.
A program does not know what it said before; the engine does, and tells a hook. So what was given once is
refused when it is missing, and the way out is a value that says the opposite: once that is written, the
argument can go. Sent always, the opposite would change every stack of an earlier release.
Source: https://github.com/pulumi/pulumi-azure-native/issues/4204
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import pulumi

from .errors import ConfigurationError, Give, Problem, Step

_GIVEN: Final = "nothing, where an earlier run, an import or somebody by hand gave something"
_EXPECTED: Final = "a value that keeps it or takes it back: Azure keeps what a write leaves out"
_NO_WAY_BACK: Final = (
    "a value: Azure keeps what a write leaves out, and none of its values says that it is left out"
)


def _is_empty(value: object) -> bool:
    return not value


@dataclass(frozen=True)
class Kept:
    """A property that stays when it is not sent: its `path` in a resource's inputs, and what is wrong where
    it is sent no longer. `is_neutral` tells of what was sent whether nothing would stay of it.
    """

    path: str
    problem: Problem
    is_neutral: Callable[[Any], bool] = _is_empty

    def is_lost(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Whether it was sent before, is not any more, and would stay."""
        return not self.is_neutral(_at(self.path, old)) and _at(self.path, new) is None


def taken_out(argument: str, opposite: str, value: str | None = None, *others: str) -> Problem:
    """What is wrong where `argument`, or one of `others`, was taken out. `opposite` says in words what to
    give instead, for one run; `value` is that as a text, where a stack's configuration can say it.
    """
    words = f"to take it back, give {argument} {opposite} for one run; after that it can be left out"
    steps = (
        Step(words, (Give(argument, value),)),
        Step(f"to keep what is there, say it in {' or '.join((argument, *others))}", (Give(argument),)),
    )
    return Problem(", ".join((argument, *others)), _GIVEN, _EXPECTED, steps)


def never_taken_out(argument: str, own: str) -> Problem:
    """What is wrong where `argument` was taken out, and Azure has no value that takes it back: it is said for
    good. `own` says in words which value Azure would take by itself.
    """
    steps = (
        Step(f"to keep what is there, say it in {argument}", (Give(argument),)),
        Step(f"to have what Azure takes by itself, say that in {argument}: {own}", (Give(argument),)),
    )
    return Problem(argument, _GIVEN, _NO_WAY_BACK, steps)


def lost(kept: Sequence[Kept], hook: pulumi.ResourceHookArgs) -> list[Problem]:
    """What is wrong with an update that leaves out what it says of an earlier one."""
    old, new = hook.old_inputs or {}, hook.new_inputs or {}
    return [one.problem for one in kept if one.is_lost(old, new)]


def refuse_taken_out(component: str, kept: Sequence[Kept]) -> Callable[[pulumi.ResourceHookArgs], None]:
    """What a hook does before an update; `component` is how a message calls it."""

    def check(hook: pulumi.ResourceHookArgs) -> None:
        if problems := lost(kept, hook):
            raise ConfigurationError(component, problems)

    return check


def _at(path: str, inputs: Mapping[str, Any]) -> Any:
    """The value at a path such as siteConfig.healthCheckPath; None where there is none."""
    found: Any = inputs
    for name in path.split("."):
        found = cast(Mapping[str, Any], found).get(name) if isinstance(found, Mapping) else None
    return found
