"""Where the Functions runtime finds its storage, in every cloud, and what it is called there (F11)."""

from collections.abc import Mapping
from typing import Any

import pytest

from components import FunctionApp
from tests.unit.components import answering_azure
from tests.unit.components.answering_azure import CLIENT, IDENTITY, STORAGE, Mode
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy, with_outputs
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import WITH_SECRET, settings_of

HOST_ID = "AzureFunctionsWebHost__hostid"
GOVERNMENT = "core.usgovcloudapi.net"
ACCOUNT = "AzureWebJobsStorage__accountName"
THREE_ROLES = "Storage Blob Data Owner, Storage Queue Data Contributor, Storage Table Data Contributor"


def where(settings: Mapping[str, str]) -> dict[str, str]:
    """The settings that say where the account is."""
    said = {name: value for name, value in settings.items() if name.startswith("AzureWebJobsStorage__")}
    del said["AzureWebJobsStorage__credential"], said["AzureWebJobsStorage__clientId"]
    return said


def addresses(account: str, suffix: str) -> dict[str, str]:
    services = ("blob", "queue", "table")
    return {f"AzureWebJobsStorage__{one}ServiceUri": f"https://{account}.{one}.{suffix}/" for one in services}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An Azure whose storage accounts answer with the addresses of another cloud or zone."""
    added: Any = vars(answering_azure)["_added"]

    def of(suffix: str) -> None:
        def answer(kind: str, state: Mapping[str, Any]) -> dict[str, Any]:
            found = added(kind, state)
            for name, url in dict(found.get("primaryEndpoints", {})).items():
                found["primaryEndpoints"][name] = url.replace("core.windows.net", suffix)
            return found

        monkeypatch.setattr(answering_azure, "_added", answer)

    return of


def functions(mode: Mode = "up", /, **args: Any) -> Deployment:
    """A function app in a cloud of the test's own: not one that another test deployed."""
    return deploy(lambda: FunctionApp("shop", with_outputs({"resource_group_name": "rg-team", **args})), mode)


@pytest.mark.parametrize("suffix", [GOVERNMENT, "core.chinacloudapi.cn", "z01.storage.azure.net"])
@pytest.mark.parametrize(
    ("host", "account"), [({}, "stshopdevabc123"), ({"host_storage_id": STORAGE}, "stteam")]
)
@pytest.mark.parametrize("settings", [{"MODE": "x"}, Later({"MODE": "x"})])
def test_outside_the_public_cloud_the_runtime_is_told_the_three_addresses_that_the_account_has(
    cloud: Any, suffix: str, host: dict[str, Any], account: str, settings: Any
) -> None:
    cloud(suffix)
    told = settings_of(functions(**host, settings=settings))
    assert where(told) == addresses(account, suffix)
    assert ACCOUNT not in told
    assert told["MODE"] == "x"


@pytest.mark.parametrize(
    ("host", "account"), [({}, "stshopdevabc123"), ({"host_storage_id": STORAGE}, "stteam")]
)
@pytest.mark.parametrize("settings", [{"MODE": "x"}, Later({"MODE": "x"})])
def test_in_the_public_cloud_its_name_alone_says_where_it_is_as_it_always_did(
    host: dict[str, Any], account: str, settings: Any
) -> None:
    assert where(settings_of(function_app(**host, settings=settings))) == {ACCOUNT: account}


@pytest.mark.parametrize("settings", [{"MODE": "x"}, Later({"MODE": "x"})])
def test_a_preview_shows_every_setting_that_is_known_and_reads_an_account_that_is_there(
    cloud: Any, settings: Any
) -> None:
    cloud(GOVERNMENT)
    told = settings_of(functions("first preview", host_storage_id=STORAGE, settings=settings))
    assert where(told) == addresses("stteam", GOVERNMENT)
    assert (told["MODE"], told["FUNCTIONS_EXTENSION_VERSION"], told["AZURE_CLIENT_ID"]) == (
        "x",
        "~4",
        UNKNOWN,
    )


def host_id(app_name: str, **args: Any) -> str | None:
    given = {"host_storage_id": STORAGE, **args}
    return settings_of(function_app(app_name=app_name, **given)).get(HOST_ID)


def test_two_long_names_on_one_storage_are_two_hosts_although_32_characters_are_the_same() -> None:
    def worker(region: str) -> tuple[str, str]:
        args: Any = {"resource_group_name": "rg-team", "host_storage_id": STORAGE}
        deployment = deploy(lambda: FunctionApp(f"invoice-matching-worker-for-region-{region}", args))
        return deployment.outputs["name"], settings_of(deployment)[HOST_ID]

    (north, north_id), (south, south_id) = worker("north"), worker("south")
    assert north == "func-invoice-matching-worker-for-region-north-dev-abc123"
    assert north[:32] == south[:32]
    assert (north_id, south_id) == ("func-invoice-matching-w-aa9a4e84", "func-invoice-matching-w-232dc4f2")
    assert len(north_id) == len(south_id) == 32


@pytest.mark.parametrize("name", ["func-orders", "a" * 32])
def test_a_short_name_is_the_host_id_that_the_runtime_would_take_itself(name: str) -> None:
    assert host_id(name) == name


def test_a_cut_that_ends_in_a_hyphen_leaves_one_hyphen() -> None:
    id = host_id(f"{'a' * 22}-{'b' * 20}")
    assert id is not None
    assert id.startswith(f"{'a' * 22}-")
    assert "--" not in id


def test_an_account_of_the_apps_own_has_one_host_and_needs_no_such_setting() -> None:
    assert HOST_ID not in settings_of(function_app(app_name="func-" + "a" * 40))


@pytest.mark.parametrize("name", [HOST_ID, HOST_ID.lower()])
@pytest.mark.parametrize("later", [False, True])
def test_a_host_id_that_is_given_by_hand_is_kept_in_any_spelling(name: str, later: bool) -> None:
    given: Any = {name: "mine"}
    settings = settings_of(function_app(host_storage_id=STORAGE, settings=Later(given) if later else given))
    assert {key: value for key, value in settings.items() if key.upper() == HOST_ID.upper()} == {name: "mine"}


def test_a_host_id_that_is_a_secret_is_not_lost_either() -> None:
    given = {**WITH_SECRET, "secrets": {HOST_ID: "host-id"}}
    settings = settings_of(function_app(host_storage_id=STORAGE, **given))
    assert settings[HOST_ID].endswith("/secrets/host-id)")


def test_an_existing_identity_without_host_storage_would_get_an_account_that_nobody_let_it_into() -> None:
    existing: dict[str, Any] = {"identity": "existing", "identity_id": IDENTITY}
    assert problems_of(function_app)(**existing) == [
        (
            "identity and host_storage_id",
            "existing, without host_storage_id",
            "an account that the existing identity was let in to: one made here opens to nobody yet",
            f"give host_storage_id, an account on which the identity's owner gave it {THREE_ROLES}",
        )
    ]
    deployment = function_app(**existing, host_storage_id=STORAGE)  # the next step, tried
    assert deployment.all("RoleAssignment") == []
    assert [one.is_read for one in deployment.all("storage:StorageAccount")] == [True]
    assert settings_of(deployment)["AzureWebJobsStorage__clientId"] == CLIENT
    assert deployment.outputs["deployer_contract"]["left_to_owners"].splitlines() == [
        f"{role} on {STORAGE}" for role in THREE_ROLES.split(", ")
    ]
