"""The items of one container: read, written and asked for.

https://learn.microsoft.com/rest/api/cosmos-db/documents
"""

import json
from collections.abc import Callable
from typing import Any, Final

from local_azure.bodies import items, properties_of, section
from local_azure.cosmos_db.access import Access
from local_azure.cosmos_db.contents import items_of_key
from local_azure.cosmos_db.items import ItemStore, Key
from local_azure.cosmos_db.query import run
from local_azure.cosmos_db.query_parser import NotServedError, parse
from local_azure.cosmos_db.query_values import UNDEFINED, at
from local_azure.cosmos_db.refusals import not_served_here, refusal
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource

_HERE: Final = "sqlDatabases/containers"
_PAGE: Final = 100

RULES: Final = [
    Rule(
        "B10",
        "assumed",
        "Data actions of a request: an item read by its id takes items/read, a query executeQuery, a list of "
        "all items readChangeFeed, and each way of writing its own.",
        held_by="b10_each_request_takes_the_data_action_that_is_named_after_it",
        source="https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security",
    ),
    Rule(
        "B10",
        "assumed",
        "An id is once in a partition (409), a replacement with another ETag is refused (412), what is not "
        "there is 404, and a partition key that is not the item's is 400 with substatus 1001.",
        held_by="b10_the_refusals_of_items_are_those_that_clients_know",
        source="https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb",
    ),
]


class ContainerData:
    """Answers below `/dbs/…/colls/…/docs`."""

    def __init__(self, ground: Ground, items: ItemStore, access: Access) -> None:
        self._ground = ground
        self._items = items
        self._access = access

    def answer(
        self,
        account: Resource,
        caller: Caller | None,
        path: str,
        find: Callable[[], Resource],
        request: Request,
        rest: list[str],
    ) -> Response:
        """`rest` is the item's id, where one is named; `find` is asked once the caller has the action."""
        upserts = _is_on(request, "x-ms-documentdb-is-upsert")
        asks = _is_on(request, "x-ms-documentdb-isquery")
        action = _action(request, bool(rest), asks=asks, upserts=upserts)
        self._access.require(account, caller, f"{_HERE}/{action}", path)
        container = find()
        match request.method, rest:
            case "GET", [id]:
                return _item(200, self._existing(container, request, id), request)
            case "GET", []:
                return _page(self._items.every(container.id), request)
            case "POST", [] if asks:
                return self._query(container, request)
            case "POST", []:
                return self._create(container, request, upserts=upserts)
            case "PUT", [id]:
                before = self._existing(container, request, id)
                _require_match(before, request)
                return self._write(200, container, request, _given(request), before)
            case "DELETE", [id]:
                before = self._existing(container, request, id)
                _require_match(before, request)
                self._items.delete(container.id, _key_of(container, before), id)
                return Response(204)
            case method, _:
                raise not_served_here(f"{method} of an item of Cosmos DB")

    def _create(self, container: Resource, request: Request, *, upserts: bool) -> Response:
        given = _given(request)
        key = _key_of(container, given)
        before = self._items.find(container.id, key, str(given.get("id")))
        if before is not None and not upserts:
            text = "Entity with the specified id already exists in the system."
            raise refusal(409, "Conflict", text)
        if before is not None:
            _require_match(before, request)
        return self._write(201 if before is None else 200, container, request, given, before)

    def _write(
        self, status: int, container: Resource, request: Request, given: JsonObject, before: JsonObject | None
    ) -> Response:
        id = given.get("id")
        if not isinstance(id, str) or not 0 < len(id) <= 255 or any(one in id for one in "/\\#?"):
            text = "The input content is invalid because the required properties - 'id; ' - are missing"
            raise refusal(400, "BadRequest", f"{text}.")
        key = _key_of(container, given)
        asked = _asked_key(request)
        if (asked is not None and asked != key) or (before and before["id"] != id):
            text = "PartitionKey extracted from document doesn't match the one specified in the header."
            raise refusal(400, "BadRequest", text, 1001)
        return _item(status, self._items.put(container.id, key, given), request)

    def _query(self, container: Resource, request: Request) -> Response:
        asked = _given(request)
        if _is_on(request, "x-ms-cosmos-is-query-plan-request"):
            raise not_served_here("plans of queries")
        given = {str(one["name"]): one.get("value") for one in items(asked, "parameters")}
        try:
            query = parse(str(asked.get("query")), given)
            found = run(query, self._items.every(container.id, _asked_key(request)))
        except NotServedError as error:
            raise not_served_here(f"this query: {error}") from error
        except RecursionError as error:
            raise not_served_here("a query that is so deep or so long") from error
        return _page(found, request)

    def _existing(self, container: Resource, request: Request, id: str) -> JsonObject:
        key = _asked_key(request)
        if key is None:
            text = "PartitionKey value must be supplied for this operation."
            raise refusal(400, "BadRequest", text)
        found = self._items.find(container.id, key, id)
        if found is None:
            text = "Entity with the specified id does not exist in the system. More info: "
            raise refusal(404, "NotFound", f"{text}https://aka.ms/cosmosdb-tsg-not-found")
        return found


def _action(request: Request, names_an_item: bool, *, asks: bool, upserts: bool) -> str:
    match request.method:
        case "GET":
            return "items/read" if names_an_item else "readChangeFeed"
        case "POST" if asks:
            return "executeQuery"
        case "POST":
            return "items/upsert" if upserts else "items/create"
        case "DELETE":
            return "items/delete"
        case _:
            return "items/replace"


def _is_on(request: Request, header: str) -> bool:
    return request.headers.get(header, "").lower() == "true"


def _given(request: Request) -> JsonObject:
    """The body. Raises Refusal 400 for what is no JSON object."""
    try:
        return request.json()
    except ValueError as error:
        raise refusal(400, "BadRequest", f"The input content is invalid: {error}.") from error


def _key_of(container: Resource, item: JsonObject) -> Key:
    """The values of an item at the paths of the container's partition key; `{}` where there is none."""
    paths = items_of_key(section(properties_of(container.body), "resource"))
    found = [at(item, path.strip("/").split("/")) for path in paths]
    return [{} if one is UNDEFINED else one for one in found]


def _asked_key(request: Request) -> Key | None:
    """The partition key that a request names. Raises Refusal 400 for what is no list."""
    given = request.headers.get("x-ms-documentdb-partitionkey")
    if given is None:
        return None
    try:
        found: Any = json.loads(given)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise refusal(400, "BadRequest", "The partition key supplied in x-ms-partitionkey header is invalid.")
    return list[Any](found)  # pyright: ignore[reportUnknownArgumentType]


def _require_match(before: JsonObject, request: Request) -> None:
    """Raises Refusal 412 where the item is no longer the one that the caller has seen."""
    wanted = request.headers.get("if-match")
    if wanted and wanted not in ("*", before["_etag"]):
        text = "Operation cannot be performed because one of the specified precondition is not met."
        raise refusal(412, "PreconditionFailed", text)


def _item(status: int, item: JsonObject, request: Request) -> Response:
    if request.method == "GET" and request.headers.get("if-none-match") == item["_etag"]:
        return Response(304, None, {"etag": item["_etag"]})
    minimal = request.method != "GET" and request.headers.get("prefer", "").lower() == "return=minimal"
    return Response(status, None if minimal else item, {"etag": item["_etag"]})


def _page(found: list[Any], request: Request) -> Response:
    """As many as one answer holds; where there are more, from where to go on."""
    size = request.headers.get("x-ms-max-item-count", "")
    limit = int(size) if size.isdecimal() and int(size) else _PAGE
    start = _start(request)
    shown, rest = found[start : start + limit], found[start + limit :]
    more = {"x-ms-continuation": str(start + limit)} if rest else {}
    body: JsonObject = {"_rid": "", "Documents": shown, "_count": len(shown)}
    return Response(200, body, {"x-ms-item-count": str(len(shown)), **more})


def _start(request: Request) -> int:
    given = request.headers.get("x-ms-continuation", "0") or "0"
    if not given.isdecimal():
        raise refusal(400, "BadRequest", "The continuation token supplied is invalid.")
    return int(given)
