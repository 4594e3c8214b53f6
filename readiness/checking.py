"""The check itself: read, ask once for a refresh where a failure may be cached, and wait."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure.core.credentials import TokenCredential

from readiness.app_service import App, AppId, Reference
from readiness.reports import RESOLVED, Readiness, ReferenceReport
from readiness.statuses import Case, explained, status_named


@dataclass
class _Watched:
    """One app while it is watched. `refreshed` is when a refresh was last asked for."""

    app: App
    references: list[Reference] = field(default_factory=list[Reference])
    refreshed: float | None = None

    def unresolved(self) -> list[Reference]:
        return [reference for reference in self.references if reference.status != RESOLVED]

    def wants_refresh(self, now: float, every: float) -> bool:
        """True when a failure may be cached and the last refresh, if any, is long enough ago."""
        due = self.refreshed is None or now - self.refreshed >= every
        return due and any(status_named(reference.status).refreshable for reference in self.unresolved())

    def is_settled(self) -> bool:
        """True when a reference will not resolve without a new deployment."""
        return any(status_named(reference.status).settled for reference in self.unresolved())


def check(
    app_ids: Sequence[str],
    credential: TokenCredential,
    *,
    timeout: float = 600,
    interval: float = 5,
    refresh: bool | None = None,
    refresh_every: float = 60,
    say: Callable[[str], None] | None = None,
    stack: str = "",
    vault_ids: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    **client_options: Any,
) -> Readiness:
    """Wait until every Key Vault reference among the settings of these apps (full ids) is resolved.

    `timeout` and `interval` are seconds. `refresh`: None asks App Service to resolve again where a failure
    may be cached (it keeps one until a settings write, a refresh, or 24 hours), at once and then every
    `refresh_every` seconds, because a grant takes minutes to be honoured; True does so at the start in any
    case, which brings a rotated value; False never does. `say` is told what changes meanwhile; `stack` and
    `vault_ids` (name to id) make remedies exact; `client_options` go to `WebSiteManagementClient`.
    It stops early when only a new deployment can help.
    Raises ValueError for an id that is not an app's, and `NotReachableError` when Azure cannot be asked.
    """
    watched = [_Watched(App(AppId.parse(id), credential, **client_options)) for id in app_ids]
    tell = _once_each(say)
    started = clock()
    if refresh:
        for one in watched:
            _ask_for_refresh(one, clock(), tell)
    while True:
        for one in watched:
            one.references = one.app.references()
            if refresh is not False and one.wants_refresh(clock(), refresh_every):
                _ask_for_refresh(one, clock(), tell)
                one.references = one.app.references()
            tell(_progress(one))
        left = timeout - (clock() - started)
        done = all(not one.unresolved() for one in watched)
        if done or left <= 0 or any(one.is_settled() for one in watched):
            break
        sleep(min(interval, left))
    reports = [report for one in watched for report in _reports(one, stack, vault_ids or {})]
    return Readiness(tuple(reports), clock() - started)


def _ask_for_refresh(one: _Watched, now: float, tell: Callable[[str], None]) -> None:
    if not one.references:
        one.references = one.app.references()
    if one.references:
        one.app.refresh()
        one.refreshed = now
        tell(f"{one.app.id.name}: asked App Service to resolve the references again")


def _progress(one: _Watched) -> str:
    if not one.references:
        return f"{one.app.id.name}: no app setting is a Key Vault reference"
    waiting = ", ".join(f"{reference.setting} is {reference.status}" for reference in one.unresolved())
    resolved = len(one.references) - len(one.unresolved())
    return f"{one.app.id.name}: {resolved} of {len(one.references)} resolved" + (waiting and f"; {waiting}")


def _once_each(say: Callable[[str], None] | None) -> Callable[[str], None]:
    """Say a line only when it differs from the one before."""
    last = [""]

    def tell(line: str) -> None:
        if say and line != last[0]:
            say(line)
        last[0] = line

    return tell


def _reports(one: _Watched, stack: str, vault_ids: Mapping[str, str]) -> list[ReferenceReport]:
    identity = one.app.identity() if one.unresolved() else None
    reports: list[ReferenceReport] = []
    for reference in one.references:
        cause = remedy = ""
        if identity and reference.status != RESOLVED:
            vault_id = vault_ids.get(reference.vault_name, "")
            case = Case(one.app.id, reference, identity, stack, vault_id)
            status = explained(case)
            cause, remedy = status.cause(case), status.remedy(case)
        reports.append(
            ReferenceReport(
                one.app.id.text,
                reference.setting,
                reference.status,
                reference.vault_name,
                reference.secret_name,
                reference.version,
                cause,
                remedy,
            )
        )
    return reports
