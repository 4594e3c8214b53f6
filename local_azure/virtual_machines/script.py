"""Runs one program and keeps how it ended: `python -I script.py FOLDER COMMAND…` leaves `stdout`, `stderr`
and `exit` in FOLDER. Started by file name in isolated mode, so it imports nothing of the project.
"""

import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with (folder / "stdout").open("wb") as output, (folder / "stderr").open("wb") as errors:
        code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
    (folder / "exit").write_text(str(code))
