"""Operations that go on after their answer, and are asked for until they are done. Here each is done at once,
or has failed.

https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
"""

import uuid
from collections.abc import Mapping
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.store import Store
from local_azure.subscriptions import scope_of

_OPERATIONS: Final = "operations"
_VERSION: Final = "2021-04-01"


def location_of_operation(store: Store, id: str, kind: str) -> Mapping[str, str]:
    """Headers by which a client waits for an operation on the resource `id`, a deletion above all."""
    return {"Location": _url(store, id, kind, "operationresults"), **_AT_ONCE}


def status_of_operation(store: Store, id: str, kind: str) -> Mapping[str, str]:
    """Headers by which a client waits for a write of the resource `id`, which it reads afterwards."""
    return {"Azure-AsyncOperation": _url(store, id, kind, "operationstatuses"), **_AT_ONCE}


def status_of_failure(store: Store, id: str, refusal: Refusal) -> Mapping[str, str]:
    """Headers by which a client waits for a write of the resource `id` that was taken, and then refused."""
    error: JsonObject = {"code": refusal.code, "message": refusal.message}
    return {
        "Azure-AsyncOperation": _url(store, id, "write", "operationstatuses", {"error": error}),
        **_AT_ONCE,
    }


def outcome(store: Store, operation: str) -> JsonObject | None:
    """What came of an operation; None of one that was never started."""
    known = store.documents(_OPERATIONS).get(operation)
    if known is None:
        return None
    if error := known.get("error"):
        return {"name": operation, "status": "Failed", "error": error}
    return {"name": operation, "status": "Succeeded"}


_AT_ONCE: Final = {"retry-after-ms": "50"}
"""No `Retry-After`: it counts whole seconds, and with 0 some clients wait their own half minute."""


def _url(store: Store, id: str, kind: str, form: str, more: JsonObject | None = None) -> str:
    operation = f"{kind}-{uuid.uuid4().hex}"
    store.documents(_OPERATIONS).put(operation, {"resource": id, **(more or {})})
    return f"https://management.azure.com{scope_of(id)}/{form}/{operation}?api-version={_VERSION}"
