"""Whom a listener of the instance metadata service answers: one instance of one host."""

from collections.abc import Callable
from dataclasses import dataclass

from local_azure.http import JsonObject


@dataclass(frozen=True)
class Asking:
    """`resource` gives the body of the resource whose `identity` the instance has, None once it is gone; it
    is asked for at each request, as an identity can be attached while the instance runs. `metadata` gives
    what `/metadata/instance` answers, None where a host has no such document (Container Instances).
    """

    resource: Callable[[], JsonObject | None]
    metadata: Callable[[], JsonObject] | None = None
