"""Which programs run in a machine here: those in Python, as this machine has its interpreter.

A guest's files lie in a folder, and a path that begins with / is one in there.
"""

import configparser
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PYTHON: Final = re.compile(r"(?:/usr)?(?:/local)?(?:/bin/)?python3?(?:\.\d+)?")
_SHEBANG: Final = re.compile(r"#!\s*(?:/usr/bin/env\s+)?(\S+)")
_LOGICAL_LINE: Final = re.compile(r"""(?:=\s*"(?:[^"\\]|\\.)*"|[^\n])+""", re.DOTALL)
"""A line, with the lines that a value in double quotes goes on for."""
_UNITS: Final = "etc/systemd/system"
_SYSTEMCTL: Final = ("daemon-reload", "enable", "start", "restart", "stop")


class NotRunHereError(Exception):
    """A program that this machine has no runtime for; in words."""


def is_run_here(command: Sequence[str]) -> bool:
    """Whether a command of cloud-init is one that can be done here."""
    if not command:
        return False
    return is_python(command[0]) or (
        command[0] == "systemctl" and command[1:2] != [] and command[1] in _SYSTEMCTL
    )


def is_python(program: str) -> bool:
    return _PYTHON.fullmatch(program) is not None


def is_python_script(text: str) -> bool:
    """Whether a script says in its first line that it is Python."""
    found = _SHEBANG.match(text)
    return found is not None and is_python(found[1])


def inside(root: Path, path: str) -> Path:
    """A path of the guest's as one here. Raises NotRunHereError for one that leads out of it."""
    found = (root / path.lstrip("/")).resolve()
    if not found.is_relative_to(root.resolve()):
        raise NotRunHereError(f"{path} leads out of the machine")
    return found


def command_here(root: Path, command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """A Python command of the guest's as it is started here. Raises NotRunHereError for any other."""
    words = list(command[1:] if command[:1] == ["/usr/bin/env"] else command)
    if not words or not is_python(words[0]):
        raise NotRunHereError(
            f"{words[0] if words else 'nothing'} is no Python program, and no other runs here"
        )
    filled = [re.sub(r"\$\{(\w+)\}", lambda found: environment.get(found[1], ""), one) for one in words[1:]]
    return [sys.executable, *(_argument(root, one) for one in filled)]


def _argument(root: Path, argument: str) -> str:
    if argument.startswith("/") and (found := inside(root, argument)).exists():
        return str(found)
    return argument


def variables_in(text: str) -> dict[str, str]:
    """The lines NAME=value of a file, as systemd reads an EnvironmentFile."""
    found: dict[str, str] = {}
    for line in _LOGICAL_LINE.findall(text):
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith(("#", ";")):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    """https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile="""
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r'\\(["\\$`])', r"\1", value[1:-1])
    return value


@dataclass(frozen=True)
class Unit:
    """A service of systemd, as far as it is done here.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
    """

    name: str
    command: list[str]
    files: list[str]
    variables: dict[str, str]
    folder: str

    def environment(self, root: Path) -> dict[str, str]:
        """What the unit says of it, files of variables first."""
        found: dict[str, str] = {}
        for file in self.files:
            path = inside(root, file.removeprefix("-"))
            if path.exists():
                found |= variables_in(path.read_text())
            elif not file.startswith("-"):
                raise NotRunHereError(f"the unit {self.name} reads {file}, which is not there")
        return found | self.variables


def unit(root: Path, name: str) -> Unit:
    """Raises NotRunHereError for one that is not there, or says nothing of what it starts."""
    name = name.removesuffix(".service")
    path = inside(root, f"{_UNITS}/{name}.service")
    if not path.exists():
        raise NotRunHereError(f"the unit {name} is not there")
    read = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    read.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    read.read_string(path.read_text())
    service = dict(read["Service"]) if read.has_section("Service") else {}
    if "ExecStart" not in service:
        raise NotRunHereError(f"the unit {name} has no ExecStart")
    return Unit(
        name=name,
        command=shlex.split(service["ExecStart"]),
        files=service.get("EnvironmentFile", "").split(),
        variables=variables_in("\n".join(shlex.split(service.get("Environment", "")))),
        folder=service.get("WorkingDirectory", "/"),
    )
