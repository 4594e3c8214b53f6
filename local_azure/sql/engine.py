"""One session in one database: statements are checked and run on SQLite, whose own reading of a statement
says what it touches. https://sqlite.org/c3ref/set_authorizer.html
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local_azure.rules import Rule
from local_azure.sql.catalog import Catalog
from local_azure.sql.definitions import Definitions
from local_azure.sql.files import Files
from local_azure.sql.functions import add_functions
from local_azure.sql.guard import Guard
from local_azure.sql.principals import Principals
from local_azure.sql.procedures import arguments_of, bound, parameters_of
from local_azure.sql.refusals import denied, not_served, syntax
from local_azure.sql.rights import Rights
from local_azure.sql.tokens import Rows, SqlRefusal
from local_azure.sql.tsql import Reading, Word, for_sqlite, returns, statements_of

RULES: Final = [
    Rule(
        "L8",
        "refusal",
        "USE does not lead to another database of the server: 40508.",
        held_by="l8_what_is_not_served_is_refused_in_words",
        source="https://learn.microsoft.com/sql/t-sql/language-elements/use-transact-sql",
    ),
]
_QUERIES: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})
_DEPTH: Final = 32
"""How deep procedures may call each other, as in SQL Server."""


@dataclass(frozen=True)
class Who:
    """Whose session it is: what SQL calls the caller, and the SIDs that the token stands for."""

    name: str
    sids: Collection[bytes]
    is_administrator: bool


@dataclass(frozen=True)
class _Around:
    """Of statements: values of variables, where answers go, and of those of a procedure its owner and how
    deep it was called."""

    values: Mapping[str, Any]
    answer: Callable[[Rows], None]
    chain: int | None = None
    depth: int = 0


class Engine:
    """Not for two threads at once. `close` it."""

    def __init__(self, folder: Path, database: str, who: Who, databases: Collection[str] = ()) -> None:
        """`databases` are those of the server that this one sees."""
        self._database, self._who = database, who
        self.files = Files(folder)
        self.files.attach("sys")
        self._catalog = Catalog(self.files.connection)
        self._catalog.begin()
        self._catalog.know_databases(databases)
        own = {"db_name": lambda: self._database, "user_name": self.user, "suser_sname": lambda: who.name}
        add_functions(self.files.connection, own)

    def close(self) -> None:
        self.files.close()

    def user(self) -> str | None:
        """What the database calls who is here; None for who has no user, and may not come in."""
        rights = self._rights()
        if rights.is_dbo:
            return "dbo"
        users = self._catalog.users_of(self._who.sids)
        if not users or not rights.may("CONNECT"):
            return None
        name = self._catalog.one("SELECT name FROM sys.database_principals WHERE principal_id = ?", users[0])
        return str(name)

    def run(self, batch: str, values: Mapping[str, Any], answer: Callable[[Rows], None]) -> None:
        """Each statement's answer as it comes. Raises SqlRefusal where one is refused."""
        self._run(batch, _Around(values, answer))

    def call(
        self, procedure: str, placed: Sequence[Any], named: Mapping[str, Any], answer: Callable[[Rows], None]
    ) -> None:
        """Raises SqlRefusal."""
        words = [one for statement in statements_of(procedure) for one in statement]
        schema, name = Reading(words).object()
        self._procedure(schema, name, placed, named, _Around({}, answer))

    def _rights(self) -> Rights:
        users = self._catalog.users_of(self._who.sids)
        return Rights(self._catalog, self._catalog.with_roles(users), is_dbo=self._who.is_administrator)

    def _run(self, batch: str, around: _Around) -> None:
        for words in statements_of(batch):
            for schema in self._catalog.schemas():
                self.files.attach(schema)
            self._one(words, around)

    def _one(self, words: Sequence[Word], around: _Around) -> None:
        reading = Reading(words)
        first = reading.peek()
        if first == "SET":
            return
        if first == "USE":
            text = (
                "USE statement is not supported to switch between databases. Use a new connection to connect "
            )
            raise SqlRefusal(40508, text + "to a different database.")
        if first in ("BEGIN", "COMMIT", "ROLLBACK"):
            self._transaction(reading)
        elif reading.takes("IF"):
            self._if(reading, around)
        elif reading.takes("EXEC") or reading.takes("EXECUTE"):
            self._execute(reading, around)
        elif first in _QUERIES:
            guard = self._guard(chain=around.chain, returns=returns(words))
            around.answer(self.files.query(for_sqlite(words, self._globals()), around.values, guard))
        else:
            self._defined(reading)
            around.answer(Rows())

    def _defined(self, reading: Reading) -> None:
        def execute(statement: str, table: str) -> None:
            self.files.query(statement, {}, self._guard(defines=table))

        # What a procedure defines or grants is the caller's own doing: chains of owners open rows alone.
        rights = self._rights()
        known = {
            **Principals(self._catalog, rights, self._database).statements,
            **Definitions(self._catalog, rights, self._database, self.user() or "", execute).statements,
        }
        for keywords, statement in known.items():
            if reading.takes(*keywords):
                with self.files.whole():
                    statement(reading)
                return
        raise not_served(
            f"{reading.peek()} {reading.peek(1)}".strip() or f"what begins with {reading.next().raw}"
        )

    def _if(self, reading: Reading, around: _Around) -> None:
        wanted = not reading.takes("NOT")
        reading.expect("EXISTS")
        asked = for_sqlite(reading.inside(), self._globals())
        if bool(self.files.query(asked, around.values, self._guard(chain=around.chain)).rows) == wanted:
            self._one(reading.rest(), around)

    def _transaction(self, reading: Reading) -> None:
        first = reading.next().upper
        if not (reading.takes("TRAN") or reading.takes("TRANSACTION")) and first == "BEGIN":
            raise not_served("BEGIN … END")
        reading.end()
        if first == "BEGIN":
            if self.files.in_transaction:
                raise not_served("a transaction in another")
            self.files.begin()
        else:
            self.files.end(commits=first == "COMMIT")

    def _execute(self, reading: Reading, around: _Around) -> None:
        if reading.peek() == "AS":
            raise not_served("EXECUTE AS: nobody becomes somebody else")
        schema, name = reading.object()
        placed: list[Any] = []
        named: dict[str, Any] = {}
        for parameter, word in arguments_of(reading):
            value = self._literal(word, around.values)
            if parameter is None:
                placed.append(value)
            else:
                named[parameter] = value
        self._procedure(schema, name, placed, named, around)

    def _literal(self, word: Word, values: Mapping[str, Any]) -> Any:
        if word.kind in ("text", "number", "bytes", "variable") or word.upper == "NULL":
            asked = f"SELECT {for_sqlite([word], self._globals())}"
            return self.files.query(asked, values, self._guard()).rows[0][0]
        raise syntax(word.raw)

    def _procedure(
        self, schema: str, name: str, placed: Sequence[Any], named: Mapping[str, Any], around: _Around
    ) -> None:
        if around.depth == _DEPTH:
            raise SqlRefusal(
                217,
                "Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).",
            )
        found = self._catalog.object_id(schema, name, "P")
        if found is None:
            raise SqlRefusal(2812, f"Could not find stored procedure '{name}'.")
        of_schema = self._catalog.schema(schema)
        owner = of_schema[1] if of_schema else None
        if owner != around.chain and not self._rights().may("EXECUTE", schema, found):
            raise denied("EXECUTE", self._database, schema, name)
        definition = self._catalog.one("SELECT definition FROM sys.sql_modules WHERE object_id = ?", found)
        parameters, body = parameters_of(str(definition))
        values = bound(name, parameters, placed, named)
        self._run(body, _Around(values, around.answer, owner, around.depth + 1))

    def _guard(self, **of_statement: Any) -> Guard:
        return Guard(self._catalog, self._rights(), self._database, **of_statement)

    def _globals(self) -> dict[str, str]:
        return {
            "@@VERSION": "'Microsoft SQL Azure (RTM) - 12.0.2000.8, as the local Azure has it'",
            "@@TRANCOUNT": str(int(self.files.in_transaction)),
            "@@ROWCOUNT": str(self.files.changed),
            "@@SPID": "51",
        }
