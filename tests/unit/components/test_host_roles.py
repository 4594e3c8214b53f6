"""What the Functions runtime is let in to do in its own storage follows from the triggers (F12)."""

import pytest

from components import Trigger
from tests.unit.components.answering_azure import STORAGE
from tests.unit.components.function_apps import function_app, refusal
from tests.unit.components.recorded_azure import Deployment
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import KINDS

LEAST = {
    "shop-host-blobs": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "shop-host-tables": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
}
QUEUES = {"shop-host-queues": "974c5e8b-45b9-4653-ba55-5f855dd0fb88"}
ACCOUNT = {"shop-host-account": "17d1049b-9a84-46fb-8f53-869881c3d3ab"}


def granted(deployment: Deployment) -> dict[str, str]:
    grants = deployment.all("RoleAssignment")
    return {grant.name: grant.inputs["roleDefinitionId"].rpartition("/")[2] for grant in grants}


@pytest.mark.parametrize(
    "trigger", ["http", "timer", "queue", "service-bus", "event-hubs", "event-grid", "cosmos-db", "other"]
)
def test_most_triggers_need_blobs_and_the_diagnostic_events_only(trigger: str) -> None:
    assert granted(function_app(triggers=[trigger])) == LEAST


def test_no_triggers_need_no_more_and_are_not_the_same_as_triggers_that_nobody_names() -> None:
    assert granted(function_app(triggers=[])) == LEAST
    assert granted(function_app()) == {**LEAST, **QUEUES}


def test_durable_functions_keep_their_messages_there() -> None:
    assert granted(function_app(triggers=[Trigger.DURABLE])) == {**LEAST, **QUEUES}


def test_triggers_of_blobs_manage_the_account_and_its_queues() -> None:
    deployment = function_app(triggers=["http", "blob"])
    assert granted(deployment) == {**LEAST, **QUEUES, **ACCOUNT}
    sentence = (
        "Identity id-shop-dev-abc123 may read the keys of storage accounts, manage storage accounts, and more"
        " in storage account stshopdevabc123 (Storage Account Contributor)."
    )
    assert sentence in deployment.outputs["access"]


def test_the_runtimes_own_account_has_no_keys_to_read_all_the_same() -> None:
    account = function_app(triggers=["blob"]).one("storage:StorageAccount").inputs
    assert account["allowSharedKeyAccess"] is False


def test_an_existing_identitys_owner_is_asked_for_the_same_roles() -> None:
    deployment = function_app(**KINDS["existing"], host_storage_id=STORAGE, triggers=["timer"])
    assert deployment.outputs["deployer_contract"]["left_to_owners"].splitlines() == [
        f"Storage Blob Data Owner on {STORAGE}",
        f"Storage Table Data Contributor on {STORAGE}",
    ]
    ((_, _, _, step),) = problems_of(function_app)(**KINDS["existing"], triggers=["timer"])
    assert step.endswith("gave it Storage Blob Data Owner, Storage Table Data Contributor")


def test_a_trigger_that_there_is_not_is_refused_with_those_there_are() -> None:
    text = refusal(triggers=["queues"])
    assert "triggers[0]\n" in text
    kinds = "blob, cosmos-db, durable, event-grid, event-hubs, http, queue, service-bus, timer, other"
    assert f"expected  one of {kinds}\n" in text
    assert "triggers[1]\n" in refusal(triggers=["http", "http"])
