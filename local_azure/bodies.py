"""Reading bodies in which every part may be absent or null."""

from typing import Any, cast

from local_azure.errors import Refusal
from local_azure.http import JsonObject


def section(body: JsonObject | None, key: str) -> JsonObject:
    """The object under `key`, empty where there is none. Raises Refusal 400 for what is no object."""
    found: object = (body or {}).get(key)
    if found and not isinstance(found, dict):
        text = f"The request content was invalid and could not be deserialized: '{key}' is no object."
        raise Refusal(400, "InvalidRequestContent", text)
    return cast(JsonObject, found or {})


def properties_of(body: JsonObject | None) -> JsonObject:
    """The properties of a body or of an item in it, empty where there are none."""
    return section(body, "properties")


def items(body: JsonObject, key: str) -> list[JsonObject]:
    """The list of objects under `key`, empty where there is none."""
    found: list[JsonObject] | None = body.get(key)
    return found or []


def located(new: JsonObject) -> str:
    """The location of a body. Raises Refusal 400 when it has none."""
    if not new.get("location"):
        raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
    return str(new["location"]).replace(" ", "").lower()


def without_nulls(value: Any) -> Any:
    """The value, and all that is in it, without what is null: an answer leaves out what was never given."""
    if isinstance(value, dict):
        given = cast(JsonObject, value)
        return {key: without_nulls(part) for key, part in given.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in cast(list[Any], value)]
    return value
