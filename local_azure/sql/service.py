"""Microsoft.Sql as a service: servers and databases, and the databases themselves behind a gate."""

from collections.abc import Mapping
from typing import Final

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.planes import Listening, gated
from local_azure.service import Service, Services
from local_azure.sql.administrators import Administrator
from local_azure.sql.admission import AUDIENCE, Admission
from local_azure.sql.databases import Databases
from local_azure.sql.gate import Gate
from local_azure.sql.server_names import ENTRA_ONLY, PORT, SUFFIX
from local_azure.sql.server_parts import Database, FirewallRule, SubnetRule
from local_azure.sql.servers import Server

_UNSERVED: Final = {
    ENTRA_ONLY: "Entra-only authentication apart from the server: say it in `administrators` of the server",
}


class Sql(Service):
    """`gate` is what lets clients in to the databases."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        databases = Databases(ground)
        self.gate = Gate(ground, Admission(ground, services, databases))
        self.types = (
            Server(ground, databases.forget),
            Administrator(ground),
            Database(ground, databases.forget),
            FirewallRule(ground),
            SubnetRule(ground),
        )
        self.planes = (gated(self.gate, hosts=f"*{SUFFIX}", audience=AUDIENCE, port=PORT),)

    @override
    def start(self, listening: Listening) -> None:
        self.gate.start(listening.new_tls)

    @override
    def close(self) -> None:
        self.gate.close()

    @override
    def environment(self) -> Mapping[str, str]:
        """What leads to the gate, in the form that connection strings have: clients of SQL know no proxy.
        `sqlcmd` reads it by itself."""
        return {"SQLCMDSERVER": "{},{}".format(*self.gate.address)}
