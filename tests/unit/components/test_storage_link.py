"""The link from an app to a storage account: roles by verb, and where the code finds it (I9)."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import CLIENT, STORAGE, STORAGE_ENDPOINT, SYSTEM_PRINCIPAL, Mode
from tests.unit.components.function_apps import function_app
from tests.unit.components.function_apps import refusal as refusal_of_function_app
from tests.unit.components.recorded_azure import Deployment, Later
from tests.unit.components.web_apps import KINDS, WITH_SECRET, refusal, settings_of, web_app

ACCOUNT: dict[str, Any] = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT}
READS: dict[str, Any] = {**ACCOUNT, "blob_access": "read"}
QUEUES = "https://stteam.queue.core.windows.net/"


def _roles(**args: Any) -> dict[str, str]:
    """The role of each grant, by the name of its resource."""
    grants = web_app(**args).all("RoleAssignment")
    return {grant.name: grant.inputs["roleDefinitionId"].rpartition("/")[2] for grant in grants}


@pytest.mark.parametrize(
    ("key", "verb", "name", "role"),
    [
        ("blob_access", "read", "shop-blobs", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"),
        ("blob_access", "write", "shop-blobs", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
        ("queue_access", "send", "shop-queues", "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"),
        ("queue_access", "process", "shop-queues", "8a0f0c08-91a1-4084-bc3d-661d67233fed"),
        ("queue_access", "write", "shop-queues", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"),
    ],
)
def test_a_storage_grant_uses_the_data_role_of_its_verb(key: str, verb: str, name: str, role: str) -> None:
    assert _roles(**ACCOUNT, **{key: verb}) == {name: role}


FILES = {"id": STORAGE, "endpoint": "https://stteam.file.core.windows.net/"}
BLOBS = {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}
REPORTS = f"{STORAGE}/blobServices/default/containers/reports"
READER, WRITER, DELEGATOR = (
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
)


def _grants(**links: Any) -> dict[str, tuple[str, str]]:
    """Scope and role of each grant of an app with these links, by the name of its resource."""
    grants = web_app(links=links).all("RoleAssignment")
    ids = {grant.name: (grant.inputs["scope"], grant.inputs["roleDefinitionId"]) for grant in grants}
    return {name: (scope, role.rpartition("/")[2]) for name, (scope, role) in ids.items()}


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        ("read", "b8eda974-7b85-4f76-af95-65846b26df6d"),
        ("write", "69566ab7-960f-475b-8e7c-b3118f30c6bd"),
        ("smb-read", "aba4ae5f-2193-4029-9191-0cb91df5e314"),
        ("smb-write", "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb"),
    ],
)
def test_one_share_is_opened_where_roles_on_its_files_are_read(verb: str, role: str) -> None:
    link = {"files": {**FILES, "share": "reports", "access": verb}}
    scope = f"{STORAGE}/fileServices/default/fileshares/reports"
    assert _grants(reports=link) == {"shop-reports": (scope, role)}
    assert settings_of(web_app(links={"reports": link})) == {
        "AZURE_CLIENT_ID": CLIENT,
        "REPORTS_ENDPOINT": "https://stteam.file.core.windows.net/",
        "REPORTS_SHARE": "reports",
    }


def test_without_a_verb_files_are_read_and_without_a_share_all_of_the_accounts() -> None:
    deployment = web_app(links={"reports": {"files": FILES}})
    assert deployment.one("RoleAssignment").inputs["scope"] == STORAGE
    assert deployment.outputs["access"] == [
        "Identity id-shop-dev-abc123 may read files of shares, whatever their own permissions, in storage "
        "account stteam (Storage File Data Privileged Reader)."
    ]


@pytest.mark.parametrize(("verb", "role"), [("sign-read", READER), ("sign-write", WRITER)])
def test_who_signs_addresses_of_one_container_may_delegate_at_the_account_and_nothing_more(
    verb: str, role: str
) -> None:
    assert _grants(reports={"blobs": {**BLOBS, "container": "reports", "access": verb}}) == {
        "shop-reports": (REPORTS, role),
        "shop-signing": (STORAGE, DELEGATOR),
    }
    assert _grants(reports={"blobs": {**BLOBS, "access": verb}}) == {"shop-reports": (STORAGE, role)}


def test_what_signing_takes_is_said_in_words() -> None:
    link = {"blobs": {**BLOBS, "container": "reports", "access": "sign-read"}}
    assert web_app(links={"reports": link}).outputs["access"] == [
        "Identity id-shop-dev-abc123 may read blobs in container reports (Storage Blob Data Reader).",
        "Identity id-shop-dev-abc123 may sign addresses of blobs, each for no more than it may do itself, in "
        "storage account stteam (Storage Blob Delegator).",
    ]


def test_who_signs_for_two_containers_has_one_role_at_the_account() -> None:
    links = {
        name: {"blobs": {**BLOBS, "container": name, "access": "sign-read"}} for name in ("reports", "prices")
    }
    assert sorted(_grants(**links)) == ["shop-prices", "shop-reports", "shop-signing"]
    # Whichever of them goes, the grant that they share stays under its name.
    for name, link in links.items():
        assert sorted(_grants(**{name: link})) == [f"shop-{name}", "shop-signing"]


def test_who_signs_in_two_accounts_has_a_grant_at_each() -> None:
    there = STORAGE.replace("stteam", "stother")
    of_other = {"id": there, "endpoint": STORAGE_ENDPOINT.replace("stteam", "stother")}
    links = {
        "reports": {"blobs": {**BLOBS, "container": "reports", "access": "sign-read"}},
        "prices": {"blobs": {**of_other, "container": "prices", "access": "sign-read"}},
        "stock": {"blobs": {**of_other, "container": "stock", "access": "sign-read"}},
    }
    granted = {name: scope for name, (scope, role) in _grants(**links).items() if role == DELEGATOR}
    assert granted == {"shop-signing": STORAGE, "shop-prices-account": there}


def test_code_is_told_the_address_and_nothing_secret() -> None:
    settings = settings_of(web_app(**READS, queue_access="send"))
    assert settings == {
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_STORAGE_BLOB_ENDPOINT": STORAGE_ENDPOINT,
        "AZURE_STORAGE_QUEUE_ENDPOINT": QUEUES,
    }


def test_an_app_without_a_verb_has_no_grant_and_no_address() -> None:
    deployment = web_app()
    assert deployment.all("RoleAssignment") == []
    assert not [name for name in settings_of(deployment) if "STORAGE" in name]


def test_queues_alone_open_no_blob() -> None:
    settings = settings_of(web_app(**ACCOUNT, queue_access="process"))
    assert "AZURE_STORAGE_BLOB_ENDPOINT" not in settings
    assert list(_roles(**ACCOUNT, queue_access="process")) == ["shop-queues"]


def test_queues_have_an_address_of_their_own_however_that_of_the_blobs_is_spelt() -> None:
    given = {**ACCOUNT, "storage_endpoint": "https://stteam.BLOB.core.windows.net"}
    settings = settings_of(web_app(**given, queue_access="send"))
    assert settings["AZURE_STORAGE_QUEUE_ENDPOINT"] == QUEUES


def test_one_container_is_opened_when_one_is_named() -> None:
    deployment = web_app(**READS, blob_container="reports")
    grant = deployment.one("RoleAssignment").inputs
    assert grant["scope"] == f"{STORAGE}/blobServices/default/containers/reports"
    assert settings_of(deployment)["AZURE_STORAGE_BLOB_CONTAINER"] == "reports"
    assert deployment.outputs["access"] == [
        "Identity id-shop-dev-abc123 may read blobs in container reports (Storage Blob Data Reader)."
    ]


def test_without_a_container_the_account_is_opened_and_named() -> None:
    deployment = web_app(**READS)
    assert deployment.one("RoleAssignment").inputs["scope"] == STORAGE
    assert deployment.outputs["access"] == [
        "Identity id-shop-dev-abc123 may read blobs in storage account stteam (Storage Blob Data Reader)."
    ]


def test_secrets_and_storage_are_granted_side_by_side_before_the_settings() -> None:
    deployment = web_app(**WITH_SECRET, **READS)
    grants = deployment.all("RoleAssignment")
    assert {grant.name for grant in grants} == {"shop-vault", "shop-blobs"}
    settings = deployment.one("WebAppApplicationSettings")
    assert all(deployment.waits_for(settings, grant) for grant in grants)


def test_a_system_assigned_identity_is_let_in_once_it_exists() -> None:
    deployment = web_app(**READS, identity="system-assigned")
    grant = deployment.one("RoleAssignment")
    assert grant.inputs["principalId"] == SYSTEM_PRINCIPAL
    assert deployment.waits_for(deployment.one("WebAppApplicationSettings"), grant)


def test_an_existing_identity_is_granted_by_its_owner() -> None:
    deployment = web_app(**READS, **KINDS["existing"])
    assert deployment.all("RoleAssignment") == []
    assert settings_of(deployment)["AZURE_STORAGE_BLOB_ENDPOINT"] == STORAGE_ENDPOINT


def test_whoever_governs_the_account_can_grant_in_place_of_the_app() -> None:
    deployment = web_app(**READS, manage_storage_access=False)
    assert deployment.all("RoleAssignment") == []
    assert settings_of(deployment)["AZURE_STORAGE_BLOB_ENDPOINT"] == STORAGE_ENDPOINT


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_shows_the_grant_and_the_verb(mode: Mode) -> None:
    args = {"storage_account_id": Later(STORAGE), "storage_endpoint": Later(STORAGE_ENDPOINT)}
    deployment = web_app(mode, **args, blob_access="write")
    assert deployment.one("RoleAssignment").inputs["scope"] == STORAGE
    assert deployment.one("index:WebApp").inputs["blobAccess"] == "write"


@pytest.mark.parametrize("key", ["blob_access", "queue_access"])
def test_a_verb_without_an_account_is_refused(key: str) -> None:
    text = refusal(**{key: "write"})
    assert f"1. {key}\n     given     {key} without an account" in text
    assert "give storage_account_id and storage_endpoint, as a StorageAccount outputs them" in text


def test_an_account_without_a_verb_is_refused() -> None:
    assert "an account that nothing is done with\n     expected  what the app may do" in refusal(**ACCOUNT)


def test_half_an_account_is_refused() -> None:
    text = refusal(storage_account_id=STORAGE, blob_access="read")
    assert "storage_account_id and storage_endpoint\n     given     storage_account_id alone" in text


@pytest.mark.parametrize("key", ["blob_access", "queue_access"])
def test_an_unknown_verb_is_answered_with_the_verbs(key: str) -> None:
    assert f"{key}\n     given     a text of 3 characters\n     expected  one of " in refusal(
        **ACCOUNT, **{key: "own"}
    )
    text = refusal(**ACCOUNT, **{key: Later("read")})
    assert f"{key}\n     given     an Output" in text


def test_without_an_identity_there_is_nobody_to_let_in() -> None:
    text = refusal(**READS, identity="none")
    assert "identity and blob_access\n     given     none, with blob_access" in text


def test_a_container_that_nothing_is_done_with_is_refused() -> None:
    text = refusal(**ACCOUNT, queue_access="send", blob_container="reports")
    assert "blob_container\n     given     blob_container alone" in text


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(
    ("key", "value", "given", "expected"),
    [
        (
            "storage_account_id",
            "stteam",
            "a text of 6 characters; character 1, 's', is not allowed there",
            "providers/Microsoft.Storage/storageAccounts/<name>",
        ),
        (
            "storage_endpoint",
            QUEUES,
            f"the address of another service, a text of {len(QUEUES)} characters",
            "https://<account>.blob.core.windows.net/",
        ),
        (
            "blob_container",
            "Reports",
            "a text of 7 characters; character 1, 'R', is not allowed there",
            "3 to 63 lower-case letters, digits and single hyphens",
        ),
    ],
)
def test_what_is_no_account_no_address_and_no_container_is_refused(
    key: str, value: str, given: str, expected: str, later: bool
) -> None:
    text = refusal(**{**READS, key: Later(value) if later else value})
    assert f"{key}\n     given     {given}\n" in text
    assert expected in text


@pytest.mark.parametrize(
    ("variable", "source"),
    [("AZURE_STORAGE_BLOB_ENDPOINT", "blob_access"), ("azure_storage_queue_endpoint", "queue_access")],
)
def test_what_is_derived_is_given_by_nobody_else(variable: str, source: str) -> None:
    both = {**READS, "queue_access": "send"}
    assert f"settings[{variable}] and {source}\n" in refusal(**both, settings={variable: "mine"})
    text = refusal(**{**WITH_SECRET, **both, "secrets": {variable: "db-password"}})
    assert f"secrets[{variable}] and {source}\n     given     {variable}" in text


def test_an_app_without_the_link_may_use_the_names_for_its_own() -> None:
    settings = {"AZURE_STORAGE_BLOB_ENDPOINT": "mine"}
    assert settings_of(web_app(identity="none", settings=settings)) == settings


ORDERS: dict[str, Any] = {"id": STORAGE, "endpoint": QUEUES, "queue": "orders", "access": "receive"}
ORDERS_ID = f"{STORAGE}/queueServices/default/queues/orders"
PROCESSOR, LOOKS, CONTRIBUTOR = (
    "8a0f0c08-91a1-4084-bc3d-661d67233fed",
    "19e7f393-937e-4f77-808e-94535e297925",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
)


def _of_links(deployed: Deployment) -> dict[str, tuple[str, str]]:
    """Scope and role of each grant of a function app but those of its runtime, by the resource's name."""
    return {
        grant.name: (grant.inputs["scope"], grant.inputs["roleDefinitionId"].rpartition("/")[2])
        for grant in deployed.all("RoleAssignment")
        if "-host-" not in grant.name
    }


def test_a_trigger_that_takes_messages_may_ask_how_many_there_are_in_the_same_queue() -> None:
    taken = {"shop-orders": (ORDERS_ID, PROCESSOR), "shop-orders-trigger": (ORDERS_ID, LOOKS)}
    assert _of_links(function_app(links={"orders": {"queues": ORDERS}})) == taken
    assert _of_links(function_app(links={"orders": {"queues": {**ORDERS, "access": "write"}}})) == {
        "shop-orders": (ORDERS_ID, CONTRIBUTOR)
    }
    # A link that looks at the same queue is that grant.
    looks = {"queues": {**ORDERS, "access": "read"}}
    assert _of_links(function_app(links={"orders": {"queues": ORDERS}, "looks": looks})) == taken


def test_what_a_trigger_asks_besides_is_left_to_the_owner_with_the_link() -> None:
    deployed = function_app(links={"orders": {"queues": ORDERS, "grant": False}})
    assert _of_links(deployed) == {}
    owed = deployed.outputs["deployer_contract"]["left_to_owners"]
    assert f"Storage Queue Data Message Processor on {ORDERS_ID}" in owed
    assert f"Storage Queue Data Reader on {ORDERS_ID}" in owed


def test_a_link_that_is_called_as_what_a_trigger_asks_besides_is_refused() -> None:
    other = {"queues": {**ORDERS, "queue": "other", "access": "read"}}
    text = refusal_of_function_app(links={"orders": {"queues": ORDERS}, "orders-trigger": other})
    assert "links[orders].queues and links[orders-trigger].queues" in text
    assert "a name of its own for each grant" in text
