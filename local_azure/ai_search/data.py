"""The data plane of search services: `<service>.search.windows.net`.

https://learn.microsoft.com/rest/api/searchservice
"""

import re
from collections.abc import Mapping
from typing import Final

from local_azure.ai_search.access import (
    SERVICES,
    authenticate,
    name_of,
    refusal,
    require,
    require_path,
)
from local_azure.ai_search.fields import not_served
from local_azure.ai_search.indexes import Indexes
from local_azure.ai_search.queries import search
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.service import Services
from local_azure.store import Resource

SERVICE_TYPE: Final = "Microsoft.Search/searchServices"
_NAMED: Final = re.compile(r"\('((?:[^']|'')*)'\)")
_ACTIONS: Final[Mapping[str, str]] = {
    "upload": "documents/add/action",
    "merge": "documents/write",
    "mergeOrUpload": "documents/write",
    "delete": "documents/delete",
}
"""What an action on a document takes of its caller."""
_OF_OLD: Final = {"search": "search.post.search", "index": "search.index"}
_OLDEST: Final = "2020-06-30"


class SearchData:
    """The indexes of every service, behind tokens and role assignments."""

    def __init__(self, ground: Ground, indexes: Indexes, services: Services) -> None:
        self._ground = ground
        self._services = services
        self._indexes = indexes

    def handle(self, request: Request) -> Response:
        """One request to a service. Raises Refusal in the data plane's envelope."""
        service = self._service(request.host)
        caller = authenticate(self._ground.entra, service, request)
        require_path(self._ground.store, service, self._services.origins(caller.principal.object_id))
        if request.query.get("api-version", "") < _OLDEST:
            raise refusal(400, "Missing or unsupported api-version.")
        with self._ground.store.transaction():
            return self._route(service, request, caller)

    def _route(self, service: Resource, request: Request, caller: Caller) -> Response:
        # indexes('products')/docs('1') is indexes/products/docs/1 in the other way to write it.
        path = _NAMED.sub(lambda found: "/" + found[1].replace("''", "'"), request.path)
        match request.method, path.strip("/").split("/"):
            case method, ["indexes"]:
                return self._all_indexes(service, request, caller, method)
            case method, ["indexes", name]:
                return self._one_index(service, request, caller, method, name)
            case "GET", ["indexes", name, "docs", "$count"]:
                return self._count(service, caller, name)
            case method, ["indexes", name, "docs", *rest] if method == "GET" or rest:
                return self._documents(service, request, caller, name, rest)
            case method, _:
                raise not_served(f"{method} {request.path}")

    def _all_indexes(self, service: Resource, request: Request, caller: Caller, method: str) -> Response:
        called = name_of(service)
        if method == "GET":
            self._manage(service, caller, "read", None)
            return Response(200, {"value": self._indexes.every(called)})
        given = _given(request)
        self._manage(service, caller, "write", str(given.get("name")))
        if self._indexes.find(called, str(given.get("name"))) is not None:
            text = f"Cannot create index '{given['name']}' because it already exists."
            raise refusal(409, text)
        return Response(201, self._indexes.write(called, given))

    def _one_index(
        self, service: Resource, request: Request, caller: Caller, method: str, name: str
    ) -> Response:
        called = name_of(service)
        verb = {"GET": "read", "PUT": "write", "DELETE": "delete"}.get(method)
        if verb is None:
            raise not_served(f"{method} of an index")
        self._manage(service, caller, verb, name)
        there = self._indexes.find(called, name) is not None
        if method == "PUT":
            written = self._indexes.write(called, {**_given(request), "name": name})
            return Response(200 if there else 201, written)
        if method == "DELETE":
            self._indexes.delete(called, name)
            return Response(204 if there else 404)
        return Response(200, self._index(service, name))

    def _documents(
        self, service: Resource, request: Request, caller: Caller, name: str, rest: list[str]
    ) -> Response:
        called, asked = name_of(service), rest[0] if rest else ""
        if request.method == "GET" and asked:
            self._read(service, caller, name)
            found = self._indexes.document(called, self._index(service, name), asked)
            if found is None:
                raise refusal(404, "")
            return Response(200, found)
        match _OF_OLD.get(asked, asked):
            case "search.post.search" | "":
                self._read(service, caller, name)
                given = _given(request) if request.method == "POST" else _of_query(request.query)
                return self._search(service, name, given)
            case "search.index":
                return self._write(service, caller, name, _given(request))
            case _:
                raise not_served(asked)

    def _search(self, service: Resource, name: str, given: JsonObject) -> Response:
        index = self._index(service, name)
        found = search(index["fields"], self._indexes.documents(name_of(service), name), given)
        rows = [{"@search.score": score, **document} for document, score in found.hits]
        count: JsonObject = {"@odata.count": found.count} if given.get("count") else {}
        return Response(200, {**count, "value": rows})

    def _write(self, service: Resource, caller: Caller, name: str, given: JsonObject) -> Response:
        actions: list[JsonObject] = given.get("value") or []
        for verb in {str(one.get("@search.action", "upload")) for one in actions} or {"upload"}:
            if verb not in _ACTIONS:
                raise refusal(400, f"The action '{verb}' is not one of {', '.join(_ACTIONS)}.")
            require(self._ground.authorizer, service, caller, _ACTIONS[verb], name, data=True)
        index = self._index(service, name)
        results = [self._indexes.act(name_of(service), index, one) for one in actions]
        return Response(200 if all(one["status"] for one in results) else 207, {"value": results})

    def _count(self, service: Resource, caller: Caller, name: str) -> Response:
        self._read(service, caller, name)
        self._index(service, name)
        count = len(self._indexes.documents(name_of(service), name))
        return Response(200, str(count).encode(), {"content-type": "text/plain"})

    def _read(self, service: Resource, caller: Caller, name: str) -> None:
        require(self._ground.authorizer, service, caller, "documents/read", name, data=True)

    def _manage(self, service: Resource, caller: Caller, verb: str, name: str | None) -> None:
        require(self._ground.authorizer, service, caller, verb, name, data=False)

    def _index(self, service: Resource, name: str) -> JsonObject:
        found = self._indexes.find(name_of(service), name)
        if found is None:
            raise refusal(404, f"The index '{name}' for service '{name_of(service)}' was not found.")
        return found

    def _service(self, host: str) -> Resource:
        name = host.removesuffix(SERVICES)
        for service in self._ground.store.list(type=SERVICE_TYPE):
            if name_of(service) == name:
                return service
        raise refusal(404, "")


def _given(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise refusal(400, f"The request is invalid. Details: {error}") from error


def _of_query(query: Mapping[str, str]) -> JsonObject:
    """A search as GET asks for it."""
    given = {key.removeprefix("$"): value for key, value in query.items() if key != "api-version"}
    return {**given, **({"count": given["count"] == "true"} if "count" in given else {})}
