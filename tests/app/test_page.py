"""The page and /status.json: what arrived, how, by whose identity, and never a value."""

import base64
import json
import urllib.parse
from typing import Any, cast

import pytest
from azure.identity import CredentialUnavailableError
from flask.testing import FlaskClient

from tests.app.conftest import Open
from tests.app.key_vault import NotSignedIn, SignedIn, Vault

PLANTED = 'p<l>"anted\\ value/42'
OTHER = "another planted value"
UNRESOLVED = "@Microsoft.KeyVault(SecretUri=https://kv-shop.vault.azure.net/secrets/database-password)"
DENIED = "Caller is not authorized to perform action on resource.\r\nCaller: appid=a2;oid=a1"


@pytest.fixture
def vault() -> Vault:
    vault = Vault()
    vault.put("database-password", PLANTED)
    vault.put("api-key", OTHER)
    return vault


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """References as App Service hands them over once they are resolved."""
    monkeypatch.setenv("DATABASE_PASSWORD", PLANTED)
    monkeypatch.setenv("API_KEY", OTHER)


def status_of(client: FlaskClient) -> dict[str, Any]:
    return cast(dict[str, Any], client.get("/status.json").get_json())


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


def test_an_unresolved_reference_sends_to_the_readiness_check_when_the_vault_refuses_too(
    open_app: Open, vault: Vault, on_app_service: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", UNRESOLVED)
    vault.refuse("database-password", 403, "Forbidden", DENIED, "ForbiddenByRbac")
    status = status_of(open_app(vault, on_app_service))
    assert status["secrets"][0]["reference"]["reason"] == (
        "App Service could not resolve the reference and handed over its text. "
        "`python -m readiness --stack STACK` tells why."
    )
    assert status["secrets"][1]["reference"] == {
        "arrived": False,
        "outcome": "not-set",
        "version": None,
        "reason": "The app has no such setting. `pulumi up` writes it.",
    }


@pytest.mark.usefixtures("resolved")
def test_missing_access_names_the_identity_the_role_the_vault_and_the_remedy(
    open_app: Open, vault: Vault, on_app_service: SignedIn
) -> None:
    for name in ("database-password", "api-key"):
        vault.refuse(name, 403, "Forbidden", DENIED, "ForbiddenByRbac")
    client = open_app(vault, on_app_service)
    status = status_of(client)
    assert status["state"] == "access-missing"
    assert status["advice"] == {
        "text": "The managed identity id-shop (object id 00000000-0000-0000-0000-0000000000a1) lacks the "
        "role Key Vault Secrets User on the vault kv-shop.",
        "steps": [
            "Deploy the stack again: it grants the role to the app’s identity.",
            "A role that was granted moments ago takes up to ten minutes to be honoured: then read again.",
        ],
        "commands": ["pulumi refresh", "pulumi up"],
        "azure_says": DENIED,
    }
    assert status["secrets"][0]["client"]["reason"] == (
        "The vault refused (403): the role Key Vault Secrets User on kv-shop is missing. "
        f"Azure says: {DENIED}"
    )
    page = client.get("/").text
    assert "<h1>Access is missing</h1>" in page
    assert status["advice"]["text"] in page


@pytest.mark.usefixtures("resolved")
def test_a_grant_made_a_moment_ago_is_seen_by_the_next_request(
    open_app: Open, vault: Vault, on_app_service: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYLESS_SECRETS", '{"DATABASE_PASSWORD": "database-password"}')
    client = open_app(vault, on_app_service)
    vault.refuse("database-password", 403, "Forbidden", DENIED, "ForbiddenByRbac")
    assert status_of(client)["state"] == "access-missing"
    vault.put("database-password", PLANTED)
    assert status_of(client)["state"] == "ready"


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


@pytest.mark.parametrize(
    ("status", "code", "inner", "outcome", "reason"),
    [
        (
            404,
            "SecretNotFound",
            None,
            "not-found",
            "The vault kv-shop has no such secret. Its officer writes the first value. Azure says: no",
        ),
        (
            403,
            "Forbidden",
            "ForbiddenByFirewall",
            "firewall",
            "The firewall of the vault kv-shop does not let this app through. Azure says: no",
        ),
        (
            403,
            "Forbidden",
            "SecretDisabled",
            "failed",
            "The vault kv-shop did not give it out. Azure says: no",
        ),
    ],
)
@pytest.mark.usefixtures("resolved")
def test_each_refusal_of_the_vault_has_its_own_words(
    open_app: Open,
    vault: Vault,
    on_app_service: SignedIn,
    status: int,
    code: str,
    inner: str | None,
    outcome: str,
    reason: str,
) -> None:
    vault.refuse("database-password", status, code, "no", inner)
    report = status_of(open_app(vault, on_app_service))
    assert report["state"] == "incomplete"
    assert report["secrets"][0]["client"] == {
        "arrived": False,
        "outcome": outcome,
        "version": None,
        "reason": reason,
    }


def test_a_vault_that_cannot_be_reached_is_said_to_be_so(open_app: Open, on_my_machine: SignedIn) -> None:
    report = status_of(open_app(Vault(), on_my_machine))
    assert report["secrets"][0]["client"]["reason"] == "The vault kv-shop could not be reached."


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


def test_a_developer_without_access_is_told_whom_to_ask(
    open_app: Open, vault: Vault, on_my_machine: SignedIn
) -> None:
    vault.refuse("database-password", 403, "Forbidden", DENIED, "ForbiddenByRbac")
    advice = status_of(open_app(vault, on_my_machine))["advice"]
    assert advice["text"] == (
        "The developer kim@example.com (object id 00000000-0000-0000-0000-0000000000d1) lacks the role "
        "Key Vault Secrets User on the vault kv-shop."
    )
    assert advice["steps"] == [
        "Ask the vault’s owner to make you a member of a group that the stack names in `secretReaders`. "
        "Then sign in again, so that your token knows of it."
    ]
    assert advice["commands"] == ["az login"]


@pytest.mark.usefixtures("on_my_machine")
def test_a_developer_who_is_not_signed_in_is_told_to_sign_in(open_app: Open, vault: Vault) -> None:
    client = open_app(vault, NotSignedIn(CredentialUnavailableError("az: not signed in")))
    page = client.get("/").text
    assert "<h1>Nobody is signed in</h1>" in page
    assert "<pre>az login</pre>" in page
    assert vault.asked == []


@pytest.mark.usefixtures("on_app_service")
def test_a_deployed_app_without_identity_is_told_to_get_one(open_app: Open, vault: Vault) -> None:
    page = open_app(vault, NotSignedIn(CredentialUnavailableError("no identity"))).get("/").text
    assert "<h1>The app has no identity</h1>" in page
    assert "<pre>pulumi config set identity user-assigned\npulumi up</pre>" in page
    assert "az login" not in page


@pytest.mark.parametrize(
    ("setting", "endpoint", "text"),
    [
        (
            "not json",
            "https://kv-shop.vault.azure.net/",
            'KEYLESS_SECRETS is not JSON. Expected: a JSON object of names, such as {"DATABASE_PASSWORD": '
            '"database-password"}.',
        ),
        (
            "[]",
            "https://kv-shop.vault.azure.net/",
            "KEYLESS_SECRETS is not an object. Expected: a JSON object of names, such as "
            '{"DATABASE_PASSWORD": "database-password"}.',
        ),
        (
            '{"A": ""}',
            "https://kv-shop.vault.azure.net/",
            "KEYLESS_SECRETS has a secret without a name. Expected: a JSON object of names, such as "
            '{"DATABASE_PASSWORD": "database-password"}.',
        ),
        (
            '{"A": "a"}',
            "",
            "AZURE_KEY_VAULT_ENDPOINT is not set. It holds the vault's address, such as "
            "https://kv-shop.vault.azure.net/.",
        ),
        (
            '{"A": "a"}',
            "http://kv-shop.vault.azure.net/",
            "AZURE_KEY_VAULT_ENDPOINT is not the https address of a vault, such as "
            "https://kv-shop.vault.azure.net/.",
        ),
    ],
)
def test_settings_that_are_wrong_are_named_and_nothing_is_read(
    open_app: Open, vault: Vault, monkeypatch: pytest.MonkeyPatch, setting: str, endpoint: str, text: str
) -> None:
    monkeypatch.setenv("KEYLESS_SECRETS", setting)
    monkeypatch.setenv("AZURE_KEY_VAULT_ENDPOINT", endpoint)
    client = open_app(vault, SignedIn())
    report = status_of(client)
    assert (report["state"], report["arrived"]) == ("not-configured", False)
    assert report["advice"]["text"] == text
    assert report["advice"]["commands"] == ["pulumi stack output local_development --json"]
    monkeypatch.setenv("WEBSITE_SITE_NAME", "app-shop")
    assert status_of(client)["advice"]["commands"] == ["pulumi up"]
    assert "<h1>The app is not configured</h1>" in client.get("/").text
    assert vault.asked == []


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
