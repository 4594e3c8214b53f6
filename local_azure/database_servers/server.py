"""What flexible servers of PostgreSQL and of MySQL have in common: a name that is an address, and a server
behind it that goes with them.
"""

import re
from collections.abc import Callable

from typing_extensions import override

from local_azure.arm import ResourceId
from local_azure.database_servers.accepted import Accepted
from local_azure.database_servers.firewall import invalid
from local_azure.database_servers.names import find
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request


class FlexibleServer(Accepted):
    """Its data is in a server of its own, which starts when somebody connects."""

    def __init__(self, ground: Ground, forget: Callable[[str], None]) -> None:
        """`forget` ends what is behind a server by its name."""
        super().__init__(ground)
        self._forget = forget

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.store.after_commit(lambda: self._forget(id.name))

    def require_name(self, id: ResourceId, old: JsonObject | None) -> None:
        """Raises Refusal for a name that is none, or that another server has."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", id.name):
            raise invalid("serverName")
        if old is None and find(self.ground.store, self.type, id.name):
            raise Refusal(400, "ServerNameAlreadyExists", "Specified server name is already used.")
