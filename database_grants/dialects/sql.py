"""Azure SQL: contained users of Entra's principals, and what they may do by membership.

A user is made from a SID, so that nobody has to look anybody up in Entra: the client id of an application or
identity, the object id of a group or person. Each verb of a stack has a role of its own in each database,
whose name begins with a mark of the stack and which is a member of SQL's own roles. So what a stack granted
is seen by the names alone, and taken away by taking the membership.
https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql
https://github.com/MicrosoftDocs/sql-docs/issues/2323
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from components.azure_facts.audiences import Service, audience
from database_grants.declared import Declared
from database_grants.dialects import ServerError, Step
from database_grants.dialects.marks import mark, marked
from database_grants.dialects.sql_catalog import Catalog, Content

AUDIENCE: Final = audience(Service.SQL)
SIGNS_IN_AS_ROLE: Final = False
"""An administrator is one by the token alone."""
_LONGEST: Final = 128
_ROLE: Final = "role "
"""How the privilege of a link to a role begins."""
_FIXED_ROLES: Final[Mapping[str, Sequence[str]]] = {
    "read": ("db_datareader",),
    "write": ("db_datareader", "db_datawriter"),
    "execute": (),
    "own": ("db_datareader", "db_datawriter", "db_ddladmin"),
}
"""SQL's own roles, of which the role of a verb is a member."""
_PERMISSIONS: Final[Mapping[str, Sequence[str]]] = {"execute": ("EXECUTE",)}


def connect(host: str, user: str, token: str) -> "SqlSession":  # noqa: ARG001 - the protocol's
    """Raises ServerError."""
    return SqlSession(host, token)


def bundle(owner: str, grant: Declared) -> str:
    """The role that holds what one verb may do in a database."""
    return marked(owner, grant.privilege.replace(_ROLE, "role~", 1), _LONGEST)


def sid_of(grant: Declared) -> bytes:
    """The bytes of a GUID as SQL and .NET have them. Raises ServerError where the client id is not known."""
    known = grant.client_id if grant.kind == "ServicePrincipal" else grant.principal_id
    if not known:
        raise ServerError(
            f"the client id of {grant.role} is not known, from which SQL makes its user: give WorkloadAccess "
            "its client_id, and run `pulumi up`"
        )
    return uuid.UUID(known).bytes_le


class SqlSession(Catalog):
    """What is pending on a server, as one administrator sees it."""

    def pending(self, owner: str, declared: Sequence[Declared]) -> list[Step]:
        databases = sorted({*self.databases(), *(one.database for one in declared)})
        steps: list[Step] = []
        for database in databases:
            inside = [one for one in declared if one.database == database]
            steps += _Pending(owner, database, inside, self.content(database)).steps()
        return steps


class _Pending:
    """In one database. Names of users are found by SIDs: somebody may have made one under another name."""

    def __init__(self, owner: str, database: str, declared: Sequence[Declared], content: Content) -> None:
        self._owner, self._database, self._declared, self._content = owner, database, declared, content
        self._names: dict[bytes, str] = {}

    def steps(self) -> list[Step]:
        return [*self._users(), *self._bundles(), *self._memberships(), *self._taken_away()]

    def _users(self) -> Iterator[Step]:
        """Users for principals that have none; a user of another principal under that name makes way where
        it is this stack's own."""
        for sid, one in sorted({sid_of(one): one for one in self._declared}.items()):
            found = self._content.user_of(sid)
            self._names[sid] = one.role if found is None else found.name
            if found is not None:
                continue
            if one.role in self._content.principals:
                if not self._is_only_ours(one.role):
                    raise ServerError(
                        f"the user {one.role} of {self._database} is there and is somebody else's. Give the "
                        "link a `user` of its own, or drop the user"
                    )
                yield from self._dropped(one.role, "which was for a principal that is gone")
            kind = "X" if one.kind == "Group" else "E"
            words = f"make the user {one.role} of {self._database} for the {_KINDS[one.kind]} {_guid(sid)}"
            yield self._step(
                words, f"CREATE USER {_quoted(one.role)} WITH SID = 0x{sid.hex().upper()}, TYPE = {kind}"
            )
        if len(set(self._names.values())) < len(self._names):
            raise ServerError(f"two principals are declared under one name in {self._database}")

    def _bundles(self) -> Iterator[Step]:
        for name, privilege in sorted({(bundle(self._owner, one), one.privilege) for one in self._declared}):
            if name not in self._content.principals:
                words = f"make {name} in {self._database}, which holds what they may do"
                yield self._step(words, f"CREATE ROLE {_quoted(name)}")
            own = privilege.removeprefix(_ROLE) if privilege.startswith(_ROLE) else ""
            if own and own not in self._content.principals:
                words = f"make the role {own} in {self._database}, which may nothing until somebody grants it"
                yield self._step(words, f"CREATE ROLE {_quoted(own)}")
            for role in (own,) if own else _FIXED_ROLES[privilege]:
                if (role, name) not in self._content.members:
                    yield self._added(role, name, f"let {name} do in {self._database} what {role} may")
            for permission in _PERMISSIONS.get(privilege, ()):
                if permission not in self._content.permissions.get(name, ()):
                    words = f"{permission} in {self._database} for {name}"
                    yield self._step(words, f"GRANT {permission} TO {_quoted(name)}")

    def _memberships(self) -> Iterator[Step]:
        for role, member, one in sorted(self._wanted()):
            if (role, member) not in self._content.members or self._is_replaced(member, one):
                yield self._added(role, member, f"let in {one}")

    def _taken_away(self) -> Iterator[Step]:
        """Whatever this stack granted and does not declare any more."""
        wanted = {(role, member) for role, member, _ in self._wanted()}
        ours = {(role, one) for role, one in self._content.members if role.startswith(mark(self._owner))}
        stay = {member for _, member in wanted}
        revoked = sorted(ours - wanted)
        for role, member in revoked:
            words = f"take {role} from {member} in {self._database}"
            yield self._step(words, f"ALTER ROLE {_quoted(role)} DROP MEMBER {_quoted(member)}")
        for member in sorted({member for _, member in revoked} & stay):
            # Who owns a schema may do anything with what is in it, whatever else is taken away.
            makes = {role for role, one in wanted if one == member} & {marked(self._owner, "own", _LONGEST)}
            if not makes and self._is_only_ours(member):
                yield from self._handed(member)
        kept = {role for role, _ in wanted}
        for role in sorted(self._content.principals):
            if role.startswith(mark(self._owner)) and role not in kept:
                words = f"drop {role} of {self._database}, which nobody is declared for"
                yield self._step(words, f"DROP ROLE {_quoted(role)}")
        for member in sorted({member for _, member in revoked} - stay):
            if self._is_only_ours(member):
                yield from self._dropped(member, "which nothing is declared for")

    def _wanted(self) -> set[tuple[str, str, Declared]]:
        """Role, member, and what is declared."""
        return {(bundle(self._owner, one), self._names[sid_of(one)], one) for one in self._declared}

    def _is_replaced(self, member: str, one: Declared) -> bool:
        """Whether the user of that name was another principal's, whose memberships went with it."""
        found = self._content.principals.get(member)
        return found is not None and found.sid != sid_of(one)

    def _is_only_ours(self, member: str) -> bool:
        """Whether it is a user that has nothing from anybody else."""
        found = self._content.principals[member]
        roles = self._content.roles_of(member)
        others = {one for one in roles if not one.startswith(mark(self._owner))}
        return found.kind in ("E", "X") and bool(roles) and not others | self._content.permissions[member]

    def _dropped(self, member: str, why: str) -> Iterator[Step]:
        yield from self._handed(member)
        yield self._step(f"drop the user {member} of {self._database}, {why}", f"DROP USER {_quoted(member)}")

    def _handed(self, member: str) -> Iterator[Step]:
        """What it owns is the database's own from then on: a table outlives who made it."""
        for schema, owner in sorted(self._content.schemas.items()):
            if owner == member:
                words = f"hand schema {schema} of {self._database}, which {member} owns, to dbo"
                yield self._step(words, f"ALTER AUTHORIZATION ON SCHEMA::{_quoted(schema)} TO [dbo]")

    def _added(self, role: str, member: str, words: str) -> Step:
        return self._step(words, f"ALTER ROLE {_quoted(role)} ADD MEMBER {_quoted(member)}")

    def _step(self, words: str, statement: str) -> Step:
        return Step(words, self._database, statement)


_KINDS: Final = {"ServicePrincipal": "client id", "Group": "group", "User": "person"}


def _guid(sid: bytes) -> str:
    return str(uuid.UUID(bytes_le=sid))


def _quoted(name: str) -> str:
    return "[" + name.replace("]", "]]") + "]"
