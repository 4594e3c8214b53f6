"""MySQL flexible servers: users of Entra's principals, and what they may do in a database.

MySQL keeps no owner of a grant. So what a stack granted is recorded in a table of the command's own, under a
mark of the stack: what is recorded and not declared any more is taken away, and whatever somebody else
granted is left alone.
https://learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from components.azure_facts.audiences import Service, audience
from database_grants.declared import Declared
from database_grants.dialects import ServerError, Step
from database_grants.dialects.mysql_catalog import RECORD, Catalog, Recorded

AUDIENCE: Final = audience(Service.OPEN_SOURCE_DATABASES)
_READ: Final = ("SELECT",)
_WRITE: Final = (*_READ, "INSERT", "UPDATE", "DELETE")
_MAY: Final[Mapping[str, Sequence[str]]] = {
    "read": _READ,
    "write": _WRITE,
    "own": (
        *_WRITE, "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER", "CREATE TEMPORARY TABLES", "LOCK TABLES",
        "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE", "EVENT", "TRIGGER",
    ),
}  # fmt: skip
"""Privileges on a database, which are for every table in it, also for later ones."""
_TABLE: Final = (
    f"CREATE TABLE IF NOT EXISTS {RECORD}.grants (stack CHAR(8), user_name VARCHAR(32), db VARCHAR(64), "
    "verb VARCHAR(16), PRIMARY KEY (stack, user_name, db, verb)) COLLATE utf8mb4_bin"
)


def connect(host: str, user: str, token: str) -> "MySqlSession":
    """Sign in as the user `user`. Raises ServerError."""
    return MySqlSession(host, user, token)


def mark(owner: str) -> str:
    """What the grants of a stack are recorded under."""
    return hashlib.sha256(owner.encode()).hexdigest()[:8]


def database_name(database: str) -> str:
    """What GRANT calls a database: `_` and `%` would stand for others, too."""
    return database.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")


class MySqlSession(Catalog):
    """What is pending on a server, as its administrator sees it."""

    def __init__(self, host: str, user: str, token: str) -> None:
        super().__init__(host, user, token)
        self._making: dict[str, Declared] = {}

    def run(self, step: Step) -> None:
        """A user of a group is made by a name alone, which another group may have: before anything is granted
        to it, whose it is has to be seen. Raises ServerError.
        """
        super().run(step)
        one = self._making.get(step.statement)
        if one is not None and not _is_of(self._users().get(one.role, ""), one):
            super().run(self._dropped(one.role, "which is for another principal than the declared one"))
            raise ServerError(
                f"{self._host} made the user {one.role} for another principal than the declared "
                f"{one.kind.lower()} {one.principal_id}, and it is dropped again. Declare the principal that "
                "has this name in Entra, or rename one of the two"
            )

    def pending(self, owner: str, declared: Sequence[Declared]) -> list[Step]:
        recorded = self._recorded()
        ours = recorded.pop(mark(owner), set())
        others = {one for some in recorded.values() for one in some}
        wanted = {Recorded(one.role, one.database, one.privilege) for one in declared}
        return [
            *self._record(owner, wanted, ours),
            *self._principals(declared, ours, others),
            *self._granted(declared, wanted),
            *self._taken_away(owner, wanted, ours, others),
        ]

    def _record(self, owner: str, wanted: set[Recorded], ours: set[Recorded]) -> Iterator[Step]:
        """Before anything is granted: what is not recorded is never taken away."""
        if wanted and not self._is_recorded():
            words = f"make the database {RECORD}, in which this command records what it grants"
            yield Step(words, RECORD, f"CREATE DATABASE IF NOT EXISTS {RECORD} CHARACTER SET utf8mb4")
            yield Step("make its table", RECORD, _TABLE)
        for one in sorted(wanted - ours):
            words = f"record {one.verb} in {one.database} for {one.user}"
            yield Step(words, RECORD, f"INSERT IGNORE INTO {RECORD}.grants VALUES ({self._row(owner, one)})")

    def _principals(
        self, declared: Sequence[Declared], ours: set[Recorded], others: set[Recorded]
    ) -> Iterator[Step]:
        """Users for principals that have none; one of another principal under that name makes way where it is
        this stack's own.
        """
        users = self._users()
        wanted = {one.role: one for one in declared}
        for one in declared:
            if wanted[one.role].principal_id.lower() != one.principal_id.lower():
                raise ServerError(f"two principals are declared under the one name {one.role}")
        for name, one in sorted(wanted.items()):
            whose = users.get(name)
            if whose is not None and _is_of(whose, one):
                continue
            if whose is not None:
                mine = name in {each.user for each in ours} and name not in {each.user for each in others}
                if not whose or not mine:
                    raise ServerError(
                        f"the user {name} is there and is somebody else's. Give the link a `user` of its "
                        "own, or drop the user"
                    )
                yield self._dropped(name, "which is for another principal than the declared one")
            yield self._made(name, one)

    def _made(self, name: str, one: Declared) -> Step:
        if one.kind != "ServicePrincipal":
            # Of people and groups a server takes the name that Entra has, and looks for the object id.
            statement = f"CREATE AADUSER {self.text(name)}"
            self._making[statement] = one
            words = f"make the user {name} for the {one.kind.lower()} {one.principal_id}"
            return Step(words, one.database, statement)
        if not one.client_id:
            raise ServerError(
                f"the client id of {name} is not known, which its tokens are told by. Give the workload's "
                "`client_id` where it is declared, or make the user of an app's own identity by hand: "
                f"CREATE AADUSER {self.text(name)} IDENTIFIED BY '<client id>'"
            )
        return Step(
            f"make the user {name} for the identity with the client id {one.client_id}",
            one.database,
            f"CREATE AADUSER {self.text(name)} IDENTIFIED BY {self.text(one.client_id)}",
        )

    def _granted(self, declared: Sequence[Declared], wanted: set[Recorded]) -> Iterator[Step]:
        users, held = self._users(), self._held()
        of_whom = {
            one.role: _told_of(users[one.role]) for one in declared if one.role in users and not _id(one)
        }
        # What another principal's user has goes with that user.
        made_anew = {one.role for one in declared if not _is_of(users.get(one.role, ""), one)}
        for user, database in sorted({(one.user, one.database) for one in wanted}):
            has = set[str]() if user in made_anew else held.get(self._place(user, database), set())
            missing = [one for one in _every(wanted, user, database) if one not in has]
            if missing:
                words = f"let {user}{of_whom.get(user, '')} {_list(missing)} in {database}"
                yield Step(words, database, self._statement("GRANT", missing, database, "TO", user))

    def _taken_away(
        self, owner: str, wanted: set[Recorded], ours: set[Recorded], others: set[Recorded]
    ) -> Iterator[Step]:
        """Whatever this stack granted and does not declare any more."""
        users, held, gone = self._users(), self._held(), ours - wanted
        left = {one.user for one in wanted | others}
        for user in sorted({one.user for one in gone}):
            databases = sorted({one.database for one in gone if one.user == user})
            if user not in users:
                pass
            elif user not in left and self._is_only_ours(user, ours, held):
                yield self._dropped(user, "which nothing is declared for")
            else:
                for database in databases:
                    kept = _every(wanted | others, user, database)
                    has = held.get(self._place(user, database), set())
                    less = [one for one in _every(gone, user, database) if one in has and one not in kept]
                    if less:
                        words = f"take {_list(less)} in {database} from {user}"
                        yield Step(words, database, self._statement("REVOKE", less, database, "FROM", user))
        for one in sorted(gone):
            row = f"stack = {self.text(mark(owner))} AND user_name = {self.text(one.user)}"
            where = f"{row} AND db = {self.text(one.database)} AND verb = {self.text(one.verb)}"
            words = f"forget {one.verb} in {one.database} for {one.user}"
            yield Step(words, RECORD, f"DELETE FROM {RECORD}.grants WHERE {where}")

    def _is_only_ours(self, user: str, ours: set[Recorded], held: Mapping[tuple[str, str], set[str]]) -> bool:
        """Whether it is a principal's user that has nothing from anybody else."""
        own = {self._place(user, one.database) for one in ours if one.user == user}
        grantee = f"{self.text(user)}@'%'"
        elsewhere = [place for place in held if place[0] == grantee and place not in own]
        return bool(self._users().get(user)) and not elsewhere and not self._has_more(user)

    def _dropped(self, user: str, why: str) -> Step:
        return Step(f"drop {user}, {why}", RECORD, f"DROP USER {self.text(user)}@'%'")

    def _statement(self, verb: str, privileges: Sequence[str], database: str, way: str, user: str) -> str:
        named = "`" + database_name(database).replace("`", "``") + "`"
        return f"{verb} {_list(privileges)} ON {named}.* {way} {self.text(user)}@'%'"

    def _place(self, user: str, database: str) -> tuple[str, str]:
        return f"{self.text(user)}@'%'", database_name(database)

    def _row(self, owner: str, one: Recorded) -> str:
        return ", ".join(map(self.text, (mark(owner), one.user, one.database, one.verb)))


def _every(some: set[Recorded], user: str, database: str) -> list[str]:
    """What all of these let a user do in a database, in the order of the widest."""
    verbs = {one.verb for one in some if (one.user, one.database) == (user, database)}
    return [one for one in _MAY["own"] if any(one in _MAY[verb] for verb in verbs)]


def _id(one: Declared) -> str:
    """What a server tells the principal by; empty where that is not known."""
    return (one.client_id if one.kind == "ServicePrincipal" else one.principal_id).lower()


def _is_of(whose: str, one: Declared) -> bool:
    """Whether a user is the declared principal's: `AADSP:<client id>:upn:<name>`, or with an object id."""
    kind, *rest = whose.split(":")
    if not _id(one):
        # Nobody tells the client id of an app's own identity: who made the user by hand knew whose it is.
        return kind == "AADSP"
    return rest[:1] == [_id(one)]


def _told_of(whose: str) -> str:
    """Of a user that was made by hand, in the words of a grant to it."""
    return f", who is the client id {''.join(whose.split(':')[1:2])},"


def _list(privileges: Sequence[str]) -> str:
    return ", ".join(privileges)
