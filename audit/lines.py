"""The line of a program that made a resource, as the engine records it in a state.

Every resource is kept with the stack of calls that registered it; one of a program in another language with
the place where it is declared, or without any.
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go (`sourcePosition`, `stackTrace`)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from access_report.resources import Values, entries, items

_POSITION: Final = re.compile(r"project:///(?P<file>[^#]+)#(?P<line>\d+)(?:,\d+)?")
OURS: Final = "keyless:index:"
_PACKAGE: Final = re.compile(r"(?:.*/)?(?:components|keyless_azure)/")
"""Where the components' own code lies: as in their repository, or as it is installed."""
_PACKAGES: Final = ("/site-packages/", "/dist-packages/", "/node_modules/")


@dataclass(frozen=True)
class Line:
    """A place in the program: a file, relative to the folder of `Pulumi.yaml`, and a line from 1 on."""

    file: str
    line: int
    called_from: "Line | None" = None
    """Where the function that the line is in was called, when it is in one."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f", called from {self.called_from}" if self.called_from else "")


class Lines:
    """Of one state. Frames of this project's components and of installed packages are not the program's."""

    def __init__(self, resources: Sequence[Values]) -> None:
        self._by_urn: Mapping[str, Values] = {str(one.get("urn")): one for one in resources}
        self._packages = set(_folders(self._by_urn))

    def of(self, urn: str) -> Line | None:
        """The line that made a resource, or the nearest component around it that has one; None where the
        engine recorded none.
        """
        passed = set[str]()
        while urn in self._by_urn and urn not in passed:
            passed.add(urn)
            found = self._line(self._by_urn[urn])
            if found is not None:
                return found
            urn = str(self._by_urn[urn].get("parent") or "")
        return None

    def _line(self, resource: Values) -> Line | None:
        if str(resource.get("type")) == "pulumi:pulumi:Stack":
            return None
        frames = [frame for frame in _frames(resource) if self._is_of_program(frame[0])]
        line: Line | None = None
        for file, number in reversed(frames):
            line = Line(file, number, line)
        return line

    def _is_of_program(self, file: str) -> bool:
        # What begins with a full stop lies outside, or in a folder that is kept out of sight, as `.venv` is.
        outside = file.startswith((".", "venv/")) or any(part in f"/{file}" for part in _PACKAGES)
        return not outside and not any(file.startswith(package) for package in self._packages)


def _folders(by_urn: Mapping[str, Values]) -> Iterator[str]:
    """Where the components' own code lies, by what their children are made in."""
    for resource in by_urn.values():
        around = by_urn.get(str(resource.get("parent") or ""), {})
        if str(around.get("type")).startswith(OURS) and not str(resource.get("type")).startswith(OURS):
            for file, _ in _frames(resource)[:1]:
                found = _PACKAGE.match(file)
                if found:
                    yield found[0]


def _frames(resource: Values) -> list[tuple[str, int]]:
    """File and line of each frame that has them, from the innermost on."""
    trace: Sequence[Any] = items(resource.get("stackTrace")) or [resource]
    found = (_POSITION.fullmatch(str(entries(frame).get("sourcePosition") or "")) for frame in trace)
    return [(one["file"], int(one["line"])) for one in found if one]
