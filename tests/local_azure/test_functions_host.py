"""A function app runs: its host needs its storage, its triggers take what is theirs (F12 F13)."""

from collections.abc import Iterator

import httpx
import pytest
from azure.core.exceptions import ResourceNotFoundError

from local_azure.constants import DEPLOYER
from local_azure.functions_host.host_storage import host_id_of
from local_azure.functions_host.loading import NotServedError
from local_azure.functions_host.queue_listener import QueueOptions
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import eventually
from tests.local_azure.functions_stage import BLOB_OWNER, PROCESSOR, QUEUE_WRITER, READER, Functions

APP = """
import azure.functions as func

app = func.FunctionApp()
seen = []

@app.queue_trigger(arg_name="order", queue_name="%ORDERS_QUEUE%", connection="ORDERS")
async def work(order: func.QueueMessage) -> None:
    text = order.get_body().decode()
    seen.append(f"{text} {order.dequeue_count}")
    if text == "bad":
        raise ValueError("no such order")

@app.route(route="seen/{how}", auth_level=func.AuthLevel.ANONYMOUS, methods=["GET"])
def tell(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"{req.route_params['how']}: {', '.join(sorted(seen))}")

@app.route(route="keyed")
def keyed(req: func.HttpRequest) -> str:
    return "never without a key"
"""
HOST_JSON = '{"version": "2.0", "extensions": {"queues": {"maxDequeueCount": 2}}}'


CODE = {"function_app.py": APP, "host.json": HOST_JSON}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Functions(local)


def test_f12_a_function_runs_once_its_host_may_write_and_its_queue_may_be_read(stage: Functions) -> None:
    account, identity = stage.account(), stage.identity()
    who = identity["properties"]["principalId"]
    site = stage.function_app(account, identity, CODE)

    def answer(path: str) -> tuple[int, str]:
        found: httpx.Response = stage.get(site, path)
        return found.status_code, found.text

    # Without its storage no function is indexed, though the site runs.
    assert answer("/api/seen/all") == (503, "Function host is not running.")
    eventually(lambda: "AuthorizationPermissionMismatch" in stage.log_of(site), True)
    stage.assign(stage.scope(account), who, BLOB_OWNER)
    eventually(lambda: answer("/api/seen/all"), (200, "all: "))
    assert answer("/api/keyed") == (401, "")
    assert answer("/api/other") == (404, "")

    # A queue that it may not read starts no listener, and nothing is lost.
    stage.assign(stage.scope(account), DEPLOYER.object_id, QUEUE_WRITER)
    queue = stage.queue(account, "orders")
    queue.send_message("one")
    eventually(lambda: "the listener did not start" in stage.log_of(site), True)
    assert answer("/api/seen/all") == (200, "all: ")
    stage.assign(stage.scope(account, "orders"), who, PROCESSOR)
    stage.assign(stage.scope(account, "orders"), who, READER)
    eventually(lambda: answer("/api/seen/all"), (200, "all: one 1"))
    eventually(lambda: queue.get_queue_properties().approximate_message_count, 0)


def test_f13_a_message_that_fails_too_often_goes_into_the_queue_for_poison(stage: Functions) -> None:
    account, identity = stage.account(), stage.identity()
    who = identity["properties"]["principalId"]
    for role in (BLOB_OWNER, QUEUE_WRITER):
        stage.assign(stage.scope(account), who, role)
    stage.assign(stage.scope(account), DEPLOYER.object_id, QUEUE_WRITER)
    site = stage.function_app(account, identity, CODE)
    queue = stage.queue(account, "orders")
    queue.send_message("bad")
    eventually(lambda: stage.get(site, "/api/seen/all").text, "all: bad 1, bad 2")
    poison = stage.queue(account, "orders-poison")
    eventually(lambda: queue.get_queue_properties().approximate_message_count, 0)
    assert [one.content for one in poison.peek_messages()] == ["YmFk"]


def test_f13_who_may_not_change_messages_leaves_one_that_failed_hidden_and_works_on_the_others(
    stage: Functions,
) -> None:
    account, identity = stage.account(), stage.identity()
    who = identity["properties"]["principalId"]
    stage.assign(stage.scope(account), DEPLOYER.object_id, QUEUE_WRITER)
    queue = stage.queue(account, "orders")
    for text in ("bad", "one", "two"):
        queue.send_message(text)
    stage.assign(stage.scope(account), who, BLOB_OWNER)
    stage.assign(stage.scope(account, "orders"), who, PROCESSOR)
    stage.assign(stage.scope(account, "orders"), who, READER)
    site = stage.function_app(account, identity, CODE)
    eventually(lambda: stage.get(site, "/api/seen/all").text, "all: bad 1, one 1, two 1")
    words = "work: a message stays hidden: AuthorizationPermissionMismatch"
    eventually(lambda: words in stage.log_of(site), True)
    eventually(lambda: queue.get_queue_properties().approximate_message_count, 1)
    assert queue.peek_messages() == []

    # Once it is seen again it fails once too often, and nobody may put it away.
    stage.local.azure.clock.advance(600)
    eventually(lambda: stage.get(site, "/api/seen/all").text, "all: bad 1, bad 2, one 1, two 1")
    assert queue.get_queue_properties().approximate_message_count == 1
    with pytest.raises(ResourceNotFoundError):
        stage.queue(account, "orders-poison").peek_messages()


def test_f12_a_connection_string_beside_the_identity_is_refused_and_named(stage: Functions) -> None:
    account, identity = stage.account(), stage.identity()
    stage.assign(stage.scope(account), identity["properties"]["principalId"], BLOB_OWNER)
    site = stage.function_app(account, identity, CODE, ORDERS="UseDevelopmentStorage=true")
    words = "the setting ORDERS is a connection string, which wins over ORDERS__queueServiceUri"
    eventually(lambda: words in stage.log_of(site), True)
    assert stage.get(site, "/api/seen/all").status_code == 503


def test_f13_host_json_says_how_long_a_message_that_failed_is_hidden_and_what_it_is_written_in(
    stage: Functions,
) -> None:
    account, identity = stage.account(), stage.identity()
    who = identity["properties"]["principalId"]
    for role in (BLOB_OWNER, QUEUE_WRITER):
        stage.assign(stage.scope(account), who, role)
    stage.assign(stage.scope(account), DEPLOYER.object_id, QUEUE_WRITER)
    said = '{"visibilityTimeout": "00:05:00", "maxDequeueCount": 2, "messageEncoding": "none"}'
    host = '{"version": "2.0", "extensions": {"queues": ' + said + "}}"
    site = stage.function_app(account, identity, {"function_app.py": APP, "host.json": host})
    queue = stage.plain_queue(account, "orders")
    queue.send_message("bad")
    eventually(lambda: stage.get(site, "/api/seen/all").text, "all: bad 1")
    eventually(lambda: "failed, for the 1. time" in stage.log_of(site), True)
    assert queue.peek_messages() == []
    stage.local.azure.clock.advance(300)
    eventually(lambda: stage.get(site, "/api/seen/all").text, "all: bad 1, bad 2")
    poison = stage.plain_queue(account, "orders-poison")
    eventually(lambda: queue.get_queue_properties().approximate_message_count, 0)
    assert [one.content for one in poison.peek_messages()] == ["bad"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"batchSize": 33}, "batchSize in host.json is from 1 to 32"),
        ({"maxDequeueCount": 0}, "maxDequeueCount in host.json is 1 or more"),
        ({"messageEncoding": "utf8"}, "messageEncoding in host.json is base64 or none"),
        ({"visibilityTimeout": 30}, "visibilityTimeout in host.json is a time, hh:mm:ss"),
    ],
)
def test_f13_a_host_json_that_the_runtime_does_not_start_with_is_refused_in_words(
    said: dict[str, object], words: str
) -> None:
    with pytest.raises(NotServedError) as refused:
        QueueOptions.of(said)
    assert str(refused.value) == words


def test_f13_left_out_it_is_as_microsofts_page_says() -> None:
    assert QueueOptions.of({}) == QueueOptions(16, 0, 5, is_base64=True, longest_pause=2.0)
    assert QueueOptions.of({"batchSize": 32, "maxPollingInterval": 500}).longest_pause == 0.5


def test_hosts_of_slots_and_of_long_names_have_ids_of_their_own() -> None:
    app = {"WEBSITE_SITE_NAME": "func-Shop"}
    assert host_id_of({**app, "WEBSITE_SLOT_NAME": "Production"}) == "func-shop"
    assert host_id_of({**app, "WEBSITE_SLOT_NAME": "staging"}) == "func-shop-staging"
    assert host_id_of({"WEBSITE_SITE_NAME": "a" * 40}) == "a" * 32
    assert host_id_of({**app, "AzureFunctionsWebHost__hostid": "mine"}) == "mine"
