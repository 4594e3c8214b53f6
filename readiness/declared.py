"""What a stack declares and only others can say of whether it is so: databases, and apps that are called."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from azure.core.credentials import TokenCredential

from database_grants.declared import StackError, exported, read_state
from readiness.calls import declared_calls, pending_calls
from readiness.databases import pending_grants
from readiness.reports import NotReachableError, Readiness
from readiness.state import has_site


def with_declared(
    result: Readiness,
    stack: str,
    credential: Callable[[], TokenCredential],
    *,
    databases: bool,
    calls: bool,
    missing: str = "",
    **options: Any,
) -> Readiness:
    """The result with what is pending there. Raises NotReachableError, also where `missing` says that no app
    is named, and the stack has one, or nothing to ask about instead.
    """
    try:
        state = exported(stack)
        if missing and (has_site(state) or not _has_any(state, databases=databases, calls=calls)):
            raise NotReachableError(missing)
    except StackError as error:
        raise NotReachableError(str(error)) from error
    if databases:
        result = replace(result, databases=tuple(pending_grants(state, stack, credential)))
    if calls:
        result = replace(result, calls=tuple(pending_calls(state, stack, credential, **options)))
    return result


def _has_any(state: str, *, databases: bool, calls: bool) -> bool:
    """Whether there is anything to ask about. Raises StackError and NotReachableError."""
    return (databases and bool(read_state(state).hosts())) or (calls and any(declared_calls(state)))
