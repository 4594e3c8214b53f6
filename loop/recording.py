"""A command in a terminal, recorded: `python -m loop.recording` records `make up` as docs/images/make-up.cast
and draws it as docs/images/make-up.svg; with `--draw` it only draws.

The recording is an asciicast, which asciinema plays: https://docs.asciinema.org/manual/asciicast/v2/
"""

import argparse
import codecs
import json
import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loop.terminal_picture import drawn
from toolchain.paths import ROOT

FILE: Final = ROOT / "docs" / "images" / "make-up.cast"
PICTURE: Final = FILE.with_suffix(".svg")
COLUMNS: Final = 132
ROWS: Final = 30
_SHOWN_AS: Final = "~/keyless"
"""In the place of the folder that the checkout lies in."""


@dataclass(frozen=True)
class Recording:
    """`events` are seconds since the beginning, and what was printed then."""

    title: str
    events: tuple[tuple[float, str], ...]

    def written(self) -> str:
        head = {"version": 2, "width": COLUMNS, "height": ROWS, "title": self.title}
        lines = [head, *([round(second, 2), "o", text] for second, text in self.events)]
        return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)

    @staticmethod
    def read(text: str) -> "Recording":
        head, *events = map(json.loads, text.splitlines())
        return Recording(head["title"], tuple((second, said) for second, kind, said in events if kind == "o"))


def record(command: Sequence[str]) -> Recording:
    """Run a command in a terminal of its own. Raises CalledProcessError when it fails."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (ROWS, COLUMNS))
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "LINES": str(ROWS), "TERM": "xterm-256color"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=its, stderr=its
    )
    os.close(its)
    begun, events = time.monotonic(), [(0.0, f"$ {' '.join(command)}\r\n")]
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while chunk := _read(ours):
        sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
        events.append((time.monotonic() - begun, decoder.decode(chunk)))
    os.close(ours)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, list(command))
    named = [(second, text.replace(str(ROOT), _SHOWN_AS)) for second, text in events]
    return Recording(" ".join(command), tuple(named))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's end of a terminal
        return b""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m loop.recording", description=__doc__)
    parser.add_argument("--draw", action="store_true", help="draw what was recorded before")
    parser.add_argument("--file", type=Path, default=FILE)
    arguments = parser.parse_args()
    file: Path = arguments.file
    if not arguments.draw:
        file.write_text(record(["make", "up"]).written(), encoding="utf-8")
    recording = Recording.read(file.read_text(encoding="utf-8"))
    file.with_suffix(".svg").write_text(
        drawn(recording.title, recording.events, ROWS, COLUMNS), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
