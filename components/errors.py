"""How a component says what is wrong with its arguments: everything at once, each with a way out."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

import pulumi

SPELLING: Final[ContextVar[Callable[[str], str]]] = ContextVar("SPELLING", default=str)
"""How arguments are called where a component is used: a plugin package serves other languages, too."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the argument, the value given, the form expected, and what to do about it."""

    subject: str
    given: str
    expected: str
    next_step: str


class ConfigurationError(pulumi.RunError):
    """A component was not declared because its arguments have problems.

    The engine prints the text of a RunError without a Python traceback. `problems` holds them one by one.
    """

    def __init__(self, component: str, problems: Sequence[Problem]) -> None:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"{component} has {count}:"]
        for number, problem in enumerate(problems, 1):
            lines += [
                f"  {number}. {problem.subject}",
                f"     given     {problem.given}",
                f"     expected  {problem.expected}",
                f"     next      {problem.next_step}",
            ]
        super().__init__(SPELLING.get()("\n".join(lines)))
        self.problems = tuple(problems)
