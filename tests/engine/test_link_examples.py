"""The examples of links and of access for workloads of others, through the real engine."""

from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient

from local_azure.constants import SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.attached import AttachedEngine
from tests.engine.conftest import SECRETS_USER
from tests.engine.example_stacks import ExampleStacks
from tests.engine.test_examples import assert_nothing_is_left, grants, the

BLOB_READER, BLOB_WRITER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
QUEUE_SENDER, QUEUE_PROCESSOR = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "8a0f0c08-91a1-4084-bc3d-661d67233fed"
QUEUE_READER = "19e7f393-937e-4f77-808e-94535e297925"
QUEUE_WRITER, TABLE_WRITER = "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
TABLE_READER, READER = "76199698-9eea-4c19-bc75-cec21354c6b6", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
STOCKTAKER, MACHINE = "0b1ec700-0000-4000-8000-0000000000c1", "0b1ec700-0000-4000-8000-0000000000d1"


@pytest.fixture
def stacks(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> ExampleStacks:
    return ExampleStacks(tmp_path, engine, cloud.environment())


def settings(cloud: LocalAzure, site: str) -> dict[str, str]:
    stored = cloud.azure.store.list(type="Microsoft.Web/sites/config")
    (found,) = [one for one in stored if f"/sites/{site}/" in one.id and one.id.endswith("/appsettings")]
    return found.body["properties"]


def account(cloud: LocalAzure, name: str) -> str:
    return str(the(cloud, "Microsoft.Storage/storageAccounts", f"/{name}")["id"]).lower()


def stocktaker_of_the_shops(cloud: LocalAzure) -> str:
    """A custom role that somebody made for the subscription; the id of its definition."""
    client: Any = AuthorizationManagementClient(deployer_credential(cloud.environment()), SUBSCRIPTION_ID)
    properties = {
        "roleName": "Stocktaker",
        "permissions": [{"actions": ["Microsoft.Storage/*/read"]}],
        "assignableScopes": [SUBSCRIPTION_SCOPE],
    }
    body = {"properties": properties}
    return client.role_definitions.create_or_update(SUBSCRIPTION_SCOPE, STOCKTAKER, body).id


def test_two_apps_share_links_each_with_the_verb_that_it_needs(
    stacks: ExampleStacks, cloud: LocalAzure
) -> None:
    stack = stacks.prepare("links")
    stack.configure(stocktaker_role=stocktaker_of_the_shops(cloud))
    outputs = stack.up()

    vault = str(the(cloud, "Microsoft.KeyVault/vaults", "/kv-shop-")["id"]).lower()
    files, host = account(cloud, outputs["storage"]), account(cloud, "stworker")
    group = str(the(cloud, "Microsoft.Resources/resourceGroups", "/shop")["id"]).lower()
    queue, table = (
        f"{files}/queueservices/default/queues/orders",
        f"{files}/tableservices/default/tables/prices",
    )
    reports = f"{files}/blobservices/default/containers/reports"
    web, worker = outputs["principals"]["web"], outputs["principals"]["worker"]
    assert grants(cloud) == {
        (SECRETS_USER, web, vault),
        (QUEUE_SENDER, web, queue),
        (TABLE_READER, web, table),
        (BLOB_READER, web, reports),
        (READER, web, group),
        (SECRETS_USER, worker, vault),
        (QUEUE_PROCESSOR, worker, queue),
        # What the trigger of a queue asks besides.
        (QUEUE_READER, worker, queue),
        (TABLE_WRITER, worker, table),
        (BLOB_WRITER, worker, reports),
        (BLOB_OWNER, worker, host),
        (QUEUE_WRITER, worker, host),
        (TABLE_WRITER, worker, host),
        (STOCKTAKER, worker, group),
    }
    told = {
        "MAIN_ENDPOINT": f"https://{outputs['vault']}.vault.azure.net/",
        "ORDERS_ENDPOINT": f"https://{outputs['storage']}.queue.core.windows.net/",
        "ORDERS_QUEUE": "orders",
        "PRICES_ENDPOINT": f"https://{outputs['storage']}.table.core.windows.net/",
        "PRICES_TABLE": "prices",
        "SESSION_KEY": f"@Microsoft.KeyVault(SecretUri=https://{outputs['vault']}.vault.azure.net/secrets/session-key)",
    }
    blobs = f"https://{outputs['storage']}.blob.core.windows.net/"
    site, worker_site = (settings(cloud, app) for app in outputs["apps"])
    assert (told | {"REPORTS_ENDPOINT": blobs, "REPORTS_CONTAINER": "reports"}).items() <= site.items()
    assert (told | {"OUTBOX_ENDPOINT": blobs, "OUTBOX_CONTAINER": "reports"}).items() <= worker_site.items()
    assert "OUTBOX_ENDPOINT" not in site
    stack.expect_no_changes()
    stack.destroy()
    left = leftovers(cloud.azure)
    assert (left["resources"], left["role_assignments"]) == ([], [])
    assert [id.rpartition("/")[2] for id in left["role_definitions"]] == [STOCKTAKER]  # not the stack's own


def test_a_machine_that_exists_and_a_site_by_hand_are_let_in_and_told(
    stacks: ExampleStacks, cloud: LocalAzure
) -> None:
    stack = stacks.prepare("workload-access")
    outputs = stack.up()

    vault = str(the(cloud, "Microsoft.KeyVault/vaults", "/kv-shop-")["id"]).lower()
    queue = f"{account(cloud, 'stshop')}/queueservices/default/queues/orders"
    site: dict[str, Any] = the(cloud, "Microsoft.Web/sites", f"/sites/{outputs['site']}")
    assert grants(cloud) == {
        (QUEUE_PROCESSOR, MACHINE, queue),
        (SECRETS_USER, site["identity"]["principalId"], vault),
        (QUEUE_SENDER, site["identity"]["principalId"], queue),
    }
    told = outputs["machine_environment"]
    assert set(told) == {"ORDERS_ENDPOINT", "ORDERS_QUEUE"}
    endpoint = f"https://{outputs['vault']}.vault.azure.net/"
    assert settings(cloud, outputs["site"]) == {
        **told,
        "MAIN_ENDPOINT": endpoint,
        "SESSION_KEY": f"@Microsoft.KeyVault(SecretUri={endpoint}secrets/session-key)",
    }
    stack.expect_no_changes()
    stack.destroy()
    assert_nothing_is_left(cloud)
