"""App Service in memory behind the official client, and a clock that only `sleep` moves."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from readiness import Readiness, check
from tests.app.key_vault import SignedIn
from tests.app.transport import Answer, transport

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-shop"
APP = f"{GROUP}/providers/Microsoft.Web/sites/app-shop"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop"
PRINCIPAL = "00000000-0000-0000-0000-0000000000a1"
SYSTEM_PRINCIPAL = "00000000-0000-0000-0000-0000000000b1"


class Clock:
    """Seconds that pass only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.naps.append(seconds)


class AppService:
    """One app. `resolve(setting)` is asked at the start and at each refresh: Azure caches failures (F2)."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.settings: list[str] = ["DATABASE_PASSWORD"]
        self.resolve: Callable[[str], str] = lambda _: "Resolved"
        self.identity: dict[str, Any] = {
            "type": "UserAssigned",
            "userAssignedIdentities": {IDENTITY.upper(): {"principalId": PRINCIPAL, "clientId": "c"}},
        }
        self.reference_identity: str | None = IDENTITY
        self.living: Answer = 200, {"id": IDENTITY, "properties": {"principalId": PRINCIPAL}}, {}
        """How Resource Manager answers who asks for the identity itself."""
        self.details = ""
        self.failure: Answer | Exception | None = None
        self.asked: list[str] = []
        self._cache: dict[str, str] = {}

    @property
    def refreshes(self) -> int:
        return sum(line.startswith("POST") for line in self.asked)

    def answer(self, request: requests.PreparedRequest) -> Answer:
        path = urlsplit(request.url or "").path
        self.asked.append(f"{request.method} {path}")
        if isinstance(self.failure, Exception):
            raise self.failure
        if self.failure:
            return self.failure
        if path.endswith("/config/configreferences/appsettings/refresh"):
            self._cache = {setting: self.resolve(setting) for setting in self.settings}
            return 200, {"value": []}, {}
        if path.endswith("/config/configreferences/appsettings"):
            self._cache = self._cache or {setting: self.resolve(setting) for setting in self.settings}
            return 200, {"value": [self._reference(path, *item) for item in self._cache.items()]}, {}
        if path == IDENTITY:
            return self.living
        properties = {"keyVaultReferenceIdentity": self.reference_identity}
        return 200, {"id": APP, "name": "app-shop", "identity": self.identity, "properties": properties}, {}

    def _reference(self, path: str, setting: str, status: str) -> dict[str, Any]:
        readable = status != "InvalidSyntax"
        properties = {
            "status": status,
            "details": self.details,
            "vaultName": "kv-shop" if readable else None,
            "secretName": setting.lower().replace("_", "-") if readable else None,
            "activeVersion": "v1" if status == "Resolved" else None,
        }
        return {"id": f"{path}/{setting}", "properties": properties}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app_service(clock: Clock) -> AppService:
    return AppService(clock)


@pytest.fixture
def run(app_service: AppService, clock: Clock) -> Callable[..., Readiness]:
    """`check` on that app, with that clock."""

    def run(*app_ids: str, **options: Any) -> Readiness:
        return check(
            app_ids or (APP,),
            SignedIn(),
            clock=clock,
            sleep=clock.sleep,
            transport=transport(app_service.answer),
            **options,
        )

    return run
