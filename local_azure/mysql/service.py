"""Microsoft.DBforMySQL as a service: flexible servers, and MariaDB for MySQL behind a gate."""

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.mysql.admission import AUDIENCE, Admission
from local_azure.mysql.gate import MySqlGate
from local_azure.mysql.mariadbs import MariaDbs
from local_azure.mysql.server_names import PORT, SUFFIX
from local_azure.mysql.server_parts import Administrator, Configuration, Database, FirewallRule
from local_azure.mysql.servers import Server
from local_azure.planes import Listening, gated
from local_azure.service import Service, Services


class MySql(Service):
    """`mariadbs` are the servers' own, `gate` is what lets clients in to them."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self.mariadbs = MariaDbs(ground)
        self.gate = MySqlGate(ground, Admission(ground, services, self.mariadbs), self.mariadbs)
        self.types = (
            Server(ground, self.mariadbs.forget),
            Database(ground),
            Administrator(ground),
            Configuration(ground),
            FirewallRule(ground),
        )
        self.planes = (gated(self.gate, hosts=f"*{SUFFIX}", audience=AUDIENCE, port=PORT),)

    @override
    def start(self, listening: Listening) -> None:
        self.gate.start(listening.tls)

    @override
    def close(self) -> None:
        self.gate.close()
        self.mariadbs.stop()
