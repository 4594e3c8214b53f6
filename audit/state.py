"""The state of a stack: from a file, or as `pulumi stack export` prints it in the current folder."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from access_report.input import parse, read
from access_report.reading import NotReadableError


def state_in(file: str) -> Any:
    """Of a file, or of standard input by `-`. Raises NotReadableError and OSError."""
    if file == "-":
        return read(sys.stdin.buffer, "standard input")
    with Path(file).open("rb") as source:
        return read(source, file)


def state_of(stack: str) -> Any:
    """Of a stack of this folder: secrets stay encrypted. Raises NotReadableError."""
    command = ["pulumi", "stack", "export", "--stack", stack]
    try:
        answer = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise NotReadableError(
            "the `pulumi` command was not found. Install it (https://www.pulumi.com/docs/install/), or give "
            "what it exported with --state."
        ) from error
    if answer.returncode:
        said = answer.stderr.decode(errors="replace").strip()
        raise NotReadableError(f"`{' '.join(command)}` failed: {said}")
    return parse(answer.stdout, f"`{' '.join(command)}`")
