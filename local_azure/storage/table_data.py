"""Table storage's data plane: `<account>.table.core.windows.net`.

https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api
"""

from dataclasses import dataclass
from typing import Final

from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage.account_names import TABLES, account_name, is_table_name, table_id
from local_azure.storage.entity_store import EntityStore
from local_azure.storage.gate import Asker, Gate, in_version, require_version
from local_azure.storage.queries import page, whole_number
from local_azure.storage.refusals import invalid_name, refusal, unserved
from local_azure.storage.table_answers import listed, made
from local_azure.storage.table_batches import Change, answer_of, batch_answer, changes_of
from local_azure.storage.table_entities import TableEntities
from local_azure.storage.table_filters import read_filter
from local_azure.storage.table_paths import Tables, addressed
from local_azure.storage.table_values import STRING, Value, invalid_input
from local_azure.store import Resource

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a batch, and so of any request."""
_MOST: Final = 1000
_SERVICE: Final = "the table service"

RULES: Final = [
    Rule(
        "I14",
        "behaviour",
        "Tables are listed by who may read tables at the account or above.",
        held_by="i14_tables_are_listed_by_who_may_read_them_all",
        source="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory",
    ),
    Rule(
        "I14",
        "refusal",
        "A table is made once, whatever case its name is written in: 409 TableAlreadyExists.",
        held_by="i14_a_table_is_made_once",
        source="https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model",
    ),
]


class TableData:
    """Every account's tables and entities, behind tokens and role assignments."""

    def __init__(self, ground: Ground, entities: EntityStore, services: Services) -> None:
        self._ground = ground
        self._stored = entities
        self._gate = Gate(ground, services, "table")
        self._entities = TableEntities(ground, self._gate, entities)

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        try:
            return self._answer(request)
        except Refusal as refused:
            refused.envelope = "table"
            raise

    def takes_more(self, request: Request) -> bool:
        """Whether the body of a request, of which this sees all else, is read though it is large: that of
        whoever may do anything in the account. Raises Refusal."""
        try:
            account = self._gate.account(request)
            asker = self._gate.asker(account, request)
        except Refusal as refused:
            refused.envelope = "table"
            raise
        return request.method != "GET" and self._gate.has_any_role(asker, account)

    def _answer(self, request: Request) -> Response:
        account = self._gate.account(request)
        asker = self._gate.asker(account, request)
        version = require_version(request)
        if request.path == "/$batch" and request.method == "POST":
            return in_version(version, self._batch(account, request, asker))
        asked = addressed(request.path)
        if asked is None or "restype" in request.query:
            raise unserved(request, _SERVICE)
        with self._ground.store.transaction():
            if isinstance(asked, Tables):
                answer = self._tables(account, asked, request, asker)
            else:
                answer = self._entities.answer(account, asked, request, asker)
        return in_version(version, answer)

    def _batch(self, account: Resource, request: Request, asker: Asker) -> Response:
        def answer(change: Change) -> Response:
            return self._entities.answer(account, change.asked, change.request, asker)

        changes = changes_of(request)
        try:
            with self._ground.store.transaction():
                answers = answer_of(changes, answer)
        except Refusal as refused:
            refused.envelope = "table"
            answers = [refused.response()]
        return batch_answer(answers)

    def _tables(self, account: Resource, asked: Tables, request: Request, asker: Asker) -> Response:
        match request.method, asked.table:
            case "GET", None:
                self._gate.require(asker, account.id, f"{TABLES}/read", data=False)
                return self._list(account, request)
            case "POST", None:
                name = _name(request)
                id = table_id(account, name)
                self._gate.require(asker, id, f"{TABLES}/write", data=False)
                return self._create(id, name, request)
            case "DELETE", str(name):
                id = table_id(account, name)
                self._gate.require(asker, id, f"{TABLES}/delete", data=False)
                if self._ground.store.get(id) is None:
                    raise refusal(404, "ResourceNotFound", "The specified resource does not exist.")
                self._stored.clear(account_name(account), name)
                self._ground.store.delete(id)
                return Response(204)
            case _:
                raise unserved(request, _SERVICE)

    def _list(self, account: Resource, request: Request) -> Response:
        matches = read_filter(request.query.get("$filter", ""))
        most = whole_number(request.query, "$top", _MOST, lowest=1, highest=_MOST)
        stored = self._ground.store.list(under=account.id, type=TABLES)
        names = sorted(one.id.rpartition("/")[2] for one in stored)
        wanted = [name for name in names if matches(_Table(name))]
        found, after = page(wanted, "", request.query.get("NextTableName", ""), most)
        values: list[JsonObject] = [{"TableName": name} for name in found]
        return listed(request.host, "Tables", values, {"NextTableName": after} if after else {})

    def _create(self, id: str, name: str, request: Request) -> Response:
        if not is_table_name(name):
            raise invalid_name("table", name)
        if self._ground.store.get(id):
            raise refusal(409, "TableAlreadyExists", "The table specified already exists.")
        self._ground.store.put(Resource(id, TABLES, {"properties": {"tableName": name}}))
        whole = {"odata.metadata": f"https://{request.host}/$metadata#Tables/@Element", "TableName": name}
        return made(request, Response(201, whole))


@dataclass(frozen=True)
class _Table:
    """What a filter of tables looks at."""

    name: str

    def value(self, name: str, /) -> Value | None:
        return Value(STRING, self.name) if name == "TableName" else None


def _name(request: Request) -> str:
    try:
        return str(request.json().get("TableName", ""))
    except ValueError:
        raise invalid_input() from None
