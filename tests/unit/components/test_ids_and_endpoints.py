"""A link's id and its address belong together, wherever both are known; and what is known stays known."""

from typing import Any

import pulumi
import pytest

from components import StorageAccount, WebApp
from tests.unit.components.answering_azure import ENDPOINT, STORAGE, STORAGE_ENDPOINT, VAULT, Mode
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import UNKNOWN, Later, deploy
from tests.unit.components.refusals import Said, problems_of
from tests.unit.components.web_apps import settings_of, web_app

OTHER_VAULT = "https://kv-other.vault.azure.net/"
OTHER_SERVICE = "the address of another service, a text of {} characters"
TOGETHER = "give both as the one component outputs them, or both of the one resource"
SERVICES = {"blobs": "blob", "files": "file", "queues": "queue", "tables": "table"}

problems = problems_of(web_app)


def two_resources(id_key: str, endpoint_key: str) -> Said:
    given = "the id of one resource, with the address of another"
    return (f"{id_key} and {endpoint_key}", given, "one resource", TOGETHER)


def as_outputs(later: str, id: str, endpoint: str) -> tuple[Any, Any]:
    return (
        Later(id) if later in ("id", "both") else id,
        Later(endpoint) if later in ("endpoint", "both") else endpoint,
    )


LATER = pytest.mark.parametrize("later", ["neither", "id", "endpoint", "both"])


@LATER
@pytest.mark.parametrize("host", [web_app, function_app])
def test_a_vaults_id_beside_another_vaults_address_is_refused(host: Any, later: str) -> None:
    id, endpoint = as_outputs(later, VAULT, OTHER_VAULT)
    given = {"secrets": {"DB": "db"}, "vault_id": id, "vault_endpoint": endpoint}
    assert problems_of(host)(**given) == [two_resources("vault_id", "vault_endpoint")]
    settings = settings_of(host(**{**given, "vault_endpoint": ENDPOINT}))  # both of the one resource
    assert settings["AZURE_KEY_VAULT_ENDPOINT"] == ENDPOINT


@LATER
def test_the_same_in_a_link(later: str) -> None:
    id, endpoint = as_outputs(later, VAULT, OTHER_VAULT)
    link = {"key_vault": {"id": id, "endpoint": endpoint, "secrets": {"DB": "db"}}}
    path = "links[main].key_vault"
    assert problems(links={"main": link}) == [two_resources(f"{path}.id", f"{path}.endpoint")]


@LATER
@pytest.mark.parametrize(("target", "service"), SERVICES.items())
def test_a_storage_accounts_id_beside_another_accounts_address_is_refused(
    target: str, service: str, later: str
) -> None:
    id, endpoint = as_outputs(later, STORAGE, f"https://stother.{service}.core.windows.net/")
    path = f"links[orders].{target}"
    assert problems(links={"orders": {target: {"id": id, "endpoint": endpoint}}}) == [
        two_resources(f"{path}.id", f"{path}.endpoint")
    ]
    own = f"https://stteam.{service}.core.windows.net/"
    settings = settings_of(web_app(links={"orders": {target: {"id": id, "endpoint": own}}}))
    assert settings["ORDERS_ENDPOINT"] == own


@LATER
@pytest.mark.parametrize("verb", [{"blob_access": "read"}, {"queue_access": "send"}])
def test_the_same_in_the_older_arguments(verb: dict[str, str], later: str) -> None:
    id, endpoint = as_outputs(later, STORAGE, "https://stother.blob.core.windows.net/")
    assert problems(storage_account_id=id, storage_endpoint=endpoint, **verb) == [
        two_resources("storage_account_id", "storage_endpoint")
    ]


@pytest.mark.parametrize("later", [False, True])
def test_the_address_of_blobs_is_none_of_a_vault(later: bool) -> None:
    endpoint: Any = Later(STORAGE_ENDPOINT) if later else STORAGE_ENDPOINT
    expected = "https://<vault>.vault.azure.net/"
    assert problems(secrets={"DB": "db"}, vault_id=VAULT, vault_endpoint=endpoint) == [
        ("vault_endpoint", OTHER_SERVICE.format(len(STORAGE_ENDPOINT)), expected, f"give {expected}")
    ]


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(("target", "service"), SERVICES.items())
def test_the_address_of_another_service_is_refused_in_a_link(target: str, service: str, later: bool) -> None:
    wrong = "https://stteam.dfs.core.windows.net/"
    expected = f"https://<account>.{service}.core.windows.net/"
    link = {target: {"id": STORAGE, "endpoint": Later(wrong) if later else wrong}}
    assert problems(links={"orders": link}) == [
        (f"links[orders].{target}.endpoint", OTHER_SERVICE.format(len(wrong)), expected, f"give {expected}")
    ]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://stteam.queue.core.usgovcloudapi.net/",
        "https://stteam-secondary.queue.core.windows.net/",
        "https://stteam.z01.queue.storage.azure.net/",
        "https://STTEAM.queue.core.windows.net",
    ],
)
def test_an_address_of_the_account_is_taken_in_any_cloud_and_region(endpoint: str) -> None:
    settings = settings_of(web_app(links={"a": {"queues": {"id": STORAGE, "endpoint": endpoint}}}))
    assert settings["A_ENDPOINT"] == endpoint.rstrip("/") + "/"


@pytest.mark.parametrize("given", ["id", "endpoint"])
def test_half_a_target_is_refused_by_its_path(given: str) -> None:
    other = "endpoint" if given == "id" else "id"
    target = {given: {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}[given]}
    path = "links[a].blobs"
    step = f"give {path}.{other} too; or take {path}.{given} out"
    subject = f"{path}.id and {path}.endpoint"
    assert problems(links={"a": {"blobs": target}}) == [
        (subject, f"{path}.{given} alone", "both or neither", step)
    ]


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_the_address_of_an_existing_vault_stays_known_in_a_preview_beside_unknown_things(mode: Mode) -> None:
    args = {"secrets": {"DB": "db"}, "vault_id": Later(VAULT), "vault_endpoint": Later(ENDPOINT)}
    settings = settings_of(web_app(mode, **args, settings={"GREETING": "hello"}))
    assert settings["AZURE_KEY_VAULT_ENDPOINT"] == ENDPOINT
    assert settings["DB"] == f"@Microsoft.KeyVault(SecretUri={ENDPOINT}secrets/db)"
    assert settings["GREETING"] == "hello"
    assert settings["AZURE_CLIENT_ID"] == UNKNOWN


def test_an_unknown_id_leaves_a_known_address_known_and_an_unknown_address_a_known_scope() -> None:
    def program() -> pulumi.Resource:
        unknown = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        links: Any = {
            "a": {"queues": {"id": unknown, "endpoint": "https://stteam.queue.core.windows.net/"}},
            "b": {"blobs": {"id": STORAGE, "endpoint": unknown}},
        }
        return WebApp("shop", {"resource_group_name": "rg-team", "links": links})

    deployment = deploy(program, "first preview")
    settings = settings_of(deployment)
    assert (settings["A_ENDPOINT"], settings["B_ENDPOINT"]) == (
        "https://stteam.queue.core.windows.net/",
        UNKNOWN,
    )
    scopes = {one.name: one.inputs["scope"] for one in deployment.all("RoleAssignment")}
    assert scopes == {"shop-a": UNKNOWN, "shop-b": STORAGE}


def test_a_link_as_a_component_gives_it_belongs_together() -> None:
    def program() -> pulumi.Resource:
        files = StorageAccount("files", {"resource_group_name": "rg-team", "queues": ["orders"]})
        links = {"orders": files.queues_link("orders"), "all": files.tables_link()}
        return WebApp("shop", {"resource_group_name": "rg-team", "links": links})

    settings = settings_of(deploy(program))
    assert settings["ORDERS_ENDPOINT"].endswith(".queue.core.windows.net/")
    assert settings["ORDERS_QUEUE"] == "orders"
    assert settings["ALL_ENDPOINT"].endswith(".table.core.windows.net/")
