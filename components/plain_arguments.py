"""Reading those of a component's arguments that are plain: they decide what is created.

Python checks none of this for us: a TypedDict is a plain dict when the program runs, and an Output in the
place of a plain value is simply true. Every reader notes a problem and returns the default, so that one
run reports them all.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar, cast

from .errors import Give, NextStep, Problem, Step, TakeOut
from .form import Form
from .plain import as_whole_number, is_plain
from .shown import compared, described, entry

Choice = TypeVar("Choice", bound=Enum)


class PlainArguments:
    """What is plain among the arguments of one component, or of a record in them, which stands at `path`."""

    def __init__(self, given: Mapping[str, object], problems: list[Problem], path: str) -> None:
        self.problems = problems
        self.path = path
        self._given = given

    def at(self, key: str) -> str:
        """How a message calls an argument: with the path of the record that it stands in."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether the argument was given; None, which other languages send for what was left out, counts
        as not.
        """
        return self._given.get(key) is not None

    def refuse(self, subject: str, given: str, expected: str, next_step: NextStep) -> None:
        self.problems.append(Problem(subject, given, expected, next_step))

    def flag(self, key: str, default: bool) -> bool:
        value = self._plain(key, "true or false")
        if value is None or isinstance(value, bool):
            return default if value is None else value
        step = f"give true or false, or leave {self.at(key)} out for {default}"
        self.refuse(self.at(key), described(value), "true or false", step)
        return default

    def whole_number(self, key: str, default: int, lowest: int, highest: int, left_out: str = "") -> int:
        """Whole numbers reach a component in a plugin as floats, so 7.0 is taken for 7. `left_out` says what
        leaving it out gives, where that is not the default.
        """
        expected = f"a whole number from {lowest} to {highest}"
        value = self._plain(key, expected)
        if value is None:
            return default
        number = as_whole_number(value)
        if number is not None and lowest <= number <= highest:
            return number
        near = default if number is None else min(max(number, lowest), highest)
        steps = (
            Step(f"write {near}", (Give(self.at(key), str(near)),)),
            Step(f"leave {self.at(key)} out for {left_out or default}", (TakeOut(self.at(key)),)),
        )
        self.refuse(self.at(key), compared(value, lowest, highest), expected, steps)
        return default

    def number(self, key: str, default: float, lowest: float, highest: float) -> float:
        expected = f"a number from {lowest:g} to {highest:g}"
        value = self._plain(key, expected)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= highest:
            return float(value)
        said = compared(value, lowest, highest)
        step = Step(f"leave {self.at(key)} out for {default:g}", (TakeOut(self.at(key)),))
        self.refuse(self.at(key), said, expected, step)
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
            # Members of an enum are written SYSTEM_ASSIGNED in Python and SystemAssigned elsewhere.
            spelt = re.sub(r"(?<=[a-z])(?=[A-Z])|[_ ]", "-", str(value)).lower()
            close = get_close_matches(spelt, [one.lower() for one in values], 1)
            meant = next((one for one in values if one.lower() in close), str(default.value))
            step = Step(f"write {meant}", (Give(self.at(key), meant),))
            self.refuse(self.at(key), described(value), expected, step)
            return default

    def plain_text(self, key: str, default: str) -> str:
        value = self._plain(key, "a plain text")
        if value is None or isinstance(value, str):
            return default if value is None else value
        step = f"give a text, or leave {self.at(key)} out for {default}"
        self.refuse(self.at(key), described(value), "a text", step)
        return default

    def plain_map(self, key: str, entries: str) -> dict[str, object]:
        """A map whose keys decide what is created: the map itself may not be an Output; its values are
        returned as given. Names that are no texts are refused, and left out.
        """
        value = self._plain(key, f"a plain map of {entries}")
        if value is None:
            return {}
        if isinstance(value, Mapping):
            given = cast(Mapping[object, object], value)
            for name in given:
                if not isinstance(name, str):
                    subject = entry(self.at(key), name, given)
                    self.refuse(subject, described(name), f"a map of {entries}", "write the name as a text")
            return {name: each for name, each in given.items() if isinstance(name, str)}
        subject = self.at(key)
        self.refuse(subject, described(value), f"a map of {entries}", f"write {subject} as a map")
        return {}

    def plain_names(self, key: str, form: Form) -> list[str]:
        """A plain list of names that decide what is created, each of them once."""
        expected = form.words
        value = self._plain(key, f"a plain list of names: {expected}")
        if value is None:
            return []
        if isinstance(value, str) or not isinstance(value, Sequence):
            step = f"write {self.at(key)} as a list"
            self.refuse(self.at(key), described(value), f"a list of names: {expected}", step)
            return []
        names = list(cast(Sequence[object], value))
        for number, name in enumerate(names):
            subject = f"{self.at(key)}[{number}]"
            if not is_plain(name):
                self._refuse_output(subject, expected)
            elif not form.holds(name):
                self.refuse(subject, form.refused(name), expected, f"give {expected}")
            elif (one := str(name).lower()) in (before := [str(other).lower() for other in names[:number]]):
                # In Azure, names that differ in case only are one.
                again = f"the name in {self.at(key)}[{before.index(one)}] once more"
                self.refuse(subject, again, "each name once", "take one of the two out")
        return [name for name in names if isinstance(name, str)]

    def _plain(self, key: str, expected: str) -> object:
        value = self._given.get(key)
        if value is None or is_plain(value):
            return value
        self._refuse_output(self.at(key), expected)
        return None

    def _refuse_output(self, subject: str, expected: str) -> None:
        step = f"decide {subject} in the program or its configuration: it shapes what is created"
        self.refuse(subject, "an Output", f"{expected}, known before anything is created", step)
