"""A new target is one file and one field, a new host one file: each works with everything that there is."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from components import FunctionApp, FunctionAppSlot, WebApp, WebAppSlot, WorkloadAccess
from components.links import LinkArgs
from tests.unit.components import inbox_target
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    IDENTITY,
    PLAN,
    PRINCIPAL,
    STORAGE,
    SYSTEM_PRINCIPAL,
    VAULT,
)
from tests.unit.components.function_apps import OF_RUNTIME
from tests.unit.components.recorded_azure import Deployment, Later, deploy, with_outputs
from tests.unit.components.refusals import problems_of
from tests.unit.components.worker_host import Worker

QUEUES = "https://stteam.queue.core.windows.net/"
INBOX: dict[str, Any] = {"inbox": {"id": STORAGE, "endpoint": QUEUES}}
PROCESSOR = "8a0f0c08-91a1-4084-bc3d-661d67233fed"
TEAM = {"resource_group_name": "rg-team"}
SITE = {"plan_id": PLAN}
SLOT = {
    "app_id": f"{GROUP}/providers/Microsoft.Web/sites/app-team",
    "plan_id": PLAN,
    "slot_name": "canary",
    "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "ORDERS_ENDPOINT", "ORDERS_QUEUE"],
}
SLOT_OF_FUNCTIONS = {
    **SLOT,
    "disabled_functions": [],
    "sticky_settings": [*SLOT["sticky_settings"], *OF_RUNTIME],
}
WORKER: dict[str, Any] = {**TEAM, **SITE, "worker_name": "worker-team"}
HOSTS = [
    (WebApp, TEAM),
    (WebAppSlot, SLOT),
    (FunctionApp, TEAM),
    (FunctionAppSlot, SLOT_OF_FUNCTIONS),
    (WorkloadAccess, {"principal_id": PRINCIPAL}),
    (Worker, WORKER),
]
SECRETS = {"secrets": {"DB": "db"}, "vault_id": VAULT, "vault_endpoint": ENDPOINT}


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    inbox_target.add(monkeypatch)
    yield
    monkeypatch.undo()
    assert "inbox" not in LinkArgs.__annotations__


def deployed(component: Any, mode: Any = "up", /, **args: Any) -> Deployment:
    return deploy(lambda: component("shop", with_outputs(args)), mode)


def told(deployment: Deployment) -> dict[str, Any]:
    """What code is told of the link, whatever the host calls that."""
    settings = [one for one in deployment.resources if "ApplicationSettings" in one.type]
    found = settings[0].inputs["properties"] if settings else deployment.outputs["environment"]
    return {name: value for name, value in found.items() if name.startswith("ORDERS_")}


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(("host", "args"), HOSTS)
@pytest.mark.parametrize("later", [False, True])
def test_a_new_target_works_on_every_host(host: Any, args: dict[str, Any], later: bool) -> None:
    target = {key: Later(value) if later else value for key, value in INBOX["inbox"].items()}
    deployment = deployed(host, **args, links={"orders": {"inbox": target}})
    assert told(deployment) == {"ORDERS_ENDPOINT": QUEUES, "ORDERS_QUEUE": "orders"}
    (grant,) = [one for one in deployment.all("RoleAssignment") if one.name == "shop-orders"]
    assert grant.inputs["scope"] == f"{STORAGE}/queueServices/default/queues/orders"
    assert grant.inputs["roleDefinitionId"].endswith(PROCESSOR)
    queue = deployment.one("storage:Queue")
    assert (queue.name, queue.inputs["accountName"], queue.inputs["queueName"]) == (
        "shop-orders-queue",
        "stteam",
        "orders",
    )
    assert any(sentence.endswith(" has the queue orders.") for sentence in deployment.outputs["access"])


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(("host", "args"), HOSTS)
def test_a_need_that_is_no_role_is_met_before_code_is_told(host: Any, args: dict[str, Any]) -> None:
    deployment = deployed(host, **args, links={"orders": INBOX})
    for last in [one for one in deployment.resources if "ApplicationSettings" in one.type]:
        assert deployment.waits_for(last, deployment.one("storage:Queue"))


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(("host", "args"), HOSTS)
def test_a_role_on_what_a_need_makes_waits_for_it_and_other_links_do_not(
    host: Any, args: dict[str, Any]
) -> None:
    of_a_role = {"role": {"role": "Reader", "id": STORAGE}}
    deployment = deployed(host, **args, links={"orders": INBOX, "other": of_a_role})
    grants = {one.name: one for one in deployment.all("RoleAssignment")}
    queue = deployment.one("storage:Queue")
    assert deployment.waits_for(grants["shop-orders"], queue)
    assert not deployment.waits_for(grants["shop-other"], queue)


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(("host", "args"), [one for one in HOSTS if "app_id" not in one[1]])
def test_a_need_that_is_no_role_says_what_it_takes_of_the_deployer(host: Any, args: dict[str, Any]) -> None:
    group = {"resource_group_name": "rg-app"} if "resource_group_name" in args else {}
    contract = deployed(host, **{**args, **group}, links={"orders": INBOX}).outputs["deployer_contract"]
    assert f"{inbox_target.MAKES} on {STORAGE} (makes the inbox)" in contract["roles"].splitlines()
    assert f"{PROCESSOR} Storage Queue Data Message Processor" in contract["role_ids"].splitlines()
    assert inbox_target.MAKES not in contract["role_ids"]
    left = {"links": {"orders": {**INBOX, "grant": False}}}
    owners = deployed(host, **{**args, **group}, **left)
    assert owners.all("storage:Queue") == []
    assert owners.outputs["deployer_contract"]["left_to_owners"].splitlines() == [
        f"the queue orders in {STORAGE}",
        f"Storage Queue Data Message Processor on {STORAGE}/queueServices/default/queues/orders",
    ]


@pytest.mark.usefixtures("inbox")
def test_equal_needs_of_a_new_kind_are_met_once() -> None:
    links = {"orders": INBOX, "more": {"inbox": {**INBOX["inbox"], "queue": "orders"}}}
    deployment = deployed(WebApp, **TEAM, links=links)
    assert [one.name for one in deployment.all("storage:Queue")] == ["shop-orders-queue"]
    assert [one.name for one in deployment.all("RoleAssignment")] == ["shop-orders"]


@pytest.mark.usefixtures("inbox")
def test_a_field_that_a_new_target_does_not_have_is_answered_with_the_close_one() -> None:
    links = {"orders": {"inbox": {**INBOX["inbox"], "qeue": "orders"}}}
    (problem,) = problems_of(lambda: deployed(WebApp, **TEAM, links=links))()
    assert (problem[0], problem[3]) == ("links[orders].inbox.qeue", "write queue")


def test_without_the_field_there_is_no_such_target() -> None:
    problems = problems_of(lambda: deployed(WebApp, **TEAM, links={"orders": INBOX}))()
    assert [problem[:2] for problem in problems] == [
        ("links[orders].inbox", "an argument that nothing reads"),
        ("links[orders]", "no target"),
    ]


def test_a_new_host_lets_its_identity_in_before_it_exists_and_spells_as_its_platform_does() -> None:
    deployment = deployed(Worker, **WORKER, **SECRETS)
    grant, site = deployment.one("RoleAssignment"), deployment.one("web:WebApp")
    assert (grant.name, grant.inputs["scope"], grant.inputs["principalId"]) == (
        "shop-vault",
        VAULT,
        PRINCIPAL,
    )
    assert deployment.waits_for(site, grant)
    assert deployment.one("WebAppApplicationSettings").inputs["properties"] == {
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_KEY_VAULT_ENDPOINT": ENDPOINT,
        "DB": f"secret:{ENDPOINT}secrets/db",
    }
    assert deployment.outputs["principal_id"] == PRINCIPAL


def test_an_identity_that_comes_with_such_a_host_is_refused_with_the_reason() -> None:
    given = {**WORKER, **SECRETS, "identity": "system-assigned"}
    expected = "an identity that exists before the host, whose create reads what it is let in to"
    step = "set identity to user-assigned, or take it out"
    assert problems_of(lambda: deployed(Worker, **given))() == [
        ("identity", "system-assigned, with secrets", expected, step)
    ]
    assert deployed(Worker, **{**given, "identity": "user-assigned"}).counts()["web:WebApp"] == 1


def test_an_identity_that_comes_with_the_host_may_be_where_nothing_is_granted_here() -> None:
    given = {**WORKER, **SECRETS, "identity": "system-assigned", "manage_vault_access": False}
    deployment = deployed(Worker, **given)
    assert deployment.all("RoleAssignment") == []
    assert deployment.one("WebAppApplicationSettings").inputs["properties"]["DB"].startswith("secret:")
    assert deployment.outputs["principal_id"] == SYSTEM_PRINCIPAL


def test_a_new_host_has_existing_identities_and_variables_of_its_platform_checked() -> None:
    existing = {"identity": "existing", "identity_id": IDENTITY}
    deployment = deployed(Worker, **WORKER, **SECRETS, **existing)
    assert deployment.all("RoleAssignment") == []
    left = deployment.outputs["deployer_contract"]["left_to_owners"]
    assert left == f"Key Vault Secrets User on {VAULT}"
    given = cast(Any, {**WORKER, **SECRETS, "secrets": {"WORKER_ID": "db"}})
    (problem,) = problems_of(lambda: deployed(Worker, **given))()
    assert problem[:3] == (
        "secrets[WORKER_ID]",
        "WORKER_ID",
        "a variable that the platform does not set itself",
    )
