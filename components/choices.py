"""One parse, one lane: arguments are read once into choices, and choices are what travels on.

A component that is made of others hands them the choices that it read, in the place of arguments.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from .arguments import Answers, Arguments

Choices = TypeVar("Choices")


class Chosen(dict[str, Any]):
    """What a component gets from one that read its arguments already, where others give it arguments."""

    def __init__(self, choices: object) -> None:
        super().__init__()
        self.choices = choices


def read_once(
    component: str,
    name: str,
    args: Mapping[str, Any],
    known: type,
    read: Callable[[Arguments], Choices],
    answers: Answers | None = None,
) -> Choices:
    """The choices in a component's arguments. Raises ConfigurationError with all that is wrong with them."""
    if isinstance(args, Chosen):
        return cast(Choices, args.choices)
    arguments = Arguments(component, name, args, known, answers)
    choices = read(arguments)
    arguments.done()
    return choices
