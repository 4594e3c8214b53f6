"""The browser that is installed here; none is downloaded. `python3 -m tests.browser.installed` prints it,
and has status 1 where there is none.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "KEYLESS_BROWSER"
_COMMANDS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
)
_APPLICATIONS: Final = ("Google Chrome", "Chromium", "Microsoft Edge")
HOW: Final = (
    "install Chromium, Chrome or Edge for the tests in a browser "
    f"(on Debian and Ubuntu `apt-get install chromium`), or name its program in {VARIABLE}"
)


def installed_browser() -> Path | None:
    """The program that the environment variable names, else the first one found."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    found = next((path for command in _COMMANDS if (path := shutil.which(command))), None)
    if found:
        return Path(found)
    programs = (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in _APPLICATIONS)
    return next((program for program in programs if program.exists()), None)


if __name__ == "__main__":
    print(installed_browser() or HOW)
    sys.exit(installed_browser() is None)
