"""The data plane of stores: `<store>.azconfig.io`.

https://learn.microsoft.com/azure/azure-app-configuration/rest-api
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from local_azure.app_configuration.access import STORES, authenticate, name_of, require, require_path
from local_azure.app_configuration.filters import NO_LABEL, Filter
from local_azure.app_configuration.key_values import KeyValue, KeyValues
from local_azure.bodies import properties_of, section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKey, CustomerKeys
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

STORE_TYPE: Final = "Microsoft.AppConfiguration/configurationStores"
_VERSIONS: Final = frozenset({"1.0", "2023-05-01", "2023-10-01", "2023-11-01", "2024-09-01", "2026-04-01"})
"""Those of azure-appconfiguration 1.10, of the Azure CLI's, and of the versions in between."""
_TYPE: Final = "application/vnd.microsoft.appconfig.{}+json; charset=utf-8"
_PAGE: Final = 100
_FIELDS: Final = frozenset(
    {"etag", "key", "label", "content_type", "value", "tags", "locked", "last_modified"}
)

RULES: Final = [
    Rule(
        "V4",
        "refusal",
        "A key value that is locked is neither written nor deleted: 409.",
        held_by="v4_a_locked_key_value_stays_as_it_is",
        source="https://learn.microsoft.com/azure/azure-app-configuration/rest-api-locks",
    ),
    Rule(
        "V5",
        "behaviour",
        "A write or a delete with If-Match of another etag, or If-None-Match of any, is 412; a read with the "
        "etag that there is, is 304, a page of a list too.",
        held_by="v5_what_somebody_else_changed_is_not_overwritten",
        source="https://learn.microsoft.com/azure/azure-app-configuration/rest-api-key-value",
    ),
]


class AppConfigurationData:
    """What is in every store, behind tokens and role assignments."""

    def __init__(self, ground: Ground, key_values: KeyValues, services: Services) -> None:
        self._ground = ground
        self._services = services
        self.key_values = key_values
        self._keys = CustomerKeys(ground)

    def handle(self, request: Request) -> Response:
        """One request to a store. Raises Refusal in the data plane's envelope."""
        store = self._store(request.host)
        caller = authenticate(self._ground.entra, store, request)
        require_path(self._ground.store, store, self._services.origins(caller.principal.object_id))
        if self._keys.lost(store, customer_key(store.body)) is not None:
            raise _problem(403, "forbidden", "The store cannot use the key that it is encrypted with.")
        if request.query.get("api-version", "") not in _VERSIONS:
            raise _problem(400, "invalid-argument", "Unsupported API version")
        unserved = {"snapshot", "tags"} & set(request.query)
        if unserved or "accept-datetime" in request.headers:
            asked = "the past" if not unserved else " and ".join(sorted(unserved))
            raise _not_served(asked)
        with self._ground.store.transaction():
            return self._route(store, request, caller)

    def find(self, host: str) -> Resource | None:
        """The store behind a host name."""
        name = host.lower().removesuffix(STORES)
        return next((one for one in self._ground.store.list(type=STORE_TYPE) if name_of(one) == name), None)

    def write(self, store: Resource, wanted: KeyValue) -> KeyValue:
        """Keep a key value in place of what there is. Raises Refusal 409 where that is locked."""
        found = self.key_values.find(name_of(store), wanted.key, wanted.label)
        _require_unlocked(found)
        return self.key_values.write(name_of(store), wanted)

    def delete(self, store: Resource, key: str, label: str | None) -> KeyValue | None:
        """Raises Refusal 409 where it is locked."""
        found = self.key_values.find(name_of(store), key, label)
        _require_unlocked(found)
        if found is not None:
            self.key_values.delete(name_of(store), found)
        return found

    def _route(self, store: Resource, request: Request, caller: Caller) -> Response:
        kind, _, key = request.path.removeprefix("/").partition("/")
        method = "GET" if request.method == "HEAD" else request.method
        verb = {"GET": "read", "DELETE": "delete"}.get(method, "write")
        if kind == "locks":
            verb = "write"
        require(self._ground.authorizer, store, caller, verb)
        match method, kind:
            case "GET", "kv" | "revisions" | "keys" | "labels" if not key:
                answer = self._list(store, request, kind)
            case "GET", "kv":
                answer = self._get(store, request, key)
            case "PUT", "kv" if key:
                answer = self._put(store, request, key)
            case "DELETE", "kv" if key:
                answer = self._delete(store, request, key)
            case "PUT" | "DELETE", "locks" if key:
                answer = self._lock(store, request, key, locked=method == "PUT")
            case _, "snapshots" | "operations":
                raise _not_served("snapshots")
            case _:
                raise _problem(404, "not-found", f"There is nothing that answers {method} {request.path}.")
        return replace(answer, body=None) if request.method == "HEAD" else answer

    def _list(self, store: Resource, request: Request, kind: str) -> Response:
        name, query = name_of(store), request.query
        if kind in ("keys", "labels"):
            wanted = Filter("name", query.get("name"))
            every = self.key_values.every(name)
            values = {one.key if kind == "keys" else one.label for one in every}
            rows = [{"name": one} for one in sorted(values, key=lambda one: one or "") if wanted.lets(one)]
            return _page(request, kind.removesuffix("s"), rows, [str(one["name"]) for one in rows])
        keys, labels = Filter("key", query.get("key")), Filter("label", query.get("label"))
        every = self.key_values.every(name) if kind == "kv" else self.key_values.revisions(name)
        found = [one for one in every if keys.lets(one.key) and labels.lets(one.label)]
        rows = [_selected(one.shown(), query) for one in found]
        return _page(request, "kv", rows, [one.etag for one in found])

    def _get(self, store: Resource, request: Request, key: str) -> Response:
        found = self.key_values.find(name_of(store), key, _label(request))
        if found is None:
            return Response(404)
        if request.headers.get("if-none-match", "").strip('"') == found.etag:
            return Response(304, headers={"ETag": f'"{found.etag}"'})
        return _answer(found, request)

    def _put(self, store: Resource, request: Request, key: str) -> Response:
        body = _given(request)
        label = _label(request)
        self._require_match(store, request, key, label)
        tags: Mapping[str, Any] = body.get("tags") or {}
        wanted = KeyValue(key, label, body.get("value"), body.get("content_type"), {**tags})
        return _answer(self.write(store, wanted), request)

    def _delete(self, store: Resource, request: Request, key: str) -> Response:
        label = _label(request)
        self._require_match(store, request, key, label)
        gone = self.delete(store, key, label)
        return Response(204) if gone is None else _answer(gone, request)

    def _lock(self, store: Resource, request: Request, key: str, *, locked: bool) -> Response:
        label = _label(request)
        found = self.key_values.find(name_of(store), key, label)
        if found is None:
            return Response(404)
        self._require_match(store, request, key, label)
        return _answer(self.key_values.write(name_of(store), replace(found, locked=locked)), request)

    def _require_match(self, store: Resource, request: Request, key: str, label: str | None) -> None:
        found = self.key_values.find(name_of(store), key, label)
        wanted, unwanted = request.headers.get("if-match"), request.headers.get("if-none-match")
        is_other = wanted is not None and (found is None or wanted.strip('"') not in ("*", found.etag))
        is_there = unwanted is not None and found is not None and unwanted.strip('"') in ("*", found.etag)
        if is_other or is_there:
            raise Refusal(412, "PreconditionFailed", "", "problem")

    def _store(self, host: str) -> Resource:
        store = self.find(host)
        if store is None:
            # Azure's name servers do not know it; a proxy can say no more.
            raise Refusal(404, "NotFound", "", "problem")
        return store


def _label(request: Request) -> str | None:
    label = request.query.get("label") or None
    return None if label == NO_LABEL else label


def _given(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise _problem(400, "invalid-argument", f"The body is no JSON object: {error}") from error


def _require_unlocked(found: KeyValue | None) -> None:
    if found is not None and found.locked:
        text = f"Modifying key '{found.key}' is not allowed"
        raise _problem(409, "key-locked", text)


def _answer(one: KeyValue, request: Request) -> Response:
    headers = {"ETag": f'"{one.etag}"', "content-type": _TYPE.format("kv")}
    return Response(200, _selected(one.shown(), request.query), headers)


def _selected(row: JsonObject, query: Mapping[str, str]) -> JsonObject:
    fields = {key.lower(): value for key, value in query.items()}.get("$select")
    wanted = set(fields.split(",")) & _FIELDS if fields else _FIELDS
    return {key: value for key, value in row.items() if key in wanted}


def _page(request: Request, kind: str, rows: Sequence[JsonObject], marks: Iterable[str]) -> Response:
    """So many of the rows from where `After` says, and where the rest are."""
    after = {key.lower(): value for key, value in request.query.items()}.get("after")
    start = _position(after) if after else 0
    here = [*zip(rows, marks, strict=True)][start : start + _PAGE]
    etag = hashlib.sha256("\n".join(mark for _, mark in here).encode()).hexdigest()[:32]
    headers = {"ETag": f'"{etag}"', "content-type": _TYPE.format(f"{kind}set")}
    body: JsonObject = {"items": [row for row, _ in here], "etag": etag}
    if start + _PAGE < len(rows):
        rest = {key: value for key, value in request.query.items() if key.lower() != "after"}
        rest["After"] = base64.urlsafe_b64encode(str(start + _PAGE).encode()).decode()
        body["@nextLink"] = f"{quote(request.path)}?{urlencode(rest)}"
        headers["Link"] = f'<{body["@nextLink"]}>; rel="next"'
    if request.headers.get("if-none-match", "").strip('"') == etag:
        return Response(304, headers=headers)
    return Response(200, body, headers)


def _position(after: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(after.encode()))
    except ValueError as error:
        raise _problem(400, "invalid-argument", "Invalid request parameter 'After'") from error


def _not_served(what: str) -> Refusal:
    return _problem(501, "not-served", f"The local Azure does not serve {what} of a store; Azure does.")


def _problem(status: int, kind: str, title: str) -> Refusal:
    return Refusal(status, f"https://azconfig.io/errors/{kind}", title, "problem")


def customer_key(body: JsonObject) -> CustomerKey | None:
    """The key of a store's body; None where it is Microsoft's."""
    named = section(section(properties_of(body), "encryption"), "keyVaultProperties")
    if not named.get("keyIdentifier"):
        return None
    return CustomerKey(str(named["keyIdentifier"]), str(named.get("identityClientId") or ""))
