"""The requirement files of the repository: what is asked for (`*.in`), and what is installed (`*.txt`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from toolchain.locked_requirements import LOCKS
from toolchain.paths import ROOT


@dataclass(frozen=True)
class Locked:
    """One package in a lock."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]
    asked_for_by: frozenset[str]
    """The `.in` files that name it, relative to the checkout; none when only other packages need it."""


def locked(text: str) -> list[Locked]:
    """Every package of a lock. Raises ValueError for one without an exact version."""
    return [_locked(entry) for entry in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]]


def options(text: str) -> list[str]:
    """The lines of a lock that are options of pip."""
    return [line for line in text.splitlines() if line.startswith("-")]


def direct(source: str) -> dict[str, str]:
    """What an `.in` file and those it includes ask for: each package's name, and its version."""
    asked = [Requirement(line) for line in _lines(ROOT / source)]
    return {canonicalize_name(one.name): _version(one) for one in asked}


def read(path: str) -> str:
    """The text of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def _locked(entry: str) -> Locked:
    first, *rest = entry.splitlines()
    asked = Requirement(first.removesuffix("\\"))
    via = " ".join(line.strip().removeprefix("#") for line in rest if line.strip().startswith("#"))
    return Locked(
        canonicalize_name(asked.name),
        _version(asked),
        str(asked.marker or ""),
        frozenset(re.findall(r"--hash=(\S+)", entry)),
        frozenset(_from_the_checkout(path) for path in re.findall(r"-r ([^\s,]+)", via)),
    )


def _version(asked: Requirement) -> str:
    found = re.fullmatch(r"==([^*,]+)", str(asked.specifier))
    if found is None or asked.url is not None:
        raise ValueError(f"{asked} has no exact version")
    return found[1]


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from _lines(path.parent / line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            yield line


def _from_the_checkout(path: str) -> str:
    """`policy/../access_report/requirements.in` as `access_report/requirements.in`."""
    return (ROOT / path).resolve().relative_to(ROOT).as_posix()


ALL = {lock.path: locked(read(lock.path)) for lock in LOCKS}
"""Every lock of the repository, by its path."""
