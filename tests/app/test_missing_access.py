"""What the app says when something is missing: access, an identity, a login, a secret, a setting."""

import pytest
from azure.identity import CredentialUnavailableError

from tests.app.conftest import PLANTED, UNRESOLVED, Open, status_of
from tests.app.key_vault import NotSignedIn, SignedIn, Vault

DENIED = "Caller is not authorized to perform action on resource.\r\nCaller: appid=a2;oid=a1"


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
