"""Reading a component's arguments: what is an Input, what is a record, and what contradicts each other.

What is plain is read as `PlainArguments` has it. Python checks none of this for us, so every reader notes a
problem and returns the default, and one run reports them all.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, cast

import pulumi
from pulumi.output import UNKNOWN

from .errors import ConfigurationError, Give, Problem, Step, TakeOut
from .form import Form
from .plain import is_plain
from .plain_arguments import PlainArguments
from .shown import VARIABLE, described, entry, entry_name

Answers = Mapping[str, tuple[str, str]]
"""Arguments that people ask for and that do not exist, to what is expected instead and the next step."""


class Arguments(PlainArguments):
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
        super().__init__(given, [], "")
        self.component = f"{component} '{name}'"
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

    def is_taken_back(self, key: str) -> bool:
        """Whether it was given as an empty text: the opposite of what it may have given in an earlier run."""
        return self._given.get(key) == ""

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
        PlainArguments.__init__(read, cast(Mapping[str, object], given), self.problems, path)
        read.component = self.component
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
