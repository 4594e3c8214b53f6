"""PostgreSQL flexible servers: roles of Entra's principals, and what they may do by membership.

Each schema and verb of a stack has a role of its own that holds the privileges, whose name begins with a mark
of the stack. Who is declared is a member of it. So what a stack granted is seen by the names alone, in any
database, and taken away by taking the membership.
https://learn.microsoft.com/azure/postgresql/security/security-manage-entra-users
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, LiteralString

from psycopg import sql

from components.azure_facts.audiences import Service, audience
from database_grants.declared import Declared
from database_grants.dialects import ServerError, Step
from database_grants.dialects.marks import mark, marked
from database_grants.dialects.postgres_catalog import MAINTENANCE, Catalog

AUDIENCE: Final = audience(Service.OPEN_SOURCE_DATABASES)
_ADMINISTRATORS: Final = "azure_pg_admin"
_LONGEST: Final = 63
_KINDS: Final = {"ServicePrincipal": "service", "Group": "group", "User": "user"}
_TABLES: Final[Mapping[str, Sequence[LiteralString]]] = {
    "read": ("SELECT",),
    "write": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "own": ("SELECT", "INSERT", "UPDATE", "DELETE"),
}
"""What a verb may do with each table and view."""
_SEQUENCES: Final[Mapping[str, Sequence[LiteralString]]] = {
    "read": (),
    "write": ("USAGE", "SELECT"),
    "own": ("USAGE", "SELECT"),
}
_RELATIONS: Final[Sequence[tuple[str, Mapping[str, Sequence[LiteralString]], LiteralString]]] = (
    ("rpvmf", _TABLES, "TABLE"),
    ("S", _SEQUENCES, "SEQUENCE"),
)
"""PostgreSQL's letters for kinds of relations, what a verb may do with them, and their word."""
_LATER_ONES: Final[Sequence[tuple[LiteralString, str, Mapping[str, Sequence[LiteralString]]]]] = (
    ("TABLES", "r", _TABLES),
    ("SEQUENCES", "S", _SEQUENCES),
)
_LATER: Final = "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT {} ON {} TO {}"
_SCHEMA: Final[Mapping[str, Sequence[LiteralString]]] = {
    "read": ("USAGE",),
    "write": ("USAGE",),
    "own": ("USAGE", "CREATE"),
}


def connect(host: str, user: str, token: str) -> "PostgresSession":
    """Sign in as the role `user`. Raises ServerError."""
    return PostgresSession(host, user, token)


def bundle(owner: str, grant: Declared) -> str:
    """The role that holds what one verb may do in one schema."""
    return marked(owner, f"{grant.database}.{grant.schema}.{grant.privilege}", _LONGEST)


class PostgresSession(Catalog):
    """What is pending on a server, as one administrator sees it."""

    def pending(self, owner: str, declared: Sequence[Declared]) -> list[Step]:
        return [
            *self._principals(owner, declared),
            *self._bundles(owner, declared),
            *self._memberships(owner, declared),
            *self._taken_away(owner, declared),
        ]

    def _principals(self, owner: str, declared: Sequence[Declared]) -> Iterator[Step]:
        """Roles for principals that have none; a role of another principal under that name makes way where it
        is this stack's own."""
        there = self._entra_roles()
        ours = {member for _, member in self._members(mark(owner))}
        wanted = {one.role: (one.principal_id.lower(), _KINDS[one.kind]) for one in declared}
        for one in declared:
            if wanted[one.role][0] != one.principal_id.lower():
                raise ServerError(f"two principals are declared under the one name {one.role}")
        for role, (object_id, kind) in sorted(wanted.items()):
            found = there.get(role)
            if found == object_id:
                continue
            if found is not None or role in self._roles():
                if role not in ours:
                    raise ServerError(
                        f"the role {role} is there and is somebody else's. Give the link a `user` of its "
                        "own, or drop the role"
                    )
                yield from self._dropped(role, "which was for a principal that is gone")
            words = f"make the role {role} for the {kind} {object_id}"
            create = sql.SQL("SELECT pgaadauth_create_principal_with_oid({}, {}, {}, false, false)")
            yield _step(words, MAINTENANCE, create.format(role, object_id, kind))

    def _bundles(self, owner: str, declared: Sequence[Declared]) -> Iterator[Step]:
        roles = self._roles()
        owners = {(one.database, one.schema, one.role) for one in declared if one.privilege == "own"}
        for grant in sorted({bundle(owner, one): one for one in declared}.items()):
            name, one = grant
            role = sql.Identifier(name)
            is_new = name not in roles
            if is_new:
                create = sql.SQL("CREATE ROLE {} NOLOGIN").format(role)
                yield _step(f"make {name}, which holds what they may do", MAINTENANCE, create)
                hand = sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(
                    role, sql.Identifier(_ADMINISTRATORS)
                )
                yield _step(f"let every administrator give {name}", MAINTENANCE, hand)
            yield from self._privileges(name, one, is_new=is_new)
            makers = [
                role
                for database, schema, role in sorted(owners)
                if (database, schema) == (one.database, one.schema)
            ]
            yield from self._later_tables(name, one, makers, is_new=is_new)

    def _privileges(self, name: str, one: Declared, *, is_new: bool) -> Iterator[Step]:
        """On the schema, and on each table and sequence that is there."""
        role, schema = sql.Identifier(name), sql.Identifier(one.schema)
        where = f"schema {one.schema} of {one.database}"
        exists = self._ask(one.database, "SELECT oid FROM pg_namespace WHERE nspname = %s", one.schema)
        if not exists:
            yield _step(
                f"make {where}", one.database, sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema)
            )
        for privilege in _SCHEMA[one.privilege]:
            held = exists and not is_new and self._held(one.database, "schema", name, one.schema, privilege)
            if not held:
                grant = sql.SQL("GRANT {} ON SCHEMA {} TO {}").format(sql.SQL(privilege), schema, role)
                yield _step(f"{privilege} on {where} for {name}", one.database, grant)
        for kinds, allowed, what in _RELATIONS:
            for relation in self._relations(one, kinds) if exists else ():
                table = sql.Identifier(one.schema, relation)
                missing: list[LiteralString] = [
                    privilege
                    for privilege in allowed[one.privilege]
                    if is_new
                    or not self._held(one.database, what.lower(), name, table.as_string(), privilege)
                ]
                if missing:
                    listed = _list(missing)
                    grant = sql.SQL("GRANT {} ON {} {} TO {}").format(listed, sql.SQL(what), table, role)
                    yield _step(
                        f"{', '.join(missing)} on {relation} in {where} for {name}", one.database, grant
                    )

    def _later_tables(
        self, name: str, one: Declared, makers: Sequence[str], *, is_new: bool
    ) -> Iterator[Step]:
        """Tables and sequences that come later, made by this administrator or by a declared owner."""
        for maker in (self._user, *makers):
            for what, letter, allowed in _LATER_ONES:
                wanted = allowed[one.privilege]
                if not wanted or (not is_new and self._has_defaults(one, maker, letter, name, wanted)):
                    continue
                grant = sql.SQL(_LATER).format(
                    sql.Identifier(maker), sql.Identifier(one.schema), _list(wanted),
                    sql.SQL(what), sql.Identifier(name),
                )  # fmt: skip
                words = f"the same on {what.lower()} that {maker} makes later, for {name}"
                yield _step(words, one.database, grant)

    def _memberships(self, owner: str, declared: Sequence[Declared]) -> Iterator[Step]:
        there = self._members(mark(owner))
        for role, member, one in sorted({(bundle(owner, one), one.role, one) for one in declared}):
            replaced = self._entra_roles().get(member) not in (None, one.principal_id.lower())
            if (role, member) not in there or replaced:
                grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(member))
                yield _step(f"let in {one}", MAINTENANCE, grant)

    def _taken_away(self, owner: str, declared: Sequence[Declared]) -> Iterator[Step]:
        """Whatever this stack granted and does not declare any more."""
        wanted = {(bundle(owner, one), one.role) for one in declared}
        bundles = {role for role, _ in wanted}
        revoked = sorted(self._members(mark(owner)) - wanted)
        left = {member for _, member in revoked}
        declared_roles = {one.role for one in declared}
        for member in sorted(left & declared_roles):
            # Who owns a table may do anything with it, whatever else is taken away.
            if self._is_only_ours(mark(owner), member):
                may_own = {one.database for one in declared if (one.role, one.privilege) == (member, "own")}
                for database in self._where_it_owns(member):
                    if database not in may_own:
                        yield _handed(member, database)
        for role, member in revoked:
            revoke = sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(role), sql.Identifier(member))
            yield _step(f"take {role} from {member}", MAINTENANCE, revoke)
        ours = [role for role in self._roles() if role.startswith(mark(owner))]
        for role in sorted(set(ours) - bundles):
            yield from self._dropped(role, "which nobody is declared for")
        for member in sorted(left - declared_roles):
            if self._is_only_ours(mark(owner), member):
                yield from self._dropped(member, "which nothing is declared for")

    def _dropped(self, role: str, why: str) -> Iterator[Step]:
        """What it owns is the administrators' from then on: a table outlives who made it."""
        named = sql.Identifier(role)
        asked = """
            SELECT d.datname FROM pg_database d WHERE d.datallowconn AND EXISTS (
              SELECT FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
              WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = %s AND s.dbid = d.oid
            ) ORDER BY 1"""
        for (database,) in self._ask(MAINTENANCE, asked, role):
            yield _handed(role, str(database))
            yield _step(
                f"take from {role} what it has in {database}",
                str(database),
                sql.SQL("DROP OWNED BY {}").format(named),
            )
        yield _step(f"drop {role}, {why}", MAINTENANCE, sql.SQL("DROP ROLE {}").format(named))


def _step(words: str, database: str, statement: sql.Composed) -> Step:
    return Step(words, database, statement.as_string())


def _handed(role: str, database: str) -> Step:
    reassign = sql.SQL("REASSIGN OWNED BY {} TO {}").format(
        sql.Identifier(role), sql.Identifier(_ADMINISTRATORS)
    )
    return _step(f"hand what {role} owns in {database} to the administrators", database, reassign)


def _list(privileges: Sequence[LiteralString]) -> sql.SQL:
    return sql.SQL(", ".join(privileges))
