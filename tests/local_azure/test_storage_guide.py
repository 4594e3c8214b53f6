"""The lines of code that the guide to storage prints are run as they are printed."""

import os
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from azure.data.tables import TableClient
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobSasPermissions, BlobServiceClient, generate_blob_sas
from azure.storage.fileshare import ShareClient
from azure.storage.queue import QueueClient

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.local_azure.storage_stage import CONTAINER, StorageStage
from tests.local_azure.vault_stage import GROUP
from toolchain.paths import ROOT

GUIDE = (ROOT / "docs" / "guides" / "storage.md").read_text(encoding="utf-8")
NAMES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        BlobSasPermissions, BlobServiceClient, DefaultAzureCredential, QueueClient, ShareClient, TableClient,
        datetime, generate_blob_sas, timedelta,
    )
}  # fmt: skip


def printed(beginning: str) -> str:
    """The one block of code that begins so."""
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if one.startswith(beginning)]
    return found


@pytest.fixture
def stage(local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch) -> StorageStage:
    """An account as the component makes it, with what its links grant and tell."""
    stage = StorageStage(local_azure)
    policy = {"sasExpirationPeriod": "1.00:00:00", "expirationAction": "Block"}
    account = stage.account(sasPolicy=policy)
    stage.storage.queue.create(GROUP, account, "orders", {})
    stage.storage.table.create(GROUP, account, "prices", {})
    stage.storage.file_shares.create(GROUP, account, "exports", {})
    id = stage.account_id(account)
    for scope, role in (
        (f"{id}/blobServices/default/containers/{CONTAINER}", "Storage Blob Data Reader"),
        (id, "Storage Blob Delegator"),
        (f"{id}/queueServices/default/queues/orders", "Storage Queue Data Message Sender"),
        (f"{id}/queueServices/default/queues/orders", "Storage Queue Data Message Processor"),
        (f"{id}/tableServices/default/tables/prices", "Storage Table Data Reader"),
        (stage.share_scope(account, "exports"), "Storage File Data Privileged Contributor"),
    ):
        stage.grant(scope, role, DEPLOYER.object_id)
    services = {"REPORTS": "blob", "ORDERS": "queue", "PRICES": "table", "EXPORTS": "file"}
    told = {
        f"{name}_ENDPOINT": f"https://{account}.{one}.core.windows.net/" for name, one in services.items()
    }
    told |= {"REPORTS_CONTAINER": CONTAINER, "ORDERS_QUEUE": "orders"}
    told |= {"PRICES_TABLE": "prices", "EXPORTS_SHARE": "exports"}
    for name, value in {**local_azure.environment(), **told}.items():
        monkeypatch.setenv(name, value)
    stage.writer_of(account).get_blob_client(CONTAINER, "daily.csv").upload_blob(b"one;two")
    prices = stage.table(account, "prices", "Storage Table Data Contributor")
    for row, price in (("1", 4), ("2", 5)):
        prices.create_entity({"PartitionKey": "web", "RowKey": row, "Price": price})
    return stage


def test_the_lines_of_the_guide_do_what_it_says_as_they_are_printed(stage: StorageStage) -> None:
    names: dict[str, Any] = {**NAMES, "os": os, "UTC": UTC}
    for beginning in ("queue = ", "for message in queue", "prices = ", "share = ", "reports = "):
        exec(printed(beginning), names)
    assert names["message"].content == "one"
    assert list(names["queue"].peek_messages()) == []
    assert [one["RowKey"] for one in names["cheap"]] == ["1"]
    assert names["share"].get_file_client("today.csv").download_file().readall() == b"one;two"
    with stage.http() as anybody:
        assert anybody.get(names["address"]).content == b"one;two"
        assert anybody.get(names["address"].replace("daily", "weekly")).status_code == 403


def test_without_a_start_the_accounts_policy_blocks_the_address(stage: StorageStage) -> None:
    lines = printed("reports = ").replace("    start=now,\n", "")
    names: dict[str, Any] = {**NAMES, "os": os, "UTC": UTC}
    exec(lines, names)
    with stage.http() as anybody:
        answer: httpx.Response = anybody.get(names["address"])
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (403, "AuthorizationFailure")
