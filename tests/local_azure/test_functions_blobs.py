"""Triggers of blobs that are looked for: receipts, and the queue for poison (F18)."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.functions import InputStream
from azure.storage.blob import BlobClient

from local_azure.constants import DEPLOYER
from local_azure.functions_host import blob_listener
from local_azure.functions_host.blob_listener import BlobListener
from local_azure.functions_host.connections import Connection
from local_azure.functions_host.host_storage import announce
from local_azure.functions_host.listeners import Host
from local_azure.functions_host.loading import Loaded
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Json, eventually
from tests.local_azure.functions_stage import BLOB_OWNER, QUEUE_WRITER, Functions
from tests.local_azure.led_here import lead_here

APP = """
import azure.functions as func

app = func.FunctionApp()
seen = []

@app.blob_trigger(arg_name="blob", path="inbox/{name}.txt", connection="ORDERS")
def read(blob: func.InputStream) -> None:
    text = blob.read().decode()
    seen.append(f"{blob.name} {text}")
    if text == "bad":
        raise ValueError("no such order")

@app.route(route="seen", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return ", ".join(sorted(seen))
"""
CODE = {"function_app.py": APP}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Functions(local)


@pytest.fixture
def account(stage: Functions) -> str:
    """With a container, whose blobs and queues the tests may see, too."""
    name = stage.account()
    stage.arm("PUT", f"{stage.scope(name)}/blobServices/default/containers/inbox", {}, "2024-01-01")
    for role in (BLOB_OWNER, QUEUE_WRITER):
        stage.assign(stage.scope(name), DEPLOYER.object_id, role)
    return name


def started(stage: Functions, account: str, identity: Json, code: dict[str, str] = CODE) -> str:
    where = {"ORDERS__blobServiceUri": f"https://{account}.blob.core.windows.net/"}
    for role in (BLOB_OWNER, QUEUE_WRITER):
        stage.assign(stage.scope(account), identity["properties"]["principalId"], role)
    return stage.function_app(account, identity, code, **where)


def said(stage: Functions, site: str) -> str:
    return stage.get(site, "/api/seen").text


def test_f18_each_version_of_a_blob_is_worked_on_once(stage: Functions, account: str) -> None:
    inbox = stage.blobs(account).get_container_client("inbox")
    inbox.upload_blob("before.txt", "one")
    inbox.upload_blob("other.csv", "none")
    site = started(stage, account, stage.identity())
    eventually(lambda: said(stage, site), "inbox/before.txt one")
    inbox.upload_blob("a/b.txt", "two")
    inbox.upload_blob("before.txt", "three", overwrite=True)
    eventually(lambda: said(stage, site), "inbox/a/b.txt two, inbox/before.txt one, inbox/before.txt three")
    hosts = stage.blobs(account).get_container_client("azure-webjobs-hosts")
    receipts = f"blobreceipts/{site}/Host.Functions.read/"
    eventually(lambda: len(list(hosts.list_blobs(name_starts_with=receipts))), 3)

    stage.web.web_apps.restart(GROUP, site)
    inbox.upload_blob("last.txt", "four")
    eventually(lambda: said(stage, site), "inbox/last.txt four")


def test_f18_a_blob_that_fails_too_often_is_named_in_the_queue_for_poison(
    stage: Functions, account: str
) -> None:
    stage.blobs(account).get_blob_client("inbox", "order.txt").upload_blob("bad")
    host = json.dumps({"version": "2.0", "extensions": {"blobs": {"poisonBlobThreshold": 2}}})
    site = started(stage, account, stage.identity(), {**CODE, "host.json": host})
    eventually(lambda: said(stage, site), "inbox/order.txt bad, inbox/order.txt bad")
    poison = stage.plain_queue(account, "webjobs-blobtrigger-poison")
    eventually(lambda: exists(poison), True)
    eventually(lambda: len(poison.peek_messages()), 1)
    (message,) = poison.peek_messages()
    named = json.loads(base64.b64decode(message.content))
    assert (named["ContainerName"], named["BlobName"]) == ("inbox", "order.txt")


def exists(queue: Any) -> bool:
    try:
        queue.get_queue_properties()
    except ResourceNotFoundError:
        return False
    return True


@pytest.fixture
def listener(stage: Functions, account: str, monkeypatch: pytest.MonkeyPatch) -> "Made":
    """One in this process, which looks and takes when it is told to."""
    lead_here(monkeypatch, stage.local)

    def credential(_: Connection) -> object:
        return stage.credential

    monkeypatch.setattr(Connection, "credential", credential)
    names = ("AzureWebJobsStorage__accountName", "ORDERS__accountName")
    settings = {"WEBSITE_SITE_NAME": stage.name("func"), **dict.fromkeys(names, account)}
    announce(settings)
    trigger = {"name": "blob", "path": "inbox/{name}.txt", "connection": "ORDERS"}

    def made(function: Callable[[InputStream], None]) -> BlobListener:
        one = BlobListener([Loaded("read", trigger, function)], Host(settings, {}, threading.Event()))
        one.check()
        return one

    return made


Made = Callable[[Callable[[InputStream], None]], BlobListener]


def test_f18_a_blob_that_changes_before_its_turn_is_worked_on_once_as_it_is_then(
    stage: Functions, account: str, listener: Made
) -> None:
    seen: list[bytes] = []

    def read(blob: InputStream) -> None:
        seen.append(blob.read())

    host, inbox = listener(read), stage.blobs(account).get_container_client("inbox")
    inbox.upload_blob("order.txt", "first")
    host.look()
    inbox.upload_blob("order.txt", "second", overwrite=True)
    host.take_all()
    assert seen == []
    host.look()
    host.take_all()
    assert seen == [b"second"]


def test_a_blob_that_its_storage_does_not_answer_for_comes_again_after_seconds(
    stage: Functions, account: str, listener: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def read(blob: InputStream) -> None:
        seen.append(blob.read())

    again = blob_listener.AGAIN * 100  # so many that a busy machine is not late for the look before
    monkeypatch.setattr(blob_listener, "AGAIN", again)
    host, client = listener(read), cast(Any, BlobClient)
    stage.blobs(account).get_container_client("inbox").upload_blob("order.txt", "first")
    host.look()
    with monkeypatch.context() as patched:
        patched.setattr(client, "download_blob", raising(AzureError("nobody answers")))
        with pytest.raises(AzureError, match="nobody answers"):
            host.take_all()
    host.take_all()
    assert seen == []
    stage.local.azure.clock.advance(again)
    host.take_all()
    assert seen == [b"first"]


def raising(error: Exception) -> Callable[..., None]:
    def fails(*_: object, **__: object) -> None:
        raise error

    return fails


def test_one_that_event_grid_tells_of_is_refused_in_words(stage: Functions, account: str) -> None:
    code = APP.replace('connection="ORDERS"', 'connection="ORDERS", source=func.BlobSource.EVENT_GRID')
    site = started(stage, account, stage.identity(), {"function_app.py": code})
    words = "function read is told of blobs by Event Grid; the local host looks for them"
    eventually(lambda: words in stage.log_of(site), True)
