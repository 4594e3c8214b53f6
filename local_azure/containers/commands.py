"""An image's command, run with the Python of this machine: there is no other runtime here.

https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
"""

import json
import re
import shlex
import string
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from local_azure.containers.refusals import Because, ImageError

_ISOLATED: Final = Path(__file__).with_name("isolated.py")
_PYTHON: Final = re.compile(r"(?:python|pypy)[\d.]*")
_MODULES: Final = ("gunicorn", "uvicorn", "flask", "hypercorn")
"""Programs that are modules of Python, too."""
_SHELLS: Final = ("sh", "bash", "ash", "dash")
_NEEDS_SHELL: Final = re.compile(r"[|&;<>()`*?\[\]{}~\n]|\$\(")
_FLAG: Final = re.compile(r"-[uBOEs]+")


def python_command(
    command: Sequence[str], environment: Mapping[str, str], root: Path, ports: Mapping[int, int]
) -> list[str]:
    """The command for what an image says, with paths of the image as paths below `root`. `ports` are the
    container's own, each with the free one of this machine that it gets. Raises ImageError, which says which
    runtime is missing."""
    words = _words(command, environment)
    flags: list[str] = []
    program = PurePosixPath(words[0]).name
    if _PYTHON.fullmatch(program):
        rest = words[1:]
        while rest and _FLAG.fullmatch(rest[0]):
            flags.append(rest.pop(0))
        if not rest or (rest[0].startswith("-") and rest[0] not in ("-m", "-c")):
            raise ImageError(
                Because.NO_RUNTIME,
                f"The command {shlex.join(words)} is none that is run here: expected a file, -m or -c after "
                f"{program}.",
            )
    elif program in _MODULES:
        rest = ["-m", program, *words[1:]]
    else:
        raise ImageError(
            Because.NO_RUNTIME,
            f"The command {shlex.join(words)} needs {program}, which is not here: the local Azure runs "
            "images whose "
            f"command is Python (python, {', '.join(_MODULES)}).",
        )
    rest = [_placed(word, root) for word in rest]
    told = json.dumps({"ports": {str(one): other for one, other in ports.items()}, "root": str(root)})
    return [sys.executable, *flags, str(_ISOLATED), told, *rest]


def _words(command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The words of a command; those of one for a shell, where it needs none of what a shell can."""
    words = [*command]
    if not words:
        raise ImageError(Because.BROKEN, "The image has no command, and none is given.")
    is_shell = PurePosixPath(words[0]).name in _SHELLS and len(words) == 3 and words[1] == "-c"
    if not is_shell:
        return words
    line = words[2].strip()
    plain = re.sub(r"\$\{\w+\}", "", line)
    try:
        read = shlex.split(line)
    except ValueError:
        read = []
    if not read or _NEEDS_SHELL.search(plain):
        raise ImageError(
            Because.NO_RUNTIME,
            f"The command {line!r} needs the image's shell, which is not here: write it as a list of words, "
            "such as "
            '["python", "app.py"].',
        )
    if read[0] == "exec":
        read = read[1:]
    return [string.Template(one).safe_substitute(environment) for one in read] or words


def _placed(word: str, root: Path) -> str:
    """An absolute path of the image as one of this machine, where there is something."""
    if word.startswith("/") and ".." not in PurePosixPath(word).parts:
        place = root / word.lstrip("/")
        if place.exists():
            return str(place)
    return word
