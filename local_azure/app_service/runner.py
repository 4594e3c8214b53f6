"""The command that starts an app.

https://learn.microsoft.com/azure/app-service/configure-language-python says what App Service starts.
"""

import re
import sys
from pathlib import Path
from typing import Final

_APP_FILES: Final = ("application.py", "app.py", "index.py", "server.py")
_APP: Final = re.compile(r"^(?:def |class )?app\b", re.MULTILINE)
_CHECKOUT: Final = Path(__file__).resolve().parents[2]

NO_APP: Final = f"No startup command was detected: none of {', '.join(_APP_FILES)} defines app.\n"
"""What the log of a site says whose code cannot be started."""


def shell_command(line: str) -> list[str]:
    """The command for a site's own start-up command, which App Service hands to a shell."""
    return ["/bin/sh", "-c", line]


def detect_command(content: Path, port: int) -> list[str] | None:
    """The command for the code in `content`: gunicorn for the first known file with an `app`, else None."""
    for name in _APP_FILES:
        file = content / name
        if file.is_file() and _APP.search(file.read_text("utf-8", "replace")):
            module = f"{file.stem}:app"
            # One worker, and the time that App Service itself gives a request.
            options = ["--workers", "1", "--timeout", "600", "--graceful-timeout", "2", "--no-control-socket"]
            return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options, module]
    return None


def functions_command(content: Path, port: int) -> list[str]:
    """The command for a function app. The host is found after the app's own modules, and needs nothing of its
    environment.
    """
    start = (
        f"import runpy, sys; sys.path.append({str(_CHECKOUT)!r}); "
        "runpy.run_module('local_azure.functions_host', run_name='__main__', alter_sys=True)"
    )
    return [sys.executable, "-c", start, str(content), str(port)]
