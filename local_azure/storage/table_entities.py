"""Entities as the table service is asked for them: found, put in, changed, deleted.

https://learn.microsoft.com/rest/api/storageservices/operations-on-entities
"""

import base64
from collections.abc import Mapping
from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.storage.account_names import TABLES, account_name, table_id
from local_azure.storage.entities import Entity, read_key, read_properties, require_size
from local_azure.storage.entity_store import EntityStore
from local_azure.storage.gate import Asker, Gate, Way
from local_azure.storage.queries import whole_number
from local_azure.storage.refusals import refusal, unserved
from local_azure.storage.table_answers import entity_answer, listed, made
from local_azure.storage.table_filters import read_filter
from local_azure.storage.table_paths import Entities
from local_azure.storage.table_values import Value, invalid_input
from local_azure.store import Resource

_READ, _WRITE, _DELETE, _ADD, _UPDATE = (
    f"{TABLES}/entities/{verb}" for verb in ("read", "write", "delete", "add/action", "update/action")
)
_MOST: Final = 1000
_FIRST: Final = "1!"

RULES: Final = [
    Rule(
        "I14",
        "refusal",
        "A Table Data Reader queries entities and writes none: 403 AuthorizationPermissionMismatch.",
        held_by="i14_each_role_does_what_its_data_actions_say_and_nothing_else",
        source="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory",
    ),
    Rule(
        "I14",
        "refusal",
        "An entity that somebody else has changed since it was read is not changed: 412 "
        "UpdateConditionNotSatisfied.",
        held_by="i14_an_entity_that_was_changed_since_it_was_read_is_kept",
        source="https://learn.microsoft.com/rest/api/storageservices/update-entity2",
    ),
    Rule(
        "I14",
        "behaviour",
        "A query answers at most 1000 entities, in the order of their keys, and says where the next begin.",
        held_by="i14_a_long_table_is_read_page_by_page_in_the_order_of_its_keys",
        source="https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination",
    ),
]


class TableEntities:
    """The entities of every table, for whoever may."""

    def __init__(self, ground: Ground, gate: Gate, entities: EntityStore) -> None:
        self._ground = ground
        self._gate = gate
        self._entities = entities

    def answer(self, account: Resource, asked: Entities, request: Request, asker: Asker) -> Response:
        """One request, alone or in a batch. Raises Refusal."""
        id, owner = table_id(account, asked.table), account_name(account)
        method = request.headers.get("x-http-method", request.method)
        if "comp" in request.query:
            raise unserved(request, "the table service")
        self._gate.require(asker, id, *_ways(method, asked, request))
        if self._ground.store.get(id) is None:
            raise refusal(404, "TableNotFound", "The table specified does not exist.")
        if asked.keys is None:
            if method == "GET":
                return self._query(owner, asked.table, request)
            return self._insert(owner, asked.table, request)
        partition, row = read_key("PartitionKey", asked.keys[0]), read_key("RowKey", asked.keys[1])
        known = self._entities.find(owner, asked.table, partition, row)
        match method:
            case "GET":
                found = _existing(known)
                return entity_answer(request.host, asked.table, found, _selected(request), 200)
            case "DELETE":
                if "if-match" not in request.headers:
                    text = "A required HTTP header was not specified: If-Match."
                    raise refusal(400, "MissingRequiredHeader", text)
                self._entities.delete(owner, asked.table, _unchanged(known, request))
                return Response(204)
            case _:
                if "if-match" in request.headers:
                    _unchanged(known, request)
                properties = read_properties(_body(request))
                if known is not None and method != "PUT":
                    properties = {**known.properties, **properties}
                return self._written(owner, asked.table, partition, row, properties)

    def _written(
        self, account: str, table: str, partition: str, row: str, properties: Mapping[str, Value]
    ) -> Response:
        require_size(Entity(partition, row, 0, properties))
        entity = self._entities.put(account, table, partition, row, properties)
        return Response(204, None, {"etag": entity.etag})

    def _insert(self, account: str, table: str, request: Request) -> Response:
        body = _body(request)
        partition, row = (read_key(name, body.get(name)) for name in ("PartitionKey", "RowKey"))
        if self._entities.find(account, table, partition, row):
            raise refusal(409, "EntityAlreadyExists", "The specified entity already exists.")
        properties = read_properties(body)
        require_size(Entity(partition, row, 0, properties))
        entity = self._entities.put(account, table, partition, row, properties)
        return made(request, entity_answer(request.host, table, entity, (), 201))

    def _query(self, account: str, table: str, request: Request) -> Response:
        matches = read_filter(request.query.get("$filter", ""))
        most = whole_number(request.query, "$top", _MOST, lowest=1, highest=_MOST)
        begin = _begin(request)
        every = [one for one in self._entities.every(account, table) if matches(one)]
        if begin is not None:
            every = [one for one in every if _order(one.partition, one.row) >= _order(*begin)]
        page, rest = every[:most], every[most:]
        after = {
            name: _FIRST + base64.urlsafe_b64encode(key.encode()).decode()
            for one in rest[:1]
            for name, key in (("NextPartitionKey", one.partition), ("NextRowKey", one.row))
        }
        return listed(request.host, table, [one.shown(_selected(request)) for one in page], after)


def _ways(method: str, asked: Entities, request: Request) -> tuple[Way, ...]:
    """The actions of which one way is enough."""
    match method, asked.keys is not None:
        case "GET", _:
            return (_READ,)
        case "POST", False:
            return (_WRITE, _ADD)
        case "DELETE", True:
            return (_DELETE,)
        case "PUT" | "PATCH" | "MERGE", True:
            # Without a condition it makes what is not there.
            return (_WRITE, _UPDATE) if "if-match" in request.headers else (_WRITE, (_ADD, _UPDATE))
        case _:
            raise unserved(request, "the table service")


def _existing(entity: Entity | None) -> Entity:
    if entity is None:
        raise refusal(404, "ResourceNotFound", "The specified resource does not exist.")
    return entity


def _unchanged(entity: Entity | None, request: Request) -> Entity:
    found = _existing(entity)
    if request.headers["if-match"] not in ("*", found.etag):
        text = "The update condition specified in the request was not satisfied."
        raise refusal(412, "UpdateConditionNotSatisfied", text)
    return found


def _selected(request: Request) -> frozenset[str]:
    names = request.query.get("$select", "").split(",")
    return frozenset(name.strip() for name in names if name.strip() not in ("", "*"))


def _body(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError:
        raise invalid_input() from None


def _begin(request: Request) -> tuple[str, str] | None:
    """The keys from which on a query goes on, which an answer named."""
    if "NextPartitionKey" not in request.query:
        return None
    given = (request.query["NextPartitionKey"], request.query.get("NextRowKey", _FIRST))
    try:
        first, second = (base64.urlsafe_b64decode(one.removeprefix(_FIRST)).decode() for one in given)
    except ValueError:  # no base64, or no text in it
        raise invalid_input() from None
    return first, second


def _order(partition: str, row: str) -> tuple[bytes, bytes]:
    return partition.encode("utf-16-be", "surrogatepass"), row.encode("utf-16-be", "surrogatepass")
