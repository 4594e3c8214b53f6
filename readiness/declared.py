"""What a stack declares and only others can say of whether it is so: databases, and apps that are called."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from azure.core.credentials import TokenCredential

from database_grants.declared import StackError, exported
from readiness.calls import pending_calls
from readiness.databases import pending_grants
from readiness.reports import NotReachableError, Readiness


def with_declared(
    result: Readiness,
    stack: str,
    credential: Callable[[], TokenCredential],
    *,
    databases: bool,
    calls: bool,
    **options: Any,
) -> Readiness:
    """The result with what is pending there. Raises NotReachableError."""
    try:
        state = exported(stack)
    except StackError as error:
        raise NotReachableError(str(error)) from error
    if databases:
        result = replace(result, databases=tuple(pending_grants(state, stack, credential)))
    if calls:
        result = replace(result, calls=tuple(pending_calls(state, stack, credential, **options)))
    return result
