"""The cluster behind each server: started when somebody connects, and made what Resource Manager says."""

from pathlib import Path
from typing import Final

from local_azure.bodies import properties_of
from local_azure.database_servers.fleet import Fleet
from local_azure.ground import Ground
from local_azure.postgresql.cluster import MAINTENANCE, Cluster
from local_azure.postgresql.entra_roles import ADMINISTRATORS as ADMINISTRATORS_ROLE
from local_azure.postgresql.entra_roles import PRINCIPAL_OF
from local_azure.postgresql.programs import programs
from local_azure.postgresql.server_names import ADMINISTRATORS, DATABASES
from local_azure.store import Resource

_KINDS: Final = {"Group": "group", "ServicePrincipal": "service", "User": "user", "Unknown": "service"}
"""Of a principal, as Resource Manager and as the server itself call them."""


class NoServerError(RuntimeError):
    """No PostgreSQL is installed."""


class Clusters(Fleet[Cluster]):
    """By the names of servers."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.state / "postgresql", _cluster)
        self._ground = ground

    def ready(self, server: Resource) -> str:
        """The socket of the server's cluster, which has the databases and administrators that it is to have.
        Raises NoServerError and ServerError."""
        with self.lock:
            cluster = self.of(server.id)
            self._administrators(server, cluster)
            self._databases(server, cluster)
            self._directory(cluster)
            return cluster.socket

    def principal(self, server: Resource, role: str) -> tuple[str, str] | None:
        """Object id and kind (user, group or service) of whom a role is for; None for no role of Entra's."""
        with self.lock:
            rows = self.of(server.id).execute(MAINTENANCE, PRINCIPAL_OF, role)
            return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def _administrators(self, server: Resource, cluster: Cluster) -> None:
        wanted = {
            str(one["principalName"]): (str(one["objectId"]), _KINDS[one["principalType"]])
            for child in self._ground.store.list(under=server.id, type=ADMINISTRATORS)
            for one in [properties_of(child.body)]
        }
        managed = _managed(cluster, "administrator")
        for name in managed - wanted.keys():
            _drop_role(cluster, name)
            cluster.execute(MAINTENANCE, "DELETE FROM pgaadauth.managed WHERE name = %s", name)
        for name, (object_id, kind) in wanted.items():
            if name not in managed:
                create = "SELECT pgaadauth_create_principal_with_oid(%s, %s, %s, true, false)"
                cluster.execute(MAINTENANCE, create, name, object_id, kind)
                cluster.execute(
                    MAINTENANCE, "INSERT INTO pgaadauth.managed VALUES ('administrator', %s)", name
                )

    def _databases(self, server: Resource, cluster: Cluster) -> None:
        from psycopg import sql

        children = self._ground.store.list(under=server.id, type=DATABASES)
        wanted = {child.id.rpartition("/")[2] for child in children}
        managed = _managed(cluster, "database")
        for name in managed - wanted:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            cluster.execute(MAINTENANCE, drop)
            cluster.execute(MAINTENANCE, "DELETE FROM pgaadauth.managed WHERE name = %s", name)
        for name in wanted - managed:
            owner = sql.Identifier(ADMINISTRATORS_ROLE)
            create = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), owner)
            cluster.execute(MAINTENANCE, create)
            cluster.execute(MAINTENANCE, "INSERT INTO pgaadauth.managed VALUES ('database', %s)", name)

    def _directory(self, cluster: Cluster) -> None:
        """Whom a role can be made for by name."""
        everybody = self._ground.entra.principals()
        known = [(one.name, one.object_id, _KINDS.get(one.kind, "service")) for one in everybody]
        cluster.execute(MAINTENANCE, "DELETE FROM pgaadauth.directory")
        for each in known:
            cluster.execute(MAINTENANCE, "INSERT INTO pgaadauth.directory VALUES (%s, %s, %s)", *each)


def _cluster(home: Path) -> Cluster:
    found = programs()
    if found is None:
        raise NoServerError
    return Cluster(home, found)


def _managed(cluster: Cluster, kind: str) -> set[str]:
    rows = cluster.execute(MAINTENANCE, "SELECT name FROM pgaadauth.managed WHERE kind = %s", kind)
    return {str(row[0]) for row in rows}


def _drop_role(cluster: Cluster, name: str) -> None:
    """What it owned is the administrators' from then on."""
    from psycopg import sql

    role, heir = sql.Identifier(name), sql.Identifier(ADMINISTRATORS_ROLE)
    every = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
    for (database,) in cluster.execute(MAINTENANCE, every):
        cluster.execute(str(database), sql.SQL("REASSIGN OWNED BY {} TO {}").format(role, heir))
        cluster.execute(str(database), sql.SQL("DROP OWNED BY {}").format(role))
    cluster.execute(MAINTENANCE, sql.SQL("DROP ROLE {}").format(role))
