"""What looks like a secret and what does not. Whatever has the form of a real key is put together here."""

import base64
import hashlib
import json

import pytest

from access_report.secret_looking import reason_of, why_secret

NAME = "its name says that it is a secret"
DRAWN = "it looks like a key: letters and digits without order"
LETTERS = base64.b64encode(hashlib.sha512(b"a test").digest()).decode()
"""88 characters, as the key of a storage account has them."""
PLAIN = "".join(character for character in LETTERS if character.isalnum())


def form(words: str) -> str:
    return f"it has the form of {words}"


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_PASSWORD", "DatabasePassword", "db.password", "ADMIN_PWD", "PGPASS", "SMTP_PASS",
        "CLIENT_SECRET", "clientSecret", "GITHUB_TOKEN", "PAYMENT_API_KEY", "paymentApiKey", "PaymentAPIKey",
        "GITHUB_PAT", "DB_CREDS", "PASSWORD_SALT", "OTP_SEED",
        "APIKEY", "STORAGE_ACCESS_KEY", "ConnectionStrings__Password", "SIGNING_KEY", "SOME_CREDENTIAL",
    ],
)  # fmt: skip
def test_a_name_that_ends_with_a_secret_says_so(name: str) -> None:
    assert why_secret(name, "hunter-two") == NAME


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEYLESS_SECRETS", '{"DATABASE_PASSWORD": "database-password"}'),
        ("DATABASE_PASSWORD_SECRET_NAME", "database-password"),
        ("TOKEN_ENDPOINT", "login"),
        ("CACHE_KEY", "products"),
        ("PASSWORD_POLICY", "strong"),
        ("AZURE_TOKEN_CREDENTIALS", "dev"),
        ("AzureWebJobsStorage__credential", "managedidentity"),
        ("REQUIRE_TOKEN", "true"),
        ("MAX_TOKEN", "4096"),
        ("JWT_SECRET", "https://kv-shop.vault.azure.net/secrets/jwt"),
        ("SIGNING_KEY", "/subscriptions/5ab5c000-0000-4000-8000-000000000001/resourceGroups/rg"),
        ("DATABASE_PASSWORD", ""),
        ("DATABASE_PASSWORD", " @Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db)"),
        ("COMPASS", "north"),
        ("SAS_DEFINITION", "read"),
        ("SECRETS_DIR", "secrets"),
        ("PATH_PREFIX", "shop"),
        ("SALTED", "butter"),
    ],
)
def test_a_name_that_speaks_of_secrets_without_holding_one_is_left_alone(name: str, value: str) -> None:
    assert why_secret(name, value) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-----BEGIN " + "RSA PRIVATE KEY-----\nabc", "a private key"),
        ("Server=db;User ID=a;Pass" + "word=b;", "a connection string with its key or password"),
        ("Endpoint=sb://x/;SharedAccess" + "Key=abc=", "a connection string with its key or password"),
        ("https://x.blob.core.windows.net/c?sv=1&si" + f"g={PLAIN[:40]}%3D", "a shared access signature"),
        ("postgres://shop:hun" + "ter2@db.example.com/shop", "an address with a user's password"),
        (LETTERS, "the key of an Azure account"),
        ("abc" + "8Q~" + PLAIN[:34], "a client secret of Entra"),
        ("gh" + "p_" + PLAIN[:36], "a token of GitHub"),
        ("github" + "_pat_" + PLAIN[:30], "a token of GitHub"),
        ("np" + "m_" + PLAIN[:36], "a token of npm"),
        ("AK" + "IA" + "ABCDEFGH12345678", "an access key of AWS"),
        ("AI" + "za" + PLAIN[:35], "a key of Google"),
        ("sk" + "_live_" + PLAIN[:24], "a key of Stripe"),
        ("xo" + "xb-" + "1234567890-abc", "a token of Slack"),
        ("s" + "k-" + PLAIN[:40], "a key of OpenAI"),
        (".".join(["ey" + "JhbGciOiJI", "ey" + "JzdWIiOiIx", PLAIN[:20]]), "a signed token"),
    ],
)  # fmt: skip
def test_known_forms_are_found_whatever_the_setting_is_called_and_also_inside_a_text(
    value: str, words: str
) -> None:
    assert why_secret("GREETING", value) == form(words)
    assert why_secret("GREETING", f'{{"value": "{value}"}}') == form(words)


@pytest.mark.parametrize("length", [24, 32, 40, 56])
def test_a_drawn_value_is_found_without_a_name_or_a_form(length: int) -> None:
    assert why_secret("GREETING", PLAIN[:length]) == DRAWN
    assert why_secret("GREETING", f"mode=fast; other={PLAIN[:length]}") == DRAWN


@pytest.mark.parametrize(
    "value",
    [
        "https://app-keyless-prod-x7Kq2Lp9.azurewebsites.net/a/Path/WithWords2026/AndMore",
        f"https://example.com/{PLAIN[:40]}",
        "5ab5c000-0000-4000-8000-000000000001",
        "5AB5C000-0000-4000-8000-00000000000F",
        "/subscriptions/5ab5c000-0000-4000-8000-000000000001/resourceGroups/rg-Shop1/providers/Microsoft.Web/sites/App2",
        "1.24.3-preview.20261121",
        "DOTNETCORE|10.0",
        hashlib.sha1(b"a commit", usedforsecurity=False).hexdigest(),
        "sha256:" + hashlib.sha256(b"an image").hexdigest(),
        hashlib.sha256(b"an image").hexdigest().upper(),
        "registry.example.com/team/shop@sha256:" + hashlib.sha256(b"an image").hexdigest(),
        "kv-keyless-local-cspk8y",
        "InstrumentationKey=5ab5c000-0000-4000-8000-000000000001;"
        "IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/",
        "KeylessWebAppServiceForTheWestEuropeRegion2",
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
        "AzureFunctionsJobHostLogging2LevelDefault",
        "/home/site/wwwroot/.python_packages/lib/site-packages",
        "gunicorn --bind=0.0.0.0:8000 --timeout 600 application:app",
        "2026-11-21T11:06:22.123456Z",
        "1234567890123456789012345678901234567890",
        "Europe/Amsterdam",
        "",
    ],
)
def test_addresses_ids_versions_and_hashes_are_no_secrets(value: str) -> None:
    assert why_secret("GREETING", value) is None


def test_the_reason_never_holds_the_value() -> None:
    for value in ("hunter-two", LETTERS, PLAIN[:32], "gh" + "p_" + PLAIN[:36]):
        reason = why_secret("DATABASE_PASSWORD", value)
        assert reason
        assert value not in reason


@pytest.mark.parametrize(
    "value",
    [
        "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db)hunter-two",
        "hunter-two@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db)",
        "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db",
        "@Microsoft.KeyVault(hunter-two)",
        "@Microsoft.KeyVault()",
    ],
)
def test_a_reference_is_one_only_when_it_is_whole(value: str) -> None:
    assert why_secret("DATABASE_PASSWORD", value) == NAME


@pytest.mark.parametrize(
    "value",
    [
        "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db/0123456789abcdef0123456789abcdef)",
        "@Microsoft.KeyVault(VaultName=kv; SecretName=db; SecretVersion=0123456789abcdef0123456789abcdef)",
        "@microsoft.keyvault(vaultname=kv;secretname=db)",
        "@Microsoft.AppConfiguration(Endpoint=https://shop.azconfig.io; Key=db; Label=prod)",
        "${DB_PASSWORD}",
        "[parameters('password')]",
        "@body('Read_password')?['value']",
        "@{parameters('PASSWORD')}",
    ],
)
def test_a_whole_reference_is_no_secret(value: str) -> None:
    assert why_secret("DATABASE_PASSWORD", value) is None


def test_what_stands_in_a_value_is_judged_by_its_own_name() -> None:
    nested = '{"shop": [{"host": "db", "db": {"Pw1": "hunter-two"}}]}'
    assert why_secret("SETTINGS", nested) == f"in its entry Pw1, {NAME}"
    assert why_secret("START", "serve --user=shop --api-key=hunter-two") == (f"in its entry api-key, {NAME}")
    assert why_secret("SETTINGS", "db:\n  user: shop\n  password: hunter-two\n") == (
        f"in its entry password, {NAME}"
    )
    assert why_secret("SETTINGS", "schema:\n  password:\n    type: string\nlogin: token\n") is None
    assert why_secret("SETTINGS", '{"DATABASE_PASSWORD": "database-password", "limit": "5"}') is None


@pytest.mark.parametrize("name", ["<b>@team</b> password", "hunter-two my password", PLAIN[:40]])
def test_a_name_in_a_value_is_said_only_where_it_can_be_nothing_else(name: str) -> None:
    """It is part of the value, and may be a secret itself, or markup."""
    assert str(why_secret("SETTINGS", json.dumps({name: PLAIN[40:72]}))).startswith("in one of its entries, ")
    assert why_secret("START", "serve hunter-two token=abc") == f"in one of its entries, {NAME}"


def test_names_of_entries_are_written_as_whoever_tells_of_them_asks() -> None:
    reason = reason_of("SETTINGS", '{"www.example.com": "{\\"db_pw\\": \\"hunter-two\\"}"}')
    assert reason is not None
    assert (
        reason.told(lambda name: f"<{name}>")
        == f"in its entry <www.example.com>, in its entry <db_pw>, {NAME}"
    )


@pytest.mark.parametrize("part", ["sk-", "eyJ-", "oracle:a/", "https://maker.ifttt.com/trigger/a", "a://a:"])
def test_a_value_of_a_forms_beginning_over_and_over_takes_no_longer_than_its_length(part: str) -> None:
    why_secret("TEXT", part * (1_000_000 // len(part)))


def test_a_long_value_takes_no_longer_than_its_length() -> None:
    assert why_secret("TEXT", "a" * 200_000) is None
    assert why_secret("TEXT", "[" * 200_000) is None
    assert why_secret("TEXT", f"a: {' ' * 200_000}b: {'-' * 200_000}") is None
