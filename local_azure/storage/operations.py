"""How Storage calls what is asked of it in its logs, and in which of its three categories that is.

https://learn.microsoft.com/rest/api/storageservices/storage-analytics-logged-operations-and-status-messages
"""

from collections.abc import Mapping
from typing import Final

from local_azure.http import Request

READ: Final = "StorageRead"
WRITE: Final = "StorageWrite"
DELETE: Final = "StorageDelete"
_PLACES: Final = {"blob": "Container", "file": "Share", "queue": "Queue", "table": "Table"}
"""What the first part of a path names."""
_THINGS: Final = {"blob": "Blob", "file": "File", "queue": "Message", "table": "Entity"}
"""What lies in it."""
_BY_COMP: Final[Mapping[tuple[str, str, str], str]] = {
    ("blob", "PUT", "block"): "PutBlock",
    ("blob", "PUT", "blocklist"): "PutBlockList",
    ("blob", "GET", "blocklist"): "GetBlockList",
    ("blob", "POST", "userdelegationkey"): "GetUserDelegationKey",
    ("file", "PUT", "range"): "PutRange",
    ("file", "GET", "rangelist"): "ListFileRanges",
}
_VERBS: Final = {"GET": "Get", "HEAD": "Get", "PUT": "Put", "POST": "Post", "DELETE": "Delete"}
_OF_MESSAGES: Final = {"POST": "PutMessage", "PUT": "UpdateMessage"}
_OF_ENTITIES: Final = {
    "GET": "QueryEntities",
    "POST": "InsertEntity",
    "PUT": "UpdateEntity",
    "PATCH": "MergeEntity",
    "MERGE": "MergeEntity",
    "DELETE": "DeleteEntity",
}


def category_of(request: Request) -> str:
    """What reads, also by taking a message from a queue, is a read; other methods write or delete."""
    if request.method == "DELETE":
        return DELETE
    return READ if request.method in ("GET", "HEAD") else WRITE


def operation_of(service: str, request: Request) -> str:
    """The name of a request to `blob`, `file`, `queue` or `table`, such as `GetBlob`."""
    method, comp = request.method, request.query.get("comp", "")
    place, _, below = request.path.strip("/").partition("/")
    if service == "table":
        return _of_tables(method, request.path.strip("/"))
    if not place:
        return _BY_COMP.get((service, method, comp)) or (
            f"List{_PLACES[service]}s" if comp == "list" else "Unknown"
        )
    if service == "queue" and below:
        return _of_messages(method, below, request)
    if comp == "list":
        return "ListFilesAndDirectories" if service == "file" else f"List{_THINGS[service]}s"
    if comp == "lease":
        return f"{request.headers.get('x-ms-lease-action', '').capitalize()}{_THINGS[service]}Lease"
    if named := _BY_COMP.get((service, method, comp)):
        return named
    thing = _THINGS[service] if below else _PLACES[service]
    if request.query.get("restype") == "directory":
        thing = "Directory"
    if comp in ("metadata", "properties"):
        return f"{'Set' if method == 'PUT' else 'Get'}{thing}{comp.capitalize()}"
    if method == "HEAD" or (method == "GET" and not below):
        return f"Get{thing}Properties"
    word = "Create" if method == "PUT" and thing != "Blob" else _VERBS.get(method, "Unknown")
    return f"{word}{thing}"


def _of_messages(method: str, below: str, request: Request) -> str:
    if method == "GET":
        return "PeekMessages" if request.query.get("peekonly", "").lower() == "true" else "GetMessages"
    if method == "DELETE":
        return "DeleteMessage" if below.strip("/") != "messages" else "ClearMessages"
    return _OF_MESSAGES.get(method, "Unknown")


def _of_tables(method: str, path: str) -> str:
    if path == "$batch":
        return "EntityGroupTransaction"
    if path.lower().startswith("tables"):
        return {"GET": "QueryTables", "POST": "CreateTable", "DELETE": "DeleteTable"}.get(method, "Unknown")
    return _OF_ENTITIES.get(method, "Unknown")
