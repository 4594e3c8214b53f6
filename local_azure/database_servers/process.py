"""A database's own server as a process: what ends it, whichever it is."""

from typing import Any

from local_azure.database_servers.home import ServerHome
from local_azure.launched import Launched


class ServerProcess:
    """Its data is in `home` while it does not run. A class of its own says how it starts and is asked."""

    def __init__(self, home: ServerHome) -> None:
        self._home = home
        self._process: Launched | None = None
        self._connection: Any = None

    def stop(self) -> None:
        """End it, and every connection to it. May be called twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.stop()
            self._process = None
        self._home.leave()

    def remove(self) -> None:
        """Stop it for ever: nothing of it is left."""
        self.stop()
        self._home.remove()
