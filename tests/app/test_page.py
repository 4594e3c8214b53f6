"""The page and /status.json: what arrived, how, by whose identity, and never a value."""

import base64
import json
import urllib.parse

import pytest
from flask.testing import FlaskClient

from tests.app.conftest import OTHER, PLANTED, UNRESOLVED, Open, status_of
from tests.app.key_vault import NotSignedIn, SignedIn, Vault


def everything_served(client: FlaskClient) -> str:
    answers = [client.get(path) for path in ("/", "/status.json", "/health")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return "\n".join(answer.text + str(answer.headers) for answer in answers)


@pytest.mark.usefixtures("resolved")
def test_each_secret_is_shown_with_how_it_was_read_and_by_which_identity(
    open_app: Open, vault: Vault, on_app_service: SignedIn
) -> None:
    client = open_app(vault, on_app_service)
    assert client.get("/status.json").json == {
        "state": "ready",
        "arrived": True,
        "vault": "kv-shop.vault.azure.net",
        "identity": {
            "kind": "managed identity",
            "name": "id-shop",
            "client_id": "00000000-0000-0000-0000-0000000000a2",
            "object_id": "00000000-0000-0000-0000-0000000000a1",
        },
        "secrets": [
            {
                "environment_variable": variable,
                "secret_name": name,
                "reference": {"arrived": True, "outcome": "arrived", "version": None, "reason": None},
                "client": {"arrived": True, "outcome": "arrived", "version": "v1", "reason": None},
            }
            for variable, name in (("DATABASE_PASSWORD", "database-password"), ("API_KEY", "api-key"))
        ],
        "advice": None,
    }
    page = client.get("/").text
    assert "<h1>Every secret arrived</h1>" in page
    assert page.count('<span class="pill yes">Arrived</span>') == 4
    assert "id-shop" in page
    assert "00000000-0000-0000-0000-0000000000a1" in page
    assert set(on_app_service.scopes) == {"https://vault.azure.net/.default"}


@pytest.mark.usefixtures("resolved")
def test_no_value_is_served_in_any_spelling(
    open_app: Open, vault: Vault, on_app_service: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    served = everything_served(open_app(vault, on_app_service)) + caplog.text
    for value in (PLANTED, OTHER):
        assert value not in served
        assert json.dumps(value)[1:-1] not in served
        assert urllib.parse.quote(value) not in served
        assert base64.b64encode(value.encode()).decode() not in served


def test_an_unresolved_reference_has_not_arrived_and_says_why(
    open_app: Open, vault: Vault, on_app_service: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", UNRESOLVED)
    monkeypatch.setenv("API_KEY", OTHER)
    client = open_app(vault, on_app_service)
    status = status_of(client)
    assert (status["state"], status["arrived"]) == ("incomplete", False)
    assert status["secrets"][0]["reference"] == {
        "arrived": False,
        "outcome": "unresolved",
        "version": None,
        "reason": "App Service could not resolve the reference and handed over its text. "
        "The vault answers by now: `python -m readiness --stack STACK` makes App Service look again.",
    }
    page = client.get("/").text
    assert page.count('<span class="pill no">Not arrived</span>') == 1
    assert "@Microsoft.KeyVault" not in page
    assert "<code>python -m readiness --stack STACK</code>" in page


@pytest.mark.usefixtures("resolved")
def test_a_rotated_secret_is_read_at_once_by_the_client_and_the_older_reference_is_marked(
    open_app: Open, vault: Vault, on_app_service: SignedIn
) -> None:
    client = open_app(vault, on_app_service)
    assert status_of(client)["secrets"][0]["client"]["version"] == "v1"
    vault.put("database-password", "rotated", version="v2")
    status = status_of(client)
    assert status["secrets"][0]["client"]["version"] == "v2"
    assert (status["state"], status["arrived"]) == ("ready", True)
    assert status["secrets"][0]["reference"] == {
        "arrived": True,
        "outcome": "outdated",
        "version": None,
        "reason": "An older value: the secret was rotated since App Service resolved the reference. "
        "It follows within 24 hours, or now with `python -m readiness --stack STACK --refresh`.",
    }
    assert '<span class="pill warn">Older value</span>' in client.get("/").text


def test_on_my_own_machine_the_client_alone_reads_and_the_page_names_me(
    open_app: Open, vault: Vault, on_my_machine: SignedIn
) -> None:
    client = open_app(vault, on_my_machine)
    status = status_of(client)
    assert status["identity"] == {
        "kind": "developer",
        "name": "kim@example.com",
        "client_id": "",
        "object_id": "00000000-0000-0000-0000-0000000000d1",
    }
    assert status["secrets"][0]["reference"] is None
    assert status["secrets"][0]["client"]["arrived"] is True
    page = client.get("/").text
    assert "kim@example.com" in page
    assert "on your own machine the client reads every secret" in page


def test_an_app_without_secrets_is_well_and_says_how_to_add_one(open_app: Open, vault: Vault) -> None:
    client = open_app(vault, SignedIn())
    report = status_of(client)
    assert (report["state"], report["arrived"], report["secrets"]) == ("no-secrets", True, [])
    page = client.get("/").text
    assert "<h1>This app uses no secrets</h1>" in page
    assert "pulumi config set --path secrets.DATABASE_PASSWORD database-password" in page


def test_health_asks_nobody_and_answers_while_the_process_serves(open_app: Open, vault: Vault) -> None:
    answer = open_app(vault, NotSignedIn(AssertionError("asked"))).get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "serving"})
    assert vault.asked == []


@pytest.mark.usefixtures("resolved")
def test_names_are_escaped_and_the_browser_may_load_nothing_from_elsewhere(
    open_app: Open, vault: Vault, on_app_service: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYLESS_SECRETS", '{"<b>X": "database-password"}')
    vault.refuse("database-password", 403, "Forbidden", "<script>alert(1)</script>", "ForbiddenByRbac")
    answer = open_app(vault, on_app_service).get("/")
    assert "&lt;b&gt;X" in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


@pytest.mark.parametrize("path", ["/static/style.css", "/static/icon.svg"])
def test_the_pages_own_files_are_served_and_name_no_other_host(
    open_app: Open, vault: Vault, path: str
) -> None:
    answer = open_app(vault, SignedIn()).get(path)
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert "://" not in answer.text.replace("http://www.w3.org/2000/svg", "")


def test_a_token_that_is_no_jwt_is_shown_as_a_caller_without_a_name(
    open_app: Open, vault: Vault, on_my_machine: SignedIn
) -> None:
    on_my_machine.token = "opaque"
    page = open_app(vault, on_my_machine).get("/").text
    assert "without a name in its token" in page
    assert "not in the token" in page
