"""Callers that an app does not let in: what the check asks, and what it says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from readiness.command_line import NOT_CHECKED, NOT_READY, READY, main
from tests.app.key_vault import SignedIn
from tests.app.transport import Answer, transport
from tests.unit.readiness.conftest import APP, GROUP, AppService, Clock

API = f"{GROUP}/providers/Microsoft.Web/sites/app-api"
CLIENT = "c11e4700-0000-4000-8000-00000000000a"
OTHER = "c11e4700-0000-4000-8000-00000000000b"


def declared(*, listed: bool = False, **more: Any) -> dict[str, Any]:
    outputs = {"appId": API, "clientId": CLIENT, "principalName": "id-web", "listed": listed}
    urn = "urn:pulumi:dev::shop::keyless:index:CallGrant::web-api"
    return {"urn": urn, "type": "keyless:index:CallGrant", "outputs": {**outputs, **more}}


class Stage:
    """A stack whose one app calls another, and what that one's sign-in says."""

    def __init__(self, app_service: AppService, clock: Clock, folder: Path) -> None:
        self.app_service, self.clock, self.folder = app_service, clock, folder
        self.listed: list[str] | None = []
        self.on = True
        self.failure: Answer | None = None
        self.asked: list[str] = []
        self.state([declared()])

    def state(self, resources: list[dict[str, Any]], **outputs: Any) -> None:
        (self.folder / "state").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
        (self.folder / "output").write_text(json.dumps(outputs or {"app_id": APP}))
        script = self.folder / "pulumi"
        shown = f"/bin/cat '{self.folder}/"
        script.write_text(f"#!/bin/sh\ncase \"$2\" in export) {shown}state';; *) {shown}output';; esac\n")
        script.chmod(0o755)

    def answer(self, request: requests.PreparedRequest) -> Answer:
        if API not in str(request.url):
            return self.app_service.answer(request)
        self.asked.append(f"{request.method} {request.path_url.partition('?')[0].removeprefix(API)}")
        if self.failure:
            return self.failure
        policy = {"allowedApplications": self.listed}
        validation = {"validation": {"defaultAuthorizationPolicy": policy}}
        properties = {
            "platform": {"enabled": self.on},
            "identityProviders": {"azureActiveDirectory": validation},
        }
        return 200, {"id": f"{API}/config/authsettingsV2", "properties": properties}, {}

    def check(self, *arguments: str) -> int:
        given = ("--stack", "dev", *arguments)
        return main(given, SignedIn, self.clock, self.clock.sleep, transport=transport(self.answer))


@pytest.fixture
def stage(app_service: AppService, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("PATH", str(tmp_path))
    return Stage(app_service, clock, tmp_path)


Said = Callable[[], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: capsys.readouterr().out


def test_a_caller_that_is_not_in_the_list_of_an_app_of_elsewhere_is_not_ready(
    stage: Stage, said: Said
) -> None:
    stage.listed = [OTHER]
    assert stage.check() == NOT_READY
    lines = said().splitlines()
    assert f"NOT id-web: app-api does not let in {CLIENT}" in lines
    assert "    next: whoever owns the app names the caller in sign_in.callers" in lines
    assert lines[-1] == "Not ready: 1 caller is not let in by the app that is called."
    assert stage.asked == ["GET /config/authsettingsV2"]


def test_a_caller_that_the_stack_itself_lists_and_the_app_does_not_is_brought_back_by_an_update(
    stage: Stage, said: Said
) -> None:
    stage.listed = [OTHER]
    stage.state([declared(listed=True)])
    assert stage.check() == NOT_READY
    assert "    next: pulumi up --refresh --stack dev\n" in said()


def test_a_caller_in_the_list_is_ready_however_its_id_is_spelt(stage: Stage) -> None:
    stage.listed = [OTHER, CLIENT.upper()]
    assert stage.check() == READY


@pytest.mark.parametrize(("listed", "on"), [([], True), (None, True), ([OTHER], False)])
def test_an_app_that_lets_in_everybody_lets_in_the_caller(
    stage: Stage, listed: list[str] | None, on: bool
) -> None:
    stage.listed, stage.on = listed, on
    assert stage.check() == READY


def test_a_stack_without_an_app_of_its_own_such_as_that_of_a_logic_app_is_asked_for_its_calls(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.state([declared()], workflow="wf")
    stage.listed = [OTHER]
    assert stage.check() == NOT_READY
    assert f"NOT id-web: app-api does not let in {CLIENT}" in capsys.readouterr().out
    assert stage.app_service.asked == []
    stage.listed = [CLIENT]
    assert stage.check() == READY
    said = "readiness: the stack dev has no output `app_id`; its outputs: workflow."
    assert stage.check("--no-calls") == NOT_CHECKED
    assert stage.check("--no-calls", "--no-database-grants") == NOT_CHECKED
    stage.state([], workflow="wf")
    assert stage.check() == NOT_CHECKED
    assert [line.startswith(said) for line in capsys.readouterr().err.splitlines() if said[:9] in line] == [
        True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("type_", ["azure-native:web:WebApp", "azure-native:web/v20240401:WebAppSlot"])
def test_a_stack_with_an_app_that_no_output_names_is_not_checked_whatever_else_it_declares(
    stage: Stage, capsys: pytest.CaptureFixture[str], type_: str
) -> None:
    stage.listed = [CLIENT]
    site = {"urn": f"urn:pulumi:dev::shop::{type_}::web", "type": type_}
    stage.state([declared(), site], url="https://web.example")
    assert stage.check() == NOT_CHECKED
    assert "readiness: the stack dev has no output `app_id`" in capsys.readouterr().err
    assert stage.asked == []
    for no_app_of_it in ({"external": True}, {"delete": True}):
        stage.state([declared(), {**site, **no_app_of_it}], url="https://web.example")
        assert stage.check() == READY


def test_nobody_is_asked_where_nothing_is_called_or_it_is_left_out(stage: Stage) -> None:
    stage.listed = [OTHER]
    assert stage.check("--no-calls") == READY
    stage.state([{**declared(), "delete": True}])
    assert stage.check() == READY
    assert stage.asked == []


def test_the_result_as_json_names_app_and_caller(stage: Stage, said: Said) -> None:
    stage.listed = [OTHER]
    assert stage.check("--json") == NOT_READY
    assert json.loads(said())["calls"] == [
        {
            "app_id": API,
            "app": "app-api",
            "caller": "id-web",
            "client_id": CLIENT,
            "remedy": "whoever owns the app names the caller in sign_in.callers",
        }
    ]


def test_an_app_that_may_not_be_asked_is_said_with_the_way_around_it(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.failure = 403, {"error": {"code": "AuthorizationFailed", "message": "no"}}, {}
    assert stage.check() == NOT_CHECKED
    errors = capsys.readouterr().err
    assert "app-api could not be asked who may call it: Reading needs the role Reader on the app" in errors
    assert "leave the callers of apps out with --no-calls" in errors
