"""How it is said what is wrong with arguments, all of it at once and each with a way out; and warnings."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, cast

import pulumi

SPELLING: Final[ContextVar[Callable[[str], str]]] = ContextVar("SPELLING", default=str)
"""How arguments are called where a component is used: a plugin package serves other languages, too."""


def warn(words: str, about: pulumi.Resource | None = None) -> None:
    """A warning, with arguments called as they are where the component is used."""
    pulumi.log.warn(SPELLING.get()(words), about)


def warn_of_secret(value: object, words: str) -> None:
    """A warning where an Output is a secret; of what is no Output nobody knows."""
    if not isinstance(value, pulumi.Output):
        return

    def warn_if(is_secret: bool) -> None:
        if is_secret:
            warn(words)

    pulumi.Output.from_input(cast(pulumi.Output[Any], value).is_secret()).apply(warn_if)


@dataclass(frozen=True)
class Give:
    """An argument, or an entry of a map (`secrets[DB]`), gets a value: None for one that the reader knows."""

    subject: str
    value: str | None = None


@dataclass(frozen=True)
class TakeOut:
    """An argument, or one entry of a map, goes."""

    subject: str


@dataclass(frozen=True)
class Rename:
    """An entry of a map gets another name. Its value stays what it is, and no message repeats it."""

    subject: str
    name: str


Change = Give | TakeOut | Rename


@dataclass(frozen=True)
class Step:
    """What to do, in words. `changes` say the same to whoever keeps arguments in a form of their own, such as
    a stack's configuration, and there adds the `command` that makes them.
    """

    words: str
    changes: tuple[Change, ...] = ()
    command: str = ""


NextStep = str | Step | tuple[Step, ...]
"""One thing to do, or several of which each is enough."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the argument, the value given, the form expected, and what to do about it."""

    subject: str
    given: str
    expected: str
    next_step: NextStep

    @property
    def steps(self) -> tuple[Step, ...]:
        """The alternatives, of which each is enough."""
        if isinstance(self.next_step, str):
            return (Step(self.next_step),)
        return (self.next_step,) if isinstance(self.next_step, Step) else self.next_step


class ConfigurationError(pulumi.RunError):
    """A component was not declared because its arguments have problems; or nothing was, because a stack's
    configuration has.

    The engine prints the text of a RunError without a Python traceback. `problems` holds them one by one.
    """

    def __init__(self, component: str, problems: Sequence[Problem]) -> None:
        problems = tuple(dict.fromkeys(problems))  # parts of a whole may have found the same one
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"{component} has {count}:"]
        for number, problem in enumerate(problems, 1):
            lines += [
                f"  {number}. {problem.subject}",
                f"     given     {problem.given}",
                f"     expected  {problem.expected}",
            ]
            for first, step in zip(("next", *["or  "] * len(problem.steps)), problem.steps, strict=False):
                lines += [f"     {first}      {step.words}"]
                lines += [f"               {step.command}"] if step.command else []
        super().__init__(SPELLING.get()("\n".join(lines)))
        self.problems = problems
