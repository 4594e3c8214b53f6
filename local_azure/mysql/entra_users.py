"""What a flexible server adds to MySQL: users that are principals of Entra.

MariaDB has no such thing. Here whose a user is stands beside what MariaDB itself keeps of the user, so that
it goes with the user; and the view `mysql.user` tells it as a flexible server does.
https://learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from local_azure.entra.directory import Caller, Entra, Principal
from local_azure.mysql.wire import MySqlRefusal
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "Y7",
        "behaviour",
        "An administrator makes a user for a principal with CREATE AADUSER, a group by its name in Entra, "
        "an identity under any name by its client id; mysql.user tells whose it is.",
        held_by="y7_an_administrator_makes_users_for_principals_and_sees_whose_they_are",
    ),
    Rule(
        "Y7",
        "refusal",
        "An administrator reads the database mysql and writes nothing there, and has neither FILE nor SUPER.",
        held_by="y7_an_administrator_writes_nothing_of_the_servers_own_and_does_not_lead_out_of_it",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/concepts-limitations",
    ),
    Rule(
        "Y7",
        "refusal",
        "A user for whom nobody is found in the tenant is refused: an unexpected error occurred while trying "
        "to validate user.",
        held_by="y7_a_user_for_nobody_is_refused",
        source="petoju/terraform-provider-mysql#79",
    ),
    Rule(
        "Y7",
        "assumed",
        "Who may not make users may not make such users: access denied, the CREATE USER privilege.",
        held_by="y7_nobody_else_makes_users",
    ),
    Rule(
        "Y7",
        "assumed",
        "A user's name has 32 characters at most: the string is too long.",
        held_by="y7_a_user_of_a_long_name_needs_another_one",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad",
    ),
]

LONGEST: Final = 32
"""Characters of a user's name. https://dev.mysql.com/doc/refman/8.0/en/user-names.html"""

ADMINISTRATOR: Final = (
    "GRANT SELECT, RELOAD, PROCESS, SHOW DATABASES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, "
    "REPLICATION CLIENT, SHOW VIEW, CREATE USER ON *.* TO %s@'%%' WITH GRANT OPTION",
    "GRANT ALL PRIVILEGES ON `%%`.* TO %s@'%%' WITH GRANT OPTION",
    "GRANT SELECT ON mysql.* TO %s@'%%'",
)
"""What an administrator may: everything in every database but `mysql`, which is read alone. Who writes there
makes itself the superuser, whom files of this machine are open to. Of two grants on databases MariaDB takes
the one with the closer name.
"""

SETUP: Final = (
    "DELETE FROM mysql.global_priv WHERE User NOT IN ('root', 'mariadb.sys') OR Host <> 'localhost'",
    "FLUSH PRIVILEGES",
    "CREATE TABLE mysql.keyless_managed (kind VARCHAR(20), name VARCHAR(64), PRIMARY KEY (kind, name))",
    "RENAME TABLE mysql.user TO mysql.keyless_user",
)
COLUMNS: Final = (
    "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'mysql' AND "
    "TABLE_NAME = 'keyless_user' ORDER BY ORDINAL_POSITION"
)
IDENTITY_OF: Final = (
    "SELECT JSON_VALUE(Priv, '$.aad') FROM mysql.global_priv WHERE User = %s AND Host = '%%' AND NOT EXISTS "
    "(SELECT 1 FROM mysql.global_priv AS other WHERE other.User IN (%s, '') AND other.Host <> '%%')"
)
"""None where MariaDB would take a connection of that user for another one's, whose host is closer to what is
behind the gate: its own superuser is such a one, `root` at `localhost`.
"""
MARK: Final = (
    "UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.aad', %s) WHERE User = %s AND Host = '%%'"
)
MAY_MAKE_USERS: Final = "SELECT Create_user_priv FROM mysql.keyless_user WHERE User = %s AND Host = '%%'"

_NAME: Final = r"(?P<{0}_quote>['\"`])(?P<{0}>[^'\"`\\]+)(?P={0}_quote)"
_CREATE: Final = re.compile(
    rf"\s*CREATE\s+AADUSER\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME.format('name')}(?:@(?:'%'|\"%\"|`%`))?"
    rf"(?:\s+AS\s+{_NAME.format('alias')})?(?:\s+IDENTIFIED\s+BY\s+{_NAME.format('id')})?\s*;?\s*",
    re.IGNORECASE,
)
"""Names without quotes and backslashes, as the components take them; MariaDB refuses all else as no SQL."""
_VALIDATE: Final = re.compile(r"\s*SET\s+(?:SESSION\s+)?aad_auth_\w+\s*=\s*\w+\s*;?\s*", re.IGNORECASE)


def view(columns: list[str]) -> str:
    """The statement that makes `mysql.user` tell whose a user is, of the view's own columns."""
    whose = "JSON_VALUE(g.Priv, '$.aad')"
    told = {
        "plugin": f"IF({whose} IS NULL, u.`plugin`, 'aad_auth') AS `plugin`",
        "authentication_string": f"COALESCE({whose}, u.`authentication_string`) AS `authentication_string`",
    }
    listed = ", ".join(told.get(name, f"u.`{name}`") for name in columns)
    return (
        f"CREATE SQL SECURITY DEFINER VIEW mysql.user AS SELECT {listed} FROM mysql.keyless_user u "
        "JOIN mysql.global_priv g ON g.Host = u.Host AND g.User = u.User"
    )


@dataclass(frozen=True)
class Whose:
    """Whose a user is, as `mysql.user` tells it: `AADSP:<client id>:upn:<name>`, `AADUser:<object id>:…`."""

    kind: str
    id: str

    @classmethod
    def read(cls, text: str) -> Self:
        kind, id, *_ = text.split(":")
        return cls(kind, id.lower())

    def holds(self, caller: Caller) -> bool:
        """Whether it is that caller, or a group that the caller is in."""
        if self.kind == "AADGroup":
            return self.id in {one.lower() for one in caller.groups}
        own = caller.principal.client_id if self.kind == "AADSP" else caller.principal.object_id
        return self.id == str(own).lower()


@dataclass(frozen=True)
class NewUser:
    """What a CREATE AADUSER asks for; `id` is empty where the name alone says who it is."""

    name: str
    called: str
    id: str

    def identity(self, entra: Entra) -> str:
        """Whose the user is to be. Raises MySqlRefusal where nobody is found."""
        if len(self.called) > LONGEST:
            words = f"String '{self.called}' is too long for user name (should be no longer than {LONGEST})"
            raise MySqlRefusal(1470, "HY000", words)
        found = entra.principal_by_client_id(self.id) if self.id else None
        found = found or next((one for one in entra.principals() if self._is(one)), None)
        if found is None:
            raise MySqlRefusal(
                9102, "HY000",
                f"An unexpected error occurred while trying to validate user '{self.id or self.name}'.",
            )  # fmt: skip
        return identity_of(found, self.called)

    def _is(self, principal: Principal) -> bool:
        # Of an application a server takes the client id alone, and of everybody else the object id or name.
        wanted = principal.object_id if self.id else principal.name
        return principal.kind != "ServicePrincipal" and wanted.lower() == (self.id or self.name).lower()


def identity_of(principal: Principal, called: str) -> str:
    kind = {"Group": "AADGroup", "User": "AADUser"}.get(principal.kind, "AADSP")
    id = principal.client_id if kind == "AADSP" else principal.object_id
    return f"{kind}:{id}:upn:{called}"


def new_user(statement: str) -> NewUser | None:
    """None for any other statement."""
    found = _CREATE.fullmatch(statement)
    if found is None:
        return None
    return NewUser(found["name"], found["alias"] or found["name"], found["id"] or "")


def is_about_validation(statement: str) -> bool:
    """Whether it sets a variable of a flexible server's that MariaDB does not know, and that changes nothing
    here.
    """
    return _VALIDATE.fullmatch(statement) is not None
