"""Who is let in to a server: a token of Entra in the place of a password, a role that is for its holder, and
a path through the server's network rules. What is allowed inside is PostgreSQL's own affair.

https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts
"""

from dataclasses import dataclass
from typing import Final

from components.azure_facts.audiences import Service as Audience
from components.azure_facts.audiences import audience
from local_azure.bodies import properties_of, section
from local_azure.database_servers.firewall import is_let_in
from local_azure.database_servers.names import find_by_host
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.postgresql.clusters import Clusters
from local_azure.postgresql.server_names import FIREWALL_RULES, SERVERS, SUFFIX
from local_azure.postgresql.servers import ENABLED
from local_azure.postgresql.wire import PostgresRefusal
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

AUDIENCE: Final = audience(Audience.OPEN_SOURCE_DATABASES)
NOT_AUTHENTICATED: Final = "28P01"
NOT_AUTHORIZED: Final = "28000"
CANNOT_CONNECT: Final = "08001"

RULES: Final = [
    Rule(
        "D6",
        "refusal",
        "A password that is no token: the access token has invalid format.",
        held_by="d6_what_is_no_token_is_refused",
        source="Azure-Samples/rag-postgres-openai-python#161",
    ),
    Rule(
        "D6",
        "refusal",
        "A token for another service: it does not have a valid audience claim.",
        held_by="d6_a_token_for_another_service_is_refused",
        source="microsoft/azuredatastudio-postgresql#505",
    ),
    Rule(
        "D6",
        "assumed",
        "A token that has expired is refused at the next connection; an open connection goes on.",
        held_by="d6_a_token_that_has_expired_is_refused_and_an_open_connection_goes_on",
    ),
    Rule(
        "D6",
        "assumed",
        "A role is entered by the principal that it is for, or by members of the group; by nobody else.",
        held_by="d6_a_role_is_entered_by_whom_it_is_for",
    ),
    Rule(
        "D5",
        "refusal",
        "Without TLS, and from where no firewall rule and no private endpoint lets in: no pg_hba.conf entry.",
        held_by="d5_without_tls_nobody_is_let_in",
        source="Azure/azure-cli-extensions#8410",
    ),
    Rule(
        "D5",
        "behaviour",
        "A server without a firewall rule lets nobody in by its public address.",
        held_by="d5_a_server_without_a_rule_lets_nobody_in",
        source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public",
    ),
]


@dataclass(frozen=True)
class Admitted:
    """Who was let in, and the socket of the cluster behind."""

    who: str
    socket: str


@dataclass(frozen=True)
class Admission:
    """Decides on one connection after the other; called in threads."""

    ground: Ground
    services: Services
    clusters: Clusters

    def decide(self, host: str, user: str, database: str, password: str) -> Admitted:
        """Raises PostgresRefusal, and what `Clusters.ready` raises."""
        server = find_by_host(self.ground.store, SERVERS, host, SUFFIX)
        if server is None:
            raise PostgresRefusal(CANNOT_CONNECT, f'There is no server "{host}" in the local Azure.')
        caller = self._authenticated(server, user, password)
        origins = self.services.origins(caller.principal.object_id)
        if not any(is_let_in(self.ground.store, server, FIREWALL_RULES, one) for one in origins):
            address = next((one.address for one in origins if one.address), "10.0.0.4")
            raise no_entry(address, user, database, "SSL encryption")
        socket = self.clusters.ready(server)
        found = self.clusters.principal(server, user)
        if found is None:
            raise PostgresRefusal(NOT_AUTHORIZED, f'role "{user}" does not exist')
        object_id, kind = found
        holders = caller.groups if kind == "group" else {caller.principal.object_id}
        if object_id.lower() not in {one.lower() for one in holders}:
            raise _failed(user)
        return Admitted(caller.principal.name, socket)

    def _authenticated(self, server: Resource, user: str, password: str) -> Caller:
        authentication = section(properties_of(server.body), "authConfig")
        if authentication["activeDirectoryAuth"] != ENABLED:
            raise _failed(user)
        try:
            return self.ground.entra.verify(password, {AUDIENCE})
        except Refusal as refusal:
            raise PostgresRefusal(NOT_AUTHENTICATED, _words(refusal.code, password)) from refusal


def no_entry(address: str, user: str, database: str, encryption: str) -> PostgresRefusal:
    entry = f'no pg_hba.conf entry for host "{address}", user "{user}", database "{database}", {encryption}'
    return PostgresRefusal(NOT_AUTHORIZED, entry)


def _failed(user: str) -> PostgresRefusal:
    return PostgresRefusal(NOT_AUTHENTICATED, f'password authentication failed for user "{user}"')


def _words(code: str, password: str) -> str:
    if code == "InvalidAuthenticationTokenAudience":
        return (
            "The access token does not have a valid audience claim. Please acquire a new token for the "
            f'resource "{AUDIENCE}".'
        )
    if code == "ExpiredAuthenticationToken":
        return "The access token has expired. Acquire a new token and try again."
    if password.count(".") != 2:
        return (
            "The access token has invalid format. Please ensure the token is passed exactly as returned by "
            "the authentication endpoint and retry."
        )
    return "An error occurred while validating the access token. Please acquire a new token and retry."
