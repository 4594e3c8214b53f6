"""`make up EXAMPLE=shop`: an order goes all the way, and nobody holds a secret on it."""

import base64
import io
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from local_azure.app_service.service import AppService
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from local_azure.storage.service import Storage
from loop import shop_proofs
from loop.example import example_folder, up_example
from loop.session import Session
from loop.shop_proofs import SHOP, an_order_goes_through, nothing_is_secret, the_api_lets_in_the_page_alone
from loop.terminal import Terminal
from tests.attached import AttachedEngine, attached_stack
from tests.engine.example_stacks import POLICY, TOLD
from tests.engine.findings import told
from tests.patience import until
from tests.proofs import POSTGRES


@pytest.fixture
def session(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Session:
    environment = cloud.environment()
    program = example_folder("shop")
    stack = attached_stack(engine, tmp_path / "work", environment, program=program)
    stack.prepare()
    return Session(tmp_path / "work", cloud.azure.state, environment, stack, Terminal(io.StringIO()))


@pytest.mark.needs(POSTGRES)
def test_an_order_is_placed_queued_worked_on_and_stored_and_the_vault_is_empty(
    session: Session, cloud: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert up_example(session) == 0
    # A mandatory finding would end it with an error, as a change would.
    printed = session.stack.preview("--expect-no-changes", *POLICY)
    assert "keyless@v" in printed
    assert told(printed, "advisory") <= TOLD

    # Each proof fails where what it says is not so.
    outputs = session.stack.outputs()
    assert [held for proof in SHOP for held, _ in proof(session, outputs)] == [True] * 6
    page = outputs["url"]
    assert httpx.post(f"{page}/orders", data={"item": "castle", "amount": 1}, timeout=30).status_code == 400
    assert httpx.get(f"{page}/orders/none", timeout=30).status_code == 404
    open_api = {**outputs, "stock": {**outputs["stock"], "url": page}}
    assert [held for held, _ in the_api_lets_in_the_page_alone(session, open_api)] == [False, False]
    settings = f"{outputs['code']['web']}/config/appsettings"
    stored = cloud.azure.store.get(settings)
    assert stored is not None
    given = {**stored.body["properties"], "DATABASE_PASSWORD": "hunter2-Tr0ub4dor&3"}
    cloud.azure.store.put(replace(stored, body={**stored.body, "properties": given}))
    assert [held for held, _ in nothing_is_secret(session, outputs)] == [True, False]
    # What the worker fails at every time ends in the queue for poison, whose messages wait for somebody.
    account = stored.body["properties"]["ORDERS_ENDPOINT"].removeprefix("https://").partition(".")[0]
    queues, no_order = cloud.azure.service(Storage).queues, base64.b64encode(b"no order").decode()
    queues.put(account, "orders", no_order, 0, None)
    until(lambda: [one.text for one in queues.every(account, "orders-poison")] == [no_order])
    until(lambda: queues.every(account, "orders") == [])
    cloud.azure.service(AppService).hosting.apps.stop(outputs["code"]["worker"])
    monkeypatch.setattr(shop_proofs, "SECONDS", 1.0)  # the page goes on, and the order waits
    assert [held for held, _ in an_order_goes_through(session, outputs)] == [False]

    session.stack.destroy()
    left = leftovers(cloud.azure)
    assert (left["resources"], left["role_assignments"]) == ([], [])


def test_an_example_that_does_not_run_is_told_with_those_that_do() -> None:
    with pytest.raises(RuntimeError, match="no example that runs is called links; there is shop"):
        example_folder("links")
