"""Reading a component's arguments: what is plain, what is an Input, and everything that is wrong with them.

Python checks none of this for us: a TypedDict is a plain dict when the program runs, and an Output in the
place of a plain value is simply true. Every reader notes a problem and returns the default, so that one
run reports them all.
"""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar, cast

import pulumi

from .errors import ConfigurationError, Problem

Choice = TypeVar("Choice", bound=Enum)
Check = Callable[[str], bool]


class Arguments:
    """The arguments of one component while they are read. `done` raises what was found wrong."""

    def __init__(self, component: str, name: str, given: Mapping[str, object], known: type) -> None:
        self.component = f"{component} '{name}'"
        self.problems: list[Problem] = []
        self._given = given
        names = list(known.__annotations__)
        for key in given:
            if key not in names:
                close = get_close_matches(key, names, 1)
                step = f"write {close[0]}" if close else "take it out"
                self.refuse(key, "an argument that nothing reads", f"one of {', '.join(names)}", step)

    def has(self, key: str) -> bool:
        """Whether the argument was given; None, which other languages send for what was left out, counts
        as not.
        """
        return self._given.get(key) is not None

    def refuse(self, subject: str, given: str, expected: str, next_step: str) -> None:
        self.problems.append(Problem(subject, given, expected, next_step))

    def done(self) -> None:
        """Raise ConfigurationError with all problems found so far, if any."""
        if self.problems:
            raise ConfigurationError(self.component, self.problems)

    def require(self, key: str, why: str) -> None:
        if not self.has(key):
            self.refuse(key, "nothing", why, f"give {key}")

    def exclude(self, key: str, others: tuple[str, ...], why: str) -> None:
        """Refuse `key` together with any of the others, naming both."""
        for other in others:
            if self.has(key) and self.has(other):
                self.refuse(
                    f"{key} and {other}", "both", f"one of the two: {why}", f"take out {other}, or {key}"
                )

    def pair(self, one: str, other: str) -> None:
        """Refuse one of the two alone."""
        for key, missing in ((one, other), (other, one)):
            if self.has(key) and not self.has(missing):
                step = f"give {missing} too, or take {key} out"
                self.refuse(f"{one} and {other}", f"{key} alone", "both or neither", step)

    def flag(self, key: str, default: bool) -> bool:
        value = self._plain(key, "true or false")
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.refuse(
            key, repr(value), "true or false", f"give true or false, or leave {key} out for {default}"
        )
        return default

    def whole_number(self, key: str, default: int, lowest: int, highest: int) -> int:
        """Whole numbers reach a component in a plugin as floats, so 7.0 is taken for 7."""
        expected = f"a whole number from {lowest} to {highest}"
        value = self._plain(key, expected)
        if value is None:
            return default
        number = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
        if number and lowest <= int(cast(float, value)) <= highest:
            return int(cast(float, value))
        self.refuse(key, repr(value), expected, f"give such a number, or leave {key} out for {default}")
        return default

    def choice(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        """An enum's member, given as such or as its value."""
        values = [str(member.value) for member in kind]
        expected = f"one of {', '.join(values)}"
        value = self._plain(key, expected)
        if value is None:
            return default
        try:
            return kind(value)
        except ValueError:
            close = get_close_matches(str(value), values, 1)
            self.refuse(key, repr(value), expected, f"write {close[0] if close else default.value}")
            return default

    def plain_text(self, key: str, default: str) -> str:
        value = self._plain(key, "a plain text")
        if value is None or isinstance(value, str):
            return default if value is None else value
        self.refuse(key, repr(value), "a text", f"give a text, or leave {key} out for {default}")
        return default

    def plain_map(self, key: str, entries: str) -> dict[str, object]:
        """A map whose keys decide what is created: the map itself may not be an Output; its values are
        returned as given."""
        value = self._plain(key, f"a plain map of {entries}")
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return dict(cast(Mapping[str, object], value))
        self.refuse(key, f"a {type(value).__name__}", f"a map of {entries}", f"write {key} as a map")
        return {}

    def plain_names(self, key: str, check: Check, expected: str) -> list[str]:
        """A plain list of names that decide what is created, each of them once."""
        value = self._plain(key, f"a plain list of names: {expected}")
        if value is None:
            return []
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.refuse(key, repr(value), f"a list of names: {expected}", f"write {key} as a list")
            return []
        names = list(cast(Sequence[object], value))
        for number, name in enumerate(names):
            subject = f"{key}[{number}]"
            if not is_plain(name):
                step = f"decide {subject} in the program or its configuration: it shapes what is created"
                self.refuse(subject, "an Output", f"{expected}, known before anything is created", step)
            elif not isinstance(name, str) or not check(name):
                self.refuse(subject, repr(name), expected, f"give {expected}")
            elif name in names[:number]:
                self.refuse(subject, repr(name), "each name once", "take one of the two out")
        return [name for name in names if isinstance(name, str)]

    def text(self, key: str, check: Check, expected: str) -> pulumi.Output[str] | None:
        """An Input: a plain value is checked now, an Output when it is known. None when it was not given."""
        value = self._given.get(key)
        return None if value is None else self.checked(key, value, check, expected)

    def checked(self, subject: str, value: object, check: Check, expected: str) -> pulumi.Output[str]:
        """`text` for a value from elsewhere than the arguments' top level, such as an entry of a map."""
        component, step = self.component, f"give {expected}"
        if is_plain(value):
            if not isinstance(value, str) or not check(value):
                self.refuse(subject, repr(value), expected, step)
            return pulumi.Output.from_input(cast(str, value))

        def checked_when_known(known: Any) -> str:
            if isinstance(known, str) and check(known):
                return known
            raise ConfigurationError(component, [Problem(subject, repr(known), expected, step)])

        return pulumi.Output.from_input(cast(pulumi.Input[str], value)).apply(checked_when_known)

    def texts(self, key: str) -> pulumi.Output[Mapping[str, str]] | None:
        """An Input map of texts that needs no check, such as tags; None when it was not given."""
        value = self._given.get(key)
        return (
            None if value is None else pulumi.Output.from_input(cast(pulumi.Input[Mapping[str, str]], value))
        )

    def raw(self, key: str) -> object:
        """The argument as given, for a reader that knows its form better than this class."""
        return self._given.get(key)

    def _plain(self, key: str, expected: str) -> object:
        value = self._given.get(key)
        if value is None or is_plain(value):
            return value
        step = f"decide {key} in the program or its configuration: it shapes what is created"
        self.refuse(key, "an Output", f"{expected}, known before anything is created", step)
        return None


def is_plain(value: object) -> bool:
    """Whether a value is known now: neither an Output nor something to await."""
    return not isinstance(value, pulumi.Output) and not hasattr(value, "__await__")


def given_only(**arguments: object) -> dict[str, Any]:
    """The arguments that have a value, for passing on what a caller may have left out."""
    return {key: value for key, value in arguments.items() if value is not None}
