"""The indexes of services, and the documents in them.

https://learn.microsoft.com/azure/search/search-what-is-an-index
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from local_azure.ai_search.access import refusal
from local_azure.ai_search.fields import TYPES, is_of
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule

_NAME: Final = re.compile(r"(?!.*--)[0-9a-z](?:[0-9a-z_-]{0,126}[0-9a-z_])?")
_KEY: Final = re.compile(r"[0-9A-Za-z_=-]{1,1024}")
_FLAGS: Final = ("searchable", "filterable", "sortable", "facetable", "retrievable")

RULES: Final = [
    Rule(
        "X4",
        "assumed",
        "An index has a name of lower-case letters, digits, hyphens and underscores, and one key field that "
        "is a text; a field that it has stays as it is: 400.",
        held_by="x4_an_index_has_one_key_and_its_fields_stay",
        source="https://learn.microsoft.com/rest/api/searchservice/naming-rules",
    ),
    Rule(
        "X5",
        "refusal",
        "A document with a field that the index has not is refused: 400.",
        held_by="x5_a_document_has_the_fields_of_its_index",
        source="Azure-Samples/azure-search-openai-demo#1395",
    ),
]


class Indexes:
    """Those of every service. Names of services are in lower case; keys of documents differ in case."""

    def __init__(self, ground: Ground) -> None:
        self._indexes = ground.store.documents("search-indexes")
        self._documents = ground.store.documents("search-documents")

    def find(self, service: str, name: str) -> JsonObject | None:
        return self._indexes.get(f"{service}/{name}")

    def every(self, service: str) -> list[JsonObject]:
        return [one for at, one in self._indexes.items() if at.startswith(f"{service}/")]

    def write(self, service: str, given: JsonObject) -> JsonObject:
        """Raises Refusal 400 for what can be no index, or changes what is fixed."""
        name = str(given.get("name"))
        fields: list[JsonObject] = given.get("fields") or []
        keys = [one for one in fields if one.get("key") is True]
        if _NAME.fullmatch(name) is None:
            raise refusal(400, f"Invalid index name '{name}': lower-case letters, digits, - and _ only.")
        if len(keys) != 1 or keys[0].get("type") != "Edm.String":
            raise refusal(400, "The index must have exactly one key field of type Edm.String.")
        now = [_described(one) for one in fields]
        kept: JsonObject = {
            **given,
            "fields": now,
            "@odata.etag": f'"0x{uuid.uuid4().hex}"',
        }
        before = self.find(service, name)
        there: Sequence[JsonObject] = (before or {}).get("fields") or []
        for field in there:
            if field not in now:
                raise refusal(400, f"Existing field '{field['name']}' cannot be changed.")
        self._indexes.put(f"{service}/{name}", kept)
        return kept

    def delete(self, service: str, name: str) -> None:
        self._indexes.delete(f"{service}/{name}")
        self._forget(f"{service}/{name}/")

    def forget(self, service: str) -> None:
        """The service is gone."""
        for index in self.every(service):
            self.delete(service, index["name"])

    def documents(self, service: str, name: str) -> list[JsonObject]:
        return [one for at, one in self._documents.items() if at.startswith(f"{service}/{name}/")]

    def document(self, service: str, index: JsonObject, key: str) -> JsonObject | None:
        return self._documents.get(_place(service, str(index["name"]), key))

    def act(self, service: str, index: JsonObject, given: JsonObject) -> JsonObject:
        """One action of an upload, and how it ended. Raises Refusal 400 for a document of another form."""
        verb = str(given.get("@search.action", "upload"))
        document = {key: value for key, value in given.items() if key != "@search.action"}
        key = _key_of(index, document)
        place, before = _place(service, str(index["name"]), key), self.document(service, index, key)
        _check(index, document)
        if verb == "delete":
            self._documents.delete(place)
        elif verb == "merge" and before is None:
            return _result(key, 404, "Document not found.")
        else:
            kept: Mapping[str, Any] = {} if verb == "upload" else before or {}
            self._documents.put(place, {**kept, **document})
        return _result(key, 200 if before is not None or verb == "delete" else 201, None)

    def _forget(self, beginning: str) -> None:
        for at, _ in self._documents.items():
            if at.startswith(beginning):
                self._documents.delete(at)


def key_field(index: JsonObject) -> str:
    fields: Sequence[JsonObject] = index["fields"]
    return next(str(one["name"]) for one in fields if one.get("key") is True)


def _described(field: JsonObject) -> JsonObject:
    """A field with what holds where nothing is said: everything, of a text; a list has no order."""
    is_text = field.get("type") in ("Edm.String", "Collection(Edm.String)")
    said = {flag: field.get(flag) for flag in _FLAGS}
    defaults = {flag: flag != "searchable" or is_text for flag in _FLAGS}
    defaults["sortable"] = not str(field.get("type")).startswith("Collection(")
    flags = {flag: defaults[flag] if said[flag] is None else said[flag] for flag in _FLAGS}
    return {**field, "key": field.get("key") is True, **flags}


def _check(index: JsonObject, document: JsonObject) -> None:
    known = {str(one["name"]): str(one["type"]) for one in index["fields"]}
    for name, value in document.items():
        if name not in known:
            raise refusal(
                400,
                f"The request is invalid. Details: The property '{name}' does not exist on type "
                "'search.documentFields' or is not present in the API version. Make sure to only use "
                "property names that are defined by the type.",
            )
        type_ = known[name]
        if value is not None and type_ in TYPES and not is_of(type_, value):
            text = f"Cannot convert the value of the property '{name}' to the expected type '{type_}'."
            raise refusal(400, f"The request is invalid. Details: {text}")


def _key_of(index: JsonObject, document: JsonObject) -> str:
    key: Any = document.get(key_field(index))
    if not isinstance(key, str) or _KEY.fullmatch(key) is None:
        text = "letters, digits, underscore (_), dash (-), or equal sign (=)"
        raise refusal(400, f"Invalid document key. Keys can only contain {text}.")
    return key


def _result(key: str, status: int, message: str | None) -> JsonObject:
    return {"key": key, "status": status < 400, "errorMessage": message, "statusCode": status}


def _place(service: str, index: str, key: str) -> str:
    # The ground's keys do not tell case apart, and these do.
    return f"{service}/{index}/{key.encode().hex()}"
