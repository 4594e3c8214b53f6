"""Rules on what sites are told: no secret, no key, one owner."""

from typing import Any

import pytest

from tests.unit.policy.apps import REFERENCE, settings, site
from tests.unit.policy.judged import UNKNOWN, Given, finding, findings, judge

PLANTED = "planted" + "-" + "value"
CONNECTION = f"Server=tcp:db.example.com;Database=shop;User ID=shop;Password={PLANTED};"
ACCOUNT = f"DefaultEndpointsProtocol=https;AccountName=stshop;AccountKey={PLANTED};"


def connections(value: str) -> Given:
    given = {"name": "app-shop", "properties": {"Shop": {"type": "SQLAzure", "value": value}}}
    return Given("web:WebAppConnectionStrings", "app", given)


def in_site(slot: str = "", **config: Any) -> Given:
    return site(slot, siteConfig=config)


def test_plain_settings_and_references_break_no_rule() -> None:
    app = site()
    plain = settings({"DB_PASSWORD": REFERENCE, "HOST": "db.example.com", "LATER_PASSWORD": UNKNOWN}, app)
    for rule in ("setting-no-secret-in-clear", "setting-no-account-key", "settings-one-owner"):
        assert judge(rule, app, plain, connections(REFERENCE)) == []
    assert judge("setting-no-secret-in-clear", settings(UNKNOWN, app)) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (settings({"DB_PASSWORD": PLANTED}, site()), "setting DB_PASSWORD of app"),
        (settings({"DB_PASSWORD": PLANTED}, site("stage"), "stage"), "setting DB_PASSWORD of stage"),
        (in_site(appSettings=[{"name": "DB_PASSWORD", "value": PLANTED}]), "setting DB_PASSWORD of app"),
        (
            in_site("stage", appSettings=[{"name": "DB_PASSWORD", "value": PLANTED}]),
            "setting DB_PASSWORD of stage",
        ),
        (connections(CONNECTION), "connection string Shop of app"),
        (
            in_site(connectionStrings=[{"name": "Shop", "connectionString": CONNECTION}]),
            "connection string Shop of app",
        ),
    ],
)
def test_a_secret_in_clear_is_refused_wherever_it_stands_and_is_never_repeated(
    given: Given, says: str
) -> None:
    ((_, message),) = judge("setting-no-secret-in-clear", given)
    assert message.startswith(f"{says} looks like a secret in clear: ")
    assert PLANTED not in message


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("AzureWebJobsStorage", ACCOUNT, "holds a key of a storage account"),
        (
            "REPORTS",
            f"https://stshop.blob.core.windows.net/reports?sv=2024-11-04&sig={PLANTED}",
            "holds a key of a storage account",
        ),
        ("docker_registry_server_password", PLANTED, "holds the password of a registry"),
    ],
)
def test_keys_of_accounts_and_registries_are_refused_and_never_repeated(
    name: str, value: str, says: str
) -> None:
    ((_, message),) = judge("setting-no-account-key", settings({name: value}, site()))
    assert message.startswith(f"setting {name} of app {says}.")
    assert PLANTED not in message


def test_storage_that_is_reached_with_the_identity_is_no_key() -> None:
    told = {
        "AzureWebJobsStorage__accountName": "stshop",
        "AzureWebJobsStorage__credential": "managedidentity",
        "REPORTS": "https://stshop.blob.core.windows.net/reports",
        "DOCKER_REGISTRY_SERVER_PASSWORD": REFERENCE,
        "WEBSITE_CONTENTSHARE": UNKNOWN,
    }
    assert judge("setting-no-account-key", settings(told, site())) == []


def test_settings_with_two_owners_are_refused() -> None:
    app = in_site(appSettings=[{"name": "A", "value": "1"}])
    both = finding("settings-one-owner", app, settings({"B": "2"}, app))
    assert both == "the settings of app have 2 owners: WebApp app, WebAppApplicationSettings app."
    beside = Given(
        "azure-native_web_v20240401:web:WebAppConfiguration",
        "config",
        {"name": "app-shop", "appSettings": [{"name": "A", "value": "1"}]},
    )
    assert finding("settings-one-owner", site(), beside, settings({"B": "2"}, site())) == (
        "the settings of app have 2 owners: WebAppApplicationSettings app, WebAppConfiguration config."
    )
    plain = site()
    twice = [settings({"A": "1"}, plain), settings({"B": "2"}, plain, "more")]
    assert findings("settings-one-owner", plain, *twice) == [
        "the settings of app have 2 owners: WebAppApplicationSettings app, WebAppApplicationSettings more."
    ]


def test_an_app_and_its_slots_each_have_an_owner_of_their_own() -> None:
    app, slot, other = site(), site("stage"), site("test")
    owners = [settings({}, app), settings({}, slot, "stage"), settings({}, other, "test")]
    assert judge("settings-one-owner", app, slot, other, *owners) == []
    second = settings({}, slot, "second")
    assert judge("settings-one-owner", app, slot, other, *owners, second)[0][0] == "stage"


def test_a_key_of_a_configuration_store_is_read_as_its_user_wrote_it_however_resource_manager_does() -> None:
    def key_value(name: str, value: str) -> Given:
        return Given("appconfiguration:KeyValue", "kv", {"keyValueName": name, "value": value})

    rule = "setting-no-secret-in-clear"
    ((_, said),) = judge(rule, key_value("shop~3AapiKey$test", "planted"))
    assert said.startswith("key value shop:apiKey of kv looks like a secret in clear: its name says that")
    reference = '{"uri": "https://kv-team.vault.azure.net/secrets/database-password"}'
    assert judge(rule, key_value("shop~3AapiKey", reference), key_value("shop~3Apassword~5Fhash", "x")) == []
