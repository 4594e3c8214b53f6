"""Microsoft.DBforPostgreSQL as a service: flexible servers, and PostgreSQL itself behind a gate."""

from collections.abc import Mapping

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.planes import Listening, gated
from local_azure.postgresql.admission import AUDIENCE, Admission
from local_azure.postgresql.clusters import Clusters
from local_azure.postgresql.gate import PostgresGate
from local_azure.postgresql.server_names import PORT, SUFFIX
from local_azure.postgresql.server_parts import Administrator, Database, FirewallRule
from local_azure.postgresql.servers import Server
from local_azure.service import Service, Services


class PostgreSql(Service):
    """`clusters` are the servers' own PostgreSQLs, `gate` is what lets clients in to them."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._authority = ""
        self.clusters = Clusters(ground)
        self.gate = PostgresGate(ground, Admission(ground, services, self.clusters), self.clusters)
        self.types = (
            Server(ground, self.clusters.forget),
            Database(ground),
            Administrator(ground),
            FirewallRule(ground),
        )
        self.planes = (gated(self.gate, hosts=f"*{SUFFIX}", audience=AUDIENCE, port=PORT),)

    @override
    def start(self, listening: Listening) -> None:
        self._authority = listening.client_environment["SSL_CERT_FILE"]
        self.gate.start(listening.tls)

    @override
    def close(self) -> None:
        self.gate.close()
        self.clusters.stop()

    @override
    def environment(self) -> Mapping[str, str]:
        """What leads libpq and psycopg to the gate, under whatever server's name: they know no proxy."""
        address, port = self.gate.address
        return {"PGHOSTADDR": address, "PGPORT": str(port), "PGSSLROOTCERT": self._authority}
