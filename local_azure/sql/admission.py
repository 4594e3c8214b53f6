"""Who is let in to a database: a token of Entra, a path through the server's network rules, and a user in the
database whose SID the token stands for. There are no passwords.

https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from components.azure_facts.audiences import Service as Audience
from components.azure_facts.audiences import audience
from local_azure.bodies import properties_of, section
from local_azure.database_servers.firewall import holds
from local_azure.database_servers.names import find_by_host
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.sql.catalog import sid_of
from local_azure.sql.databases import Databases
from local_azure.sql.engine import Engine, Who
from local_azure.sql.login import Login
from local_azure.sql.refusals import refusal_of
from local_azure.sql.server_names import (
    DATABASES,
    FIREWALL_RULES,
    MASTER,
    SERVERS,
    SUBNET_RULES,
    SUFFIX,
)
from local_azure.sql.servers import DISABLED
from local_azure.sql.tokens import SqlRefusal
from local_azure.store import Resource

AUDIENCE: Final = audience(Audience.SQL)
_TOKEN: Final = "<token-identified principal>"
_LOGIN_FAILED: Final = 18456
_TOKENS: Final = {
    "InvalidAuthenticationTokenAudience": "The server is not currently configured to accept this token.",
    "ExpiredAuthenticationToken": "Token is expired.",
}

RULES: Final = [
    Rule(
        "L3",
        "refusal",
        "A login with a password, on a server that takes Entra's tokens alone: 18456, Azure Active Directory "
        "only authentication is enabled.",
        held_by="l3_a_password_opens_nothing",
        source="https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication",
    ),
    Rule(
        "L3",
        "refusal",
        "A token for another service: the server is not currently configured to accept this token; one that "
        "was never issued is incorrect or invalid: 18456.",
        held_by="l3_a_token_for_another_service_is_refused",
        source="Azure/azure-sdk-for-python#45216 Azure/azure-functions-powershell-worker#881",
    ),
    Rule(
        "L3",
        "assumed",
        "A token that has expired is refused at the next connection; an open connection goes on.",
        held_by="l3_a_token_that_has_expired_is_refused_and_an_open_connection_goes_on",
    ),
    Rule(
        "L3",
        "refusal",
        "Who has no user in the database is refused: 18456 for the token-identified principal. The object id "
        "of an identity is not its SID.",
        held_by="l3_a_user_from_the_object_id_lets_nobody_in",
        source="microsoft/aspire#19390",
    ),
    Rule(
        "L3",
        "refusal",
        "A server that is not there (40532) or not named (40531), a database that is not there (4060).",
        held_by="l3_what_is_not_there_cannot_be_opened",
        source="https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues",
    ),
    Rule(
        "L4",
        "refusal",
        "From where no firewall rule, no subnet's rule and no private endpoint lets in: 40615; with public "
        "access off: 47073.",
        held_by="l4_a_server_without_a_rule_lets_nobody_in",
        source="https://learn.microsoft.com/azure/azure-sql/database/firewall-configure "
        "https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings",
    ),
    Rule(
        "L6",
        "assumed",
        "Who is taken out of a database is refused at the next statement of an open connection: 916.",
        held_by="l6_a_user_that_is_dropped_is_felt_by_an_open_connection",
    ),
]


@dataclass(frozen=True)
class Admitted:
    """Who was let in, and a session in the database."""

    name: str
    database: str
    engine: Engine


@dataclass(frozen=True)
class Admission:
    """Decides on one login after the other; called in threads."""

    ground: Ground
    services: Services
    databases: Databases

    def decide(self, host: str, login: Login) -> Admitted:
        """`host` is empty where the client named an address. Raises SqlRefusal."""
        server, name = self._server(host)
        if login.token is None:
            text = (
                f"Login failed for user '{login.user}'. Reason: Azure Active Directory only authentication "
            )
            raise SqlRefusal(
                _LOGIN_FAILED, text + "is enabled. Please contact your system administrator.", 14
            )
        caller = self._authenticated(login.token)
        self._require_path(server, name, self.services.origins(caller.principal.object_id))
        every = self._databases(server)
        database = _named(every, login.database or MASTER)
        who = Who(caller.principal.name, _sids(caller), _is_administrator(server, caller))
        seen = every if database == MASTER else {MASTER, database}
        try:
            engine = Engine(self.databases.folder(name, database), database, who, seen)
            user = engine.user()
        except sqlite3.Error as error:
            raise refusal_of(error) from error
        if user is None:
            engine.close()
            raise _failed("")
        return Admitted(caller.principal.name, database, engine)

    def _server(self, host: str) -> tuple[Resource, str]:
        """An address leads to the one server that there is, if there is one."""
        store = self.ground.store
        every = store.list(type=SERVERS)
        server = find_by_host(store, SERVERS, host, SUFFIX)
        if not host and len(every) == 1:
            server = every[0]
        if server is not None:
            return server, server.id.rpartition("/")[2]
        if not host:
            raise SqlRefusal(
                40531, "Server name cannot be determined. It must appear as the first segment of the "
                "server's dns name (servername.database.windows.net).", 11,
            )  # fmt: skip
        text = f'Cannot open server "{host.removesuffix(SUFFIX)}" requested by the login. The login failed.'
        raise SqlRefusal(40532, text, 14)

    def _authenticated(self, token: str) -> Caller:
        try:
            return self.ground.entra.verify(token, {AUDIENCE})
        except Refusal as refusal:
            raise _failed(_TOKENS.get(refusal.code, "Incorrect or invalid token.")) from refusal

    def _require_path(self, server: Resource, name: str, origins: Sequence[Origin]) -> None:
        if any(leads_privately(self.ground.store, origin, server.id) for origin in origins):
            return
        if properties_of(server.body).get("publicNetworkAccess") == DISABLED:
            raise SqlRefusal(
                47073, "Reason: An instance-specific error occurred while establishing a connection to SQL "
                "Server. The public network interface on this server is not accessible. To connect to this "
                "server, use the Private Endpoint from inside your virtual network.", 14,
            )  # fmt: skip
        if not any(self._is_let_in(server, origin) for origin in origins):
            address = next((one.address for one in origins if one.address), "10.0.0.4")
            raise SqlRefusal(
                40615, f"Cannot open server '{name}' requested by the login. Client with IP address "
                f"'{address}' is not allowed to access the server.", 14,
            )  # fmt: skip

    def _is_let_in(self, server: Resource, origin: Origin) -> bool:
        store = self.ground.store
        if origin.subnet_id is not None:
            rules = [properties_of(one.body) for one in store.list(under=server.id, type=SUBNET_RULES)]
            subnets = {str(one["virtualNetworkSubnetId"]).lower() for one in rules}
            if origin.subnet_id.lower() in subnets:
                return True
        if origin.address is None:
            return False
        rules = [properties_of(one.body) for one in store.list(under=server.id, type=FIREWALL_RULES)]
        return any(holds(rule, origin.address) for rule in rules)

    def _databases(self, server: Resource) -> list[str]:
        """As they were written when they were made."""
        children = self.ground.store.list(under=server.id, type=DATABASES)
        return [MASTER, *(one.id.rpartition("/")[2] for one in children)]


def _named(every: list[str], name: str) -> str:
    """Raises SqlRefusal."""
    found = next((one for one in every if one.lower() == name.lower()), None)
    if found is None:
        text = f'Cannot open database "{name}" requested by the login. The login failed.'
        raise SqlRefusal(4060, text, 11)
    return found


def _sids(caller: Caller) -> set[bytes]:
    """A person by the object id; an application or identity by the client id; and groups by their object
    ids. https://github.com/MicrosoftDocs/sql-docs/issues/2323"""
    one = caller.principal
    own = one.object_id if one.kind == "User" or one.client_id is None else one.client_id
    return {sid_of(own), *map(sid_of, caller.groups)}


def _is_administrator(server: Resource, caller: Caller) -> bool:
    said = section(properties_of(server.body), "administrators")
    sid = str(said.get("sid")).lower()
    if said.get("principalType") == "Group":
        return sid in {one.lower() for one in caller.groups}
    principal = caller.principal
    return sid == str(principal.object_id if principal.kind == "User" else principal.client_id).lower()


def _failed(more: str) -> SqlRefusal:
    return SqlRefusal(_LOGIN_FAILED, f"Login failed for user '{_TOKEN}'. {more}".strip(), 14)
