"""Whether each app that the stack's code calls has the caller in its list: asked of the app itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from azure.core.credentials import TokenCredential

from components.contract import APP_ID, CALL_GRANT, CLIENT_ID, LISTED, PRINCIPAL_NAME
from readiness.app_service import App, AppId
from readiness.reports import CallReport, NotReachableError
from readiness.state import resources_of

_BY_OWNER = "whoever owns the app names the caller in sign_in.callers"
_BY_UPDATE = "pulumi up --refresh --stack {}"


@dataclass(frozen=True)
class Call:
    """What a stack declares: which client calls which app, and whether the stack writes the app's list."""

    app_id: str
    client_id: str
    caller: str
    is_listed_here: bool


def pending_calls(
    state: str, stack: str, credential: Callable[[], TokenCredential], **options: Any
) -> Sequence[CallReport]:
    """Each call that its app refuses; nobody is asked where the stack declares none. `state` is what
    `pulumi stack export` prints. Raises NotReachableError.
    """
    calls = list(declared_calls(state))
    by_app: dict[str, list[Call]] = {}
    for call in calls:
        by_app.setdefault(call.app_id.lower(), []).append(call)
    found: list[CallReport] = []
    for group in by_app.values():
        try:
            callers = App(AppId.parse(group[0].app_id), credential(), **options).callers()
        except NotReachableError as error:
            raise NotReachableError(f"{error} Or leave the callers of apps out with --no-calls") from error
        found += [_report(call, stack) for call in group if not callers.may_call(call.client_id)]
    return found


def declared_calls(state: str) -> Iterator[Call]:
    """The calls in a stack's state. Raises NotReachableError for what is no state."""
    for one in resources_of(state):
        if one.get("type") == CALL_GRANT:
            outputs = cast(Mapping[str, Any], one.get("outputs") or {})
            values = [outputs.get(key) for key in (APP_ID, CLIENT_ID, PRINCIPAL_NAME)]
            if all(isinstance(value, str) and value for value in values):
                yield Call(*map(str, values), is_listed_here=outputs.get(LISTED) is True)


def _report(call: Call, stack: str) -> CallReport:
    remedy = _BY_UPDATE.format(stack) if call.is_listed_here else _BY_OWNER
    return CallReport(call.app_id, AppId.parse(call.app_id).name, call.caller, call.client_id, remedy)
