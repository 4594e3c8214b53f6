"""Names of what is put into a vault when it is made: each can be one, and no two are one to the vault."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ..arguments import Arguments
from ..form import Form
from ..shown import entry


@dataclass(frozen=True)
class GeneratedNames:
    """The names in one argument while they are read. `step` is what to do about a name that is none."""

    arguments: Arguments
    key: str
    given: Collection[str]
    form: Form
    step: str
    _seen: dict[str, str] = field(default_factory=dict[str, str])

    def checked(self, name: str) -> str:
        """How a message calls the entry of that name, whose problems are noted."""
        subject = entry(self.key, name, self.given)
        if not self.form.holds(name):
            self.arguments.refuse(subject, self.form.refused(name), self.form.words, self.step)
        elif earlier := self._seen.get(name.lower()):
            step = f"keep one of {earlier} and {subject}: a vault does not tell them apart"
            said = f"the name of {earlier} in other letters"
            self.arguments.refuse(subject, said, "a name that no other differs from in case only", step)
        self._seen.setdefault(name.lower(), subject)
        return subject
