"""A person signs in with a code, and with what a sign-in leaves: the page, and what programs are told."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from local_azure.__main__ import main
from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER, TENANT_ID
from local_azure.entra.claims import AZURE_CLI
from local_azure.entra.service import SignIn
from local_azure.http import Request, Response
from local_azure.server import LocalAzure
from tests.local_azure.tokens import ARM, VAULT
from tests.patience import PATIENCE

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
OFFLINE = "offline_access openid profile"
Json = Any


def post(azure: Azure, path: str, **form: str) -> Response:
    body = str(httpx.QueryParams({"client_id": AZURE_CLI, **form})).encode()
    full = f"/{TENANT_ID}/oauth2/v2.0/{path}"
    return azure.service(SignIn).handle(Request("POST", "login.microsoftonline.com", full, body=body))


def started(azure: Azure) -> Json:
    answer = post(azure, "devicecode", scope=f"{ARM}/.default {OFFLINE}")
    assert answer.status == 200
    return answer.body


def enter(azure: Azure, code: str, name: str = OFFICER.name, password: str | None = None) -> Response:
    given = azure.entra.credentials().get(name, "") if password is None else password
    body = str(httpx.QueryParams({"code": code, "username": name, "password": given})).encode()
    [page] = azure.service(SignIn).loopback.values()
    return page(Request("POST", "127.0.0.1", "/devicelogin", body=body))


def redeem(azure: Azure, codes: Json) -> tuple[int, Json]:
    answer = post(azure, "token", grant_type=GRANT, device_code=codes["device_code"])
    body: Json = answer.body
    if answer.status == 200:  # as it was asked for with the code
        assert azure.entra.verify(body["access_token"], {ARM}).principal.kind == "User"
        assert {"refresh_token", "id_token"} <= body.keys()
    return answer.status, body.get("error")


def test_e4_a_code_is_good_once_and_for_fifteen_minutes(azure: Azure) -> None:
    codes = started(azure)
    assert redeem(azure, codes) == (400, "authorization_pending")
    assert enter(azure, codes["user_code"].lower()).status == 200
    assert redeem(azure, codes) == (200, None)
    assert redeem(azure, codes) == (400, "bad_verification_code")
    assert enter(azure, codes["user_code"]).status == 400
    late = started(azure)
    azure.clock.advance(late["expires_in"])
    assert enter(azure, late["user_code"]).status == 400
    assert redeem(azure, late) == (400, "expired_token")
    entered = started(azure)
    assert enter(azure, entered["user_code"]).status == 200
    azure.clock.advance(entered["expires_in"])
    assert redeem(azure, entered) == (400, "expired_token")


def test_who_reaches_the_page_without_a_password_signs_nobody_in(azure: Azure) -> None:
    codes = started(azure)
    for name, password in (
        (OFFICER.name, ""),
        (OFFICER.name, azure.entra.credentials()[DEVELOPER.name]),
        (DEPLOYER.name, azure.entra.credentials()[DEPLOYER.name]),
        ("Ünknown", "ü"),
    ):
        answer = enter(azure, codes["user_code"], name, password)
        assert (answer.status, b"nobody was signed in" in (answer.body or b"")) == (401, True)
    assert enter(azure, "ÄÖÜ").status == 400
    assert redeem(azure, codes) == (400, "authorization_pending")


def test_the_page_shows_who_there_is_and_no_password(azure: Azure) -> None:
    [page] = azure.service(SignIn).loopback.values()
    shown: Json = page(Request("GET", "127.0.0.1", "/devicelogin")).body
    assert OFFICER.name in shown.decode()
    assert not [one for one in azure.entra.credentials().values() if one in shown.decode()]


def test_a_persons_sign_in_brings_the_next_tokens_and_an_applications_does_not(azure: Azure) -> None:
    password = azure.entra.credentials()[DEVELOPER.name]
    form = {"grant_type": "password", "username": DEVELOPER.name, "password": password}
    person: Json = post(azure, "token", **form, scope=f"{ARM}/.default {OFFLINE}").body
    again: Json = post(
        azure,
        "token",
        grant_type="refresh_token",
        refresh_token=person["refresh_token"],
        scope=f"{VAULT}/.default",
    ).body
    assert azure.entra.verify(again["access_token"], {VAULT}).principal.object_id == DEVELOPER.object_id
    assert not {"refresh_token", "id_token"} & again.keys()
    secret = azure.entra.credentials()[DEPLOYER.name]
    application: Json = post(
        azure, "token", grant_type="client_credentials", client_id=str(DEPLOYER.client_id),
        client_secret=secret, scope=f"{ARM}/.default {OFFLINE}",
    ).body  # fmt: skip
    assert not {"refresh_token", "id_token"} & application.keys()


def test_only_a_refresh_token_refreshes_and_it_opens_nothing_itself(azure: Azure) -> None:
    password = azure.entra.credentials()[DEVELOPER.name]
    form = {"grant_type": "password", "username": DEVELOPER.name, "password": password}
    person: Json = post(azure, "token", **form, scope=f"{ARM}/.default {OFFLINE}").body
    for wrong in (person["access_token"], person["id_token"], "", "x.y.z"):
        answer = post(
            azure, "token", grant_type="refresh_token", refresh_token=wrong, scope=f"{ARM}/.default"
        )
        body: Json = answer.body
        assert (answer.status, body["error"]) == (400, "invalid_grant")
    for audience in (ARM, VAULT):
        with pytest.raises(Exception, match="wrong audience"):
            azure.entra.verify(person["refresh_token"], {audience})
    azure.clock.advance(91 * 86_400)
    late = post(
        azure,
        "token",
        grant_type="refresh_token",
        refresh_token=person["refresh_token"],
        scope=f"{ARM}/.default",
    )
    assert late.status == 400


def test_a_command_enters_a_code_for_a_person(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state: Path = local_azure.azure.state
    codes = started(local_azure.azure)
    assert codes["verification_uri"] == f"{local_azure.portal_url}/devicelogin"

    def enter_code(code: str) -> int:
        arguments = ["sign-in", code, "--state", str(state), "--person", "officer"]
        monkeypatch.setattr("sys.argv", ["local_azure", *arguments])
        return main()

    assert enter_code("NOT-A-CODE") == 1
    assert "No program waits with this code" in capsys.readouterr().err
    assert enter_code(codes["user_code"]) == 0
    assert OFFICER.name in capsys.readouterr().out
    assert redeem(local_azure.azure, codes) == (200, None)


def test_no_code_and_no_token_of_a_sign_in_lies_in_a_file(local_azure: LocalAzure) -> None:
    azure, entra = local_azure.azure, "https://login.microsoftonline.com"
    with httpx.Client(base_url=f"{entra}/{TENANT_ID}/oauth2/v2.0/", timeout=PATIENCE) as client:
        codes = client.post("devicecode", data={"scope": f"{ARM}/.default {OFFLINE}"}).json()
        form = {
            "code": codes["user_code"],
            "username": OFFICER.name,
            "password": azure.entra.credentials()[OFFICER.name],
        }
        page = httpx.post(codes["verification_uri"], data=form, trust_env=False, timeout=PATIENCE)
        assert page.status_code == 200
        redeemed = {"grant_type": GRANT, "device_code": codes["device_code"]}
        tokens = client.post("token", data=redeemed).json()
    secret = [codes["device_code"], codes["user_code"], form["password"]]
    secret += [tokens[name] for name in ("access_token", "refresh_token", "id_token")]
    lie = [
        file.name
        for file in azure.state.rglob("*")
        if file.is_file() and any(one.encode() in file.read_bytes() for one in secret)
    ]
    assert lie == ["credentials.json"]  # the password, in its home
    assert "/devicelogin" in {one["path"] for one in azure.journal.entries(10)}
