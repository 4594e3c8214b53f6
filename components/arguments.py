"""Reading a component's arguments: what is plain, what is an Input, and everything that is wrong with them.

Python checks none of this for us: a TypedDict is a plain dict when the program runs, and an Output in the
place of a plain value is simply true. Every reader notes a problem and returns the default, so that one
run reports them all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar, cast

import pulumi
from pulumi.output import UNKNOWN

from .errors import ConfigurationError, Give, NextStep, Problem, Step, TakeOut
from .form import Form
from .plain import as_whole_number, is_plain
from .shown import VARIABLE, compared, described, entry, entry_name

Choice = TypeVar("Choice", bound=Enum)
Answers = Mapping[str, tuple[str, str]]
"""Arguments that people ask for and that do not exist, to what is expected instead and the next step."""


class Arguments:
    """The arguments of one component while they are read. `done` raises what was found wrong.

    A record in them is read by one of its own, which notes its problems here, under the record's `path`.
    """

    def __init__(
        self,
        component: str,
        name: str,
        given: Mapping[str, object],
        known: type,
        answers: Answers | None = None,
    ) -> None:
        self.component = f"{component} '{name}'"
        self.problems: list[Problem] = []
        self.path = ""
        self._given = given
        self._refuse_unknown(known, answers or {})

    def _refuse_unknown(self, known: type, answers: Answers) -> None:
        names = list(known.__annotations__)
        for given in self._given:
            subject = self.at(entry_name(given, self._given, VARIABLE))
            if given in answers:
                self.refuse(subject, "an argument that there is not", *answers[given])
            elif given not in names:
                close = get_close_matches(str(given), names, 1)
                step = f"write {close[0]}" if close else "take it out"
                self.refuse(subject, "an argument that nothing reads", f"one of {', '.join(names)}", step)

    def at(self, key: str) -> str:
        """How a message calls an argument: with the path of the record that it stands in."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether the argument was given; None, which other languages send for what was left out, counts
        as not.
        """
        return self._given.get(key) is not None

    def is_taken_back(self, key: str) -> bool:
        """Whether it was given as an empty text: the opposite of what it may have given in an earlier run."""
        return self._given.get(key) == ""

    def refuse(self, subject: str, given: str, expected: str, next_step: NextStep) -> None:
        self.problems.append(Problem(subject, given, expected, next_step))

    def done(self) -> None:
        """Raise ConfigurationError with all problems found so far, if any."""
        if self.problems:
            raise ConfigurationError(self.component, self.problems)

    def require(self, key: str, why: str) -> None:
        if not self.has(key):
            step = Step(f"give {self.at(key)}", (Give(self.at(key)),))
            self.refuse(self.at(key), "nothing", why, step)

    def exclude(self, key: str, others: tuple[str, ...], why: str) -> None:
        """Refuse `key` together with any of the others, naming both. What is empty says nothing."""
        for other in others:
            if all(self.has(one) and self.raw(one) not in ("", {}, []) for one in (key, other)):
                self.refuse(
                    f"{self.at(key)} and {self.at(other)}",
                    "both",
                    f"one of the two: {why}",
                    f"take out {self.at(other)}, or {self.at(key)}",
                )

    def pair(self, one: str, other: str) -> None:
        """Refuse one of the two alone."""
        for key, missing in ((one, other), (other, one)):
            if self.has(key) and not self.has(missing):
                steps = (
                    Step(f"give {self.at(missing)} too", (Give(self.at(missing)),)),
                    Step(f"take {self.at(key)} out", (TakeOut(self.at(key)),)),
                )
                subject, given = f"{self.at(one)} and {self.at(other)}", f"{self.at(key)} alone"
                self.refuse(subject, given, "both or neither", steps)

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

    def record(self, key: str, known: type) -> "Arguments | None":
        """The arguments in a record; None where it was not given, or is none."""
        return self._record(self.at(key), self._given.get(key), known)

    def records(self, key: str, known: type, entries: str) -> Iterator[tuple[str, "Arguments"]]:
        """The records of a map by the names that the user gave them."""
        records = self.plain_map(key, entries)
        for name, given in records.items():
            read = self._record(entry(self.at(key), name, records), given, known)
            if read is not None:
                yield name, read

    def _record(self, path: str, given: object, known: type) -> "Arguments | None":
        if given is None:
            return None
        if not is_plain(given):
            self._refuse_output(path, "a plain record, whose ids and endpoints may be Outputs")
            return None
        if not isinstance(given, Mapping):
            step = f"write {path} as a record"
            self.refuse(path, described(given), f"a record of {', '.join(known.__annotations__)}", step)
            return None
        read = object.__new__(Arguments)
        read.component, read.problems, read.path = self.component, self.problems, path
        read._given = cast(Mapping[str, object], given)
        read._refuse_unknown(known, {})
        return read

    def text(self, key: str, form: Form) -> pulumi.Output[str] | None:
        """An Input: a plain value is checked now, an Output when it is known. None when it was not given."""
        value = self._given.get(key)
        return None if value is None else self.checked(self.at(key), value, form)

    def text_or_taken_back(self, key: str, form: Form) -> pulumi.Output[str] | None:
        """`text`, and an empty one where it is plain. What follows from it is decided before an Output is
        known, which has to be of the form: an empty id as a scope would be everything.
        """
        return self.text(key, form.or_empty() if self.is_taken_back(key) else form)

    def checked(self, subject: str, value: object, form: Form) -> pulumi.Output[str]:
        """`text` for a value from elsewhere than the arguments' top level, such as an entry of a map."""
        component, step = self.component, Step(f"give {form.words}", (Give(subject),))
        if is_plain(value):
            if not form.holds(value):
                self.refuse(subject, form.refused(value), form.words, step)
                return pulumi.Output.from_input(cast(str, UNKNOWN))  # nothing that follows reads it
            return pulumi.Output.from_input(value)

        def checked_when_known(known: Any) -> str:
            if known is None and pulumi.runtime.is_dry_run():
                return cast(str, UNKNOWN)  # what Azure adds to an answer is missing in an update's preview
            if form.holds(known):
                return known
            raise ConfigurationError(component, [Problem(subject, form.refused(known), form.words, step)])

        return pulumi.Output.from_input(cast(pulumi.Input[str], value)).apply(checked_when_known)

    def raw(self, key: str) -> Any:
        """The argument as given, for a reader that knows its form better than this class."""
        return self._given.get(key)

    def _plain(self, key: str, expected: str) -> object:
        value = self._given.get(key)
        if value is None or is_plain(value):
            return value
        self._refuse_output(self.at(key), expected)
        return None

    def _refuse_output(self, subject: str, expected: str) -> None:
        step = f"decide {subject} in the program or its configuration: it shapes what is created"
        self.refuse(subject, "an Output", f"{expected}, known before anything is created", step)
