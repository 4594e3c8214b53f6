"""Reading bodies in which every part may be absent or null."""

from local_azure.http import JsonObject


def section(body: JsonObject | None, key: str) -> JsonObject:
    """The object under `key`, empty where there is none."""
    found: JsonObject | None = (body or {}).get(key)
    return found or {}
