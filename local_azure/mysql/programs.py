"""Where MariaDB is installed, which answers for MySQL: the local Azure brings none, and starts none before it
is needed.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SERVER: Final = "mariadbd"
_ELSEWHERE: Final = ("/usr/sbin", "/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin")
"""Where Debian and Homebrew have it, which may not be on the PATH."""
_SHARES: Final = ("share/mysql", "share/mariadb", "share")
_SCRIPTS: Final = ("mariadb_system_tables", "mysql_system_tables")
"""What a new server's own tables are made by, in its later and in its earlier versions."""
INSTALL_ONE: Final = "install MariaDB: Debian's package `mariadb-server-core`, or Homebrew's `mariadb`"
INSTALL: Final = (
    "no MariaDB is installed here, which the local Azure puts behind its gate. Next: " + INSTALL_ONE
)


@dataclass(frozen=True)
class Programs:
    """The server, the folder of what it says and knows, and the scripts that make a new one's own tables."""

    server: Path
    share: Path
    scripts: tuple[Path, Path]


def programs() -> Programs | None:
    """Of the PATH, of Debian's package, or of Homebrew's."""
    return next(_found(), None)


def _found() -> Iterator[Programs]:
    for folder in (*os.environ.get("PATH", "").split(os.pathsep), *_ELSEWHERE):
        server = shutil.which(_SERVER, path=folder) if folder else None
        if server is None:
            continue
        # What is on the PATH may be a link to where all of it is.
        for base in (Path(server).parent.parent, Path(server).resolve().parent.parent):
            for share in (base / one for one in _SHARES):
                for name in _SCRIPTS:
                    scripts = (share / f"{name}.sql", share / f"{name}_data.sql")
                    if all(script.exists() for script in scripts):
                        yield Programs(Path(server), share, scripts)
