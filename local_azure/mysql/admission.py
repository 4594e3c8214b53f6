"""Who is let in to a server: a token of Entra in the place of a password, a user that is its holder's, and a
path through the server's network rules. What is allowed inside is the server's own affair.

https://learn.microsoft.com/azure/mysql/flexible-server/concepts-azure-ad-authentication
"""

from dataclasses import dataclass
from typing import Final

from components.azure_facts.audiences import Service as Audience
from components.azure_facts.audiences import audience
from local_azure.database_servers.firewall import is_let_in
from local_azure.database_servers.names import find_by_host
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.mysql.mariadbs import MariaDbs
from local_azure.mysql.server_names import ADMINISTRATORS, FIREWALL_RULES, SERVERS, SUFFIX
from local_azure.mysql.wire import MySqlRefusal
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

AUDIENCE: Final = audience(Audience.OPEN_SOURCE_DATABASES)
_GENERAL: Final = "HY000"

RULES: Final = [
    Rule(
        "Y5",
        "refusal",
        "Who is not let in, for whatever reason, is told: 1045 Access denied for user.",
        held_by="y5_a_user_is_entered_by_whom_it_is_for",
        source="Azure/azure-service-operator#3344",
    ),
    Rule(
        "Y5",
        "refusal",
        "A token that has expired: 9119 The access token has expired. An open connection goes on.",
        held_by="y5_a_token_that_has_expired_is_refused_and_an_open_connection_goes_on",
        source="microsoft/azuredatastudio-mysql#222",
    ),
    Rule(
        "Y5",
        "assumed",
        "What is no token, and a token for another service, is refused in those words, too: 1045.",
        held_by="y5_what_is_no_token_for_it_is_refused",
    ),
    Rule(
        "Y5",
        "behaviour",
        "A server whose Entra administrator is taken away takes no tokens at all.",
        held_by="y5_without_an_administrator_nobody_is_let_in",
    ),
    Rule(
        "Y6",
        "refusal",
        "Without TLS: connections using insecure transport are prohibited.",
        held_by="y6_without_tls_nobody_is_let_in",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/how-to-connect-tls-ssl",
    ),
    Rule(
        "Y6",
        "assumed",
        "From where no firewall rule and no private endpoint lets in: the client's address is not allowed to "
        "connect. Azure may let it wait in vain in place of an answer.",
        held_by="y6_a_server_without_a_rule_lets_nobody_in",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-public",
    ),
]


@dataclass(frozen=True)
class Admitted:
    """Who was let in, to which server, and the socket of the MariaDB behind."""

    who: str
    server: Resource
    socket: str


@dataclass(frozen=True)
class Admission:
    """Decides on one connection after the other; called in threads."""

    ground: Ground
    services: Services
    mariadbs: MariaDbs

    def decide(self, host: str, user: str, token: str) -> Admitted:
        """Raises MySqlRefusal, and what `MariaDbs.ready` raises."""
        server = find_by_host(self.ground.store, SERVERS, host, SUFFIX)
        if server is None:
            raise MySqlRefusal(2005, _GENERAL, f"Unknown MySQL server host '{host}' in the local Azure")
        caller = self._authenticated(user, token)
        origins = self.services.origins(caller.principal.object_id)
        address = next((one.address for one in origins if one.address), "10.0.0.4")
        if not any(is_let_in(self.ground.store, server, FIREWALL_RULES, one) for one in origins):
            words = f"Client with IP address '{address}' is not allowed to connect to this MySQL server."
            raise MySqlRefusal(9000, _GENERAL, words)
        if not self.ground.store.list(under=server.id, type=ADMINISTRATORS):
            raise denied(user, address)
        socket = self.mariadbs.ready(server)
        whose = self.mariadbs.whose(server, user)
        if whose is None or not whose.holds(caller):
            raise denied(user, address)
        return Admitted(caller.principal.name, server, socket)

    def _authenticated(self, user: str, token: str) -> Caller:
        try:
            return self.ground.entra.verify(token, {AUDIENCE})
        except Refusal as refusal:
            if refusal.code == "ExpiredAuthenticationToken":
                words = "The access token has expired. Please acquire a new token and retry."
                raise MySqlRefusal(9119, _GENERAL, words) from refusal
            raise denied(user, "127.0.0.1") from refusal


def denied(user: str, address: str) -> MySqlRefusal:
    return MySqlRefusal(1045, "28000", f"Access denied for user '{user}'@'{address}' (using password: YES)")
