"""What each role on the host's storage is for, found by taking each away in turn (F12)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableClient

from components.hosts.app_service.host_roles import Trigger, roles_for
from local_azure.constants import DEPLOYER
from local_azure.functions_host import diagnostic_events
from local_azure.functions_host.connections import Connection
from local_azure.functions_host.diagnostic_events import TABLE
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import eventually
from tests.local_azure.functions_stage import BLOB_OWNER, QUEUE_WRITER, Functions
from tests.local_azure.led_here import lead_here
from tests.patience import PATIENCE

ROLES = {
    "host-blobs": BLOB_OWNER,
    "host-queues": QUEUE_WRITER,
    "host-tables": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
}
APP = """
import azure.functions as func

app = func.FunctionApp()
seen = set()

@app.timer_trigger(arg_name="timer", schedule="* * * * * *")
def tick(timer: func.TimerRequest) -> None:
    seen.add("timer")

@app.blob_trigger(arg_name="blob", path="inbox/{name}", connection="DATA")
def read(blob: func.InputStream) -> None:
    seen.add("blob")

@app.queue_trigger(arg_name="message", queue_name="orders", connection="DATA")
def work(message: func.QueueMessage) -> None:
    seen.add("queue")

@app.queue_trigger(arg_name="message", queue_name="orders", connection="NOBODYS")
def refused(message: func.QueueMessage) -> None:
    seen.add("refused")

@app.route(route="seen", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return ", ".join(sorted(seen))
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Functions(local)


def started(stage: Functions, host: str, missing: str) -> str:
    """A site whose identity lacks one role on its host's storage, with something for each trigger to do."""
    data, identity = stage.account(), stage.identity()
    stage.arm("PUT", f"{stage.scope(data)}/blobServices/default/containers/inbox", {}, "2024-01-01")
    who, settings = identity["properties"]["principalId"], dict[str, str]()
    for principal in (who, DEPLOYER.object_id):
        stage.assign(stage.scope(data), principal, BLOB_OWNER)
        stage.assign(stage.scope(data), principal, QUEUE_WRITER)
    for name in set(ROLES) - {missing}:
        stage.assign(stage.scope(host), who, ROLES[name])
    for name, account in (("DATA", data), ("NOBODYS", stage.account())):
        settings |= {
            f"{name}__blobServiceUri": f"https://{account}.blob.core.windows.net/",
            f"{name}__queueServiceUri": f"https://{account}.queue.core.windows.net/",
            f"{name}__credential": "managedidentity",
            f"{name}__clientId": identity["properties"]["clientId"],
        }
    stage.blobs(data).get_blob_client("inbox", "one").upload_blob(b"1")
    stage.queue(data, "orders").send_message("one")
    return stage.function_app(host, identity, {"function_app.py": APP}, **settings)


def events(stage: Functions, account: str) -> list[str]:
    """The messages of all diagnostic events, as the deployer sees them."""
    tables = stage.tables(account)
    named = [one.name for one in tables.list_tables() if one.name.startswith(TABLE)]
    return [row["Message"] for name in named for row in tables.get_table_client(name).list_entities()]


def test_the_roles_are_those_that_a_function_app_is_given_for_these_triggers() -> None:
    # What the fourth is for, Microsoft's page does not say, and nothing here asks for it.
    assert set(roles_for([Trigger.BLOB])) == {*ROLES, "host-account"}
    assert set(roles_for([Trigger.QUEUE, Trigger.TIMER, Trigger.HTTP])) == set(ROLES) - {"host-queues"}


@pytest.mark.parametrize(
    ("missing", "runs"),
    [
        ("host-blobs", "Function host is not running."),
        ("host-queues", "queue, timer"),
        ("host-tables", "blob, queue, timer"),
        ("nothing", "blob, queue, timer"),
    ],
)
def test_f12_each_role_on_the_hosts_storage_is_missed_by_what_it_is_for(
    stage: Functions, missing: str, runs: str
) -> None:
    host = stage.account()
    stage.assign(stage.scope(host), DEPLOYER.object_id, ROLES["host-tables"])
    site = started(stage, host, missing)
    eventually(lambda: stage.get(site, "/api/seen").text, runs)
    if missing == "host-blobs":
        eventually(lambda: "AuthorizationPermissionMismatch" in stage.log_of(site), True)
        assert events(stage, host) == []
        return
    # What keeps a trigger from starting is a row of a table, if the host may write one.
    eventually(lambda: "the listener did not start: " in stage.log_of(site), True)
    if missing == "host-tables":
        words = "Unable to write diagnostic events to table storage: "
        eventually(lambda: words in stage.log_of(site), True)
        assert events(stage, host) == []
    else:
        eventually(lambda: len(events(stage, host)), 2 if missing == "host-queues" else 1)
        assert all("AuthorizationPermissionMismatch" in one for one in events(stage, host))


def test_two_listeners_that_fail_at_once_are_a_row_each_of_the_table_that_one_of_them_makes(
    stage: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, told = stage.account(), ["the first", "the second"]
    stage.assign(stage.scope(host), DEPLOYER.object_id, ROLES["host-tables"])
    lead_here(monkeypatch, stage.local)
    both_missed_it = threading.Barrier(len(told))
    client: Any = TableClient
    create_entity = client.create_entity

    def credential(_: Connection) -> object:
        return stage.credential

    def create(self: object, entity: object) -> object:
        try:
            return create_entity(self, entity)
        except ResourceNotFoundError:
            both_missed_it.wait(PATIENCE)
            raise

    monkeypatch.setattr(Connection, "credential", credential)
    monkeypatch.setattr(client, "create_entity", create)
    settings = {"WEBSITE_SITE_NAME": "func-of-two", "AzureWebJobsStorage__accountName": host}
    with ThreadPoolExecutor(len(told)) as pool:
        for one in [pool.submit(diagnostic_events.record, settings, message) for message in told]:
            one.result()
    assert sorted(events(stage, host)) == told
