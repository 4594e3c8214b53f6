"""Operations that go on after their answer, and are asked for until they are done. Here each is done at once.

https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
"""

import uuid
from collections.abc import Mapping
from typing import Final

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


def is_known(store: Store, operation: str) -> bool:
    """Whether an operation of that name was started."""
    return store.documents(_OPERATIONS).get(operation) is not None


_AT_ONCE: Final = {"retry-after-ms": "50"}
"""No `Retry-After`: it counts whole seconds, and with 0 some clients wait their own half minute."""


def _url(store: Store, id: str, kind: str, form: str) -> str:
    operation = f"{kind}-{uuid.uuid4().hex}"
    store.documents(_OPERATIONS).put(operation, {"resource": id})
    return f"https://management.azure.com{scope_of(id)}/{form}/{operation}?api-version={_VERSION}"
