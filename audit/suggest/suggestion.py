"""What is proposed for one stack: the program as it would be, what of it could not be changed, and why grants
stay.
"""

import copy
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from audit.evidence import Audit
from audit.suggest.changes import AbsentError, Change, Line, NotEditableError, Source
from audit.suggest.project import Project
from audit.suggest.wishes import Stays, Wish, wishes

_OWN: Final = "none of its links asks for it: the component needs it for itself, or another argument does"


@dataclass(frozen=True)
class Proposed:
    """A wish that is in the new texts, and where it changes them."""

    wish: Wish
    lines: Sequence[Line]


@dataclass(frozen=True)
class Unwritten:
    """A wish that nobody can write for sure but whoever wrote the program: why, where, and what to write."""

    wish: Wish
    why: str
    at: str
    """File and line; empty where no file of the program is known to be the place."""
    words: Sequence[str]


@dataclass(frozen=True)
class Suggestion:
    """`files` are texts before and after, by path from the program's folder."""

    audit: Audit
    days: int
    proposed: Sequence[Proposed]
    unwritten: Sequence[Unwritten]
    stays: Sequence[Stays]
    files: Mapping[str, tuple[str, str]]
    sources: Sequence[Source]

    @property
    def diff(self) -> str:
        """As `git apply` takes it, from the program's folder."""
        return "".join(_diff(file, *texts) for file, texts in sorted(self.files.items()))


def suggest(audit: Audit, project: Project, days: int) -> Suggestion:
    """Write what the evidence of `days` whole days asks for. Raises NotEditableError for a program of which
    nothing can be read.
    """
    sources = list(project.sources(audit.stack.name, audit.stack.directory.snapshot))
    proposed, unwritten, stays = list[Proposed](), list[Unwritten](), list[Stays]()
    for one in wishes(audit, days):
        if isinstance(one, Stays):
            stays.append(one)
            continue
        try:
            lines, sources = _written(one, sources, project)
            proposed.append(Proposed(one, lines))
        except AbsentError:
            stays += [Stays(evidence, _OWN) for evidence in one.of]
        except NotEditableError as error:
            recorded = one.of[0].of.line
            at = str(error.at or recorded or "")
            unwritten.append(Unwritten(one, error.why, at, [change.words() for change in one.changes]))
    files = {
        file: ((project.folder / file).read_text(encoding="utf-8"), text)
        for source in sources
        for file, text in source.texts().items()
    }
    return Suggestion(audit, days, proposed, unwritten, stays, files, sources)


def _written(wish: Wish, sources: Sequence[Source], project: Project) -> tuple[list[Line], list[Source]]:
    """The lines that one wish changes, and the sources with all of it."""
    try:
        return _all(wish.changes, sources, project)
    except NotEditableError:
        if not wish.otherwise:
            raise
        return _all(wish.otherwise, sources, project)


def _all(
    changes: Iterable[Change], sources: Sequence[Source], project: Project
) -> tuple[list[Line], list[Source]]:
    changed = [copy.copy(source) for source in sources]
    return [_apply(change, changed, project) for change in changes], changed


def _apply(change: Change, sources: Sequence[Source], project: Project) -> Line:
    of = change.of
    for one in (of, *of.around):
        for source in sources:
            if source.declares(one):
                return source.apply(replace(change, of=one))
    if not sources:
        raise NotEditableError(f"the program is written in {project.runtime}, which is not changed here")
    raise NotEditableError(f"no file of the program declares {of} by a name that is written out")


def _diff(file: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
    )
    # As git has it where a file does not end with a line break.
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
