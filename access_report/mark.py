"""How a comment is found again, and of which run and commit it speaks: its first line, which nobody sees."""

import re
from dataclasses import dataclass
from typing import Final, Self

_NAME: Final = re.compile(r"<!-- keyless access report: ((?:[0-9a-f]{2})+)")
_MOMENT: Final = re.compile(r"; run (\d{1,20})\.(\d{1,9}) (begun|ended); commit ([0-9a-f]{7,64}) -->$")


@dataclass(frozen=True)
class Moment:
    """One run, when it began or when it ended. `commit` is the pull request's newest one then."""

    run: int
    attempt: int
    has_ended: bool
    commit: str

    @property
    def order(self) -> tuple[int, int, bool]:
        """What grows: GitHub gives a later run a greater id, and one that is run again a greater attempt."""
        return self.run, self.attempt, self.has_ended

    @classmethod
    def read(cls, comment: str) -> Self | None:
        """Of which a comment speaks; None of one by an earlier version, or by hand."""
        found = _MOMENT.search(comment.partition("\n")[0])
        if found is None:
            return None
        return cls(int(found[1]), int(found[2]), found[3] == "ended", found[4])


def mark(project: str, moment: Moment) -> str:
    """The first line of the comment on a pull request. No name in it can end it."""
    word = "ended" if moment.has_ended else "begun"
    where = f"run {moment.run}.{moment.attempt} {word}; commit {moment.commit}"
    return f"<!-- keyless access report: {project.encode().hex()}; {where} -->"


def is_of(project: str, comment: str) -> bool:
    """Whether a comment is the one of this project, or one of a single stack of it, as earlier versions
    wrote them."""
    found = _NAME.match(comment)
    if found is None:
        return False
    name = bytes.fromhex(found[1]).decode(errors="replace")
    return name == project or name.startswith(f"{project}/")
