"""Two links that need one role on one scope: one grant where it is known, a refusal where it shows later."""

from typing import Any

import pytest

from components import ConfigurationError, FunctionApp, WorkloadAccess
from tests.unit.components.answering_azure import GROUP, PRINCIPAL, STORAGE
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component

QUEUES, TABLES = "https://stteam.queue.core.windows.net/", "https://stteam.table.core.windows.net/"
OTHER = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stother"


def function_app(**args: Any) -> Deployment:
    return deploy_component(FunctionApp, {"resource_group_name": "rg-team", **args}, "up")


def workload(**links: Any) -> Deployment:
    return deploy_component(WorkloadAccess, {"principal_id": PRINCIPAL, "links": links}, "up")


def grants(deployment: Deployment) -> dict[str, str]:
    return {one.name: one.inputs["scope"] for one in deployment.all("RoleAssignment")}


def queues(id: Any, **record: Any) -> dict[str, Any]:
    return {"queues": {"id": id, "endpoint": QUEUES, "access": "write", **record}}


def test_the_host_account_that_is_the_data_account_is_granted_once() -> None:
    deployment = function_app(host_storage_id=STORAGE, links={"orders": queues(STORAGE.replace("G", "g"))})
    assert set(grants(deployment)) == {"shop-host-blobs", "shop-host-queues", "shop-host-tables"}


def test_two_links_that_are_one_are_granted_once_and_both_told() -> None:
    deployment = workload(one=queues(STORAGE), other=queues(f"{STORAGE}/"))
    assert grants(deployment) == {"shop-one": STORAGE}
    assert deployment.outputs["environment"] == {"ONE_ENDPOINT": QUEUES, "OTHER_ENDPOINT": QUEUES}


def test_one_role_on_two_accounts_that_show_later_is_two_grants() -> None:
    tables = {"tables": {"id": Later(STORAGE), "endpoint": Later(TABLES), "access": "write"}}
    deployment = function_app(host_storage_id=Later(OTHER), links={"prices": tables})
    assert grants(deployment) == {
        "shop-host-blobs": OTHER,
        "shop-host-queues": OTHER,
        "shop-host-tables": OTHER,
        "shop-prices": STORAGE,
    }


def test_two_grants_that_turn_out_to_be_one_are_refused_naming_both() -> None:
    with pytest.raises(ConfigurationError) as refused:
        workload(
            one=queues(Later(STORAGE)),
            other=queues(Later(STORAGE.upper().replace("/SUBSCRIPTIONS", "/subscriptions"))),
        )
    said = str(refused.value)
    assert "1. links[one].queues and links[other].queues\n" in said
    assert "the same role on " in said
    assert "set links[other].grant to false: what links[one].queues grants is enough for both" in said


def test_a_role_that_shows_later_is_weighed_then(caplog: pytest.LogCaptureFixture) -> None:
    links = {
        name: {"role": {"id": STORAGE, "role": role}}
        for name, role in (("one", Later("Reader")), ("other", "acdd72a7-3385-48ef-bd42-f606fba81ae7"))
    }
    with pytest.raises(ConfigurationError, match=r"links\[one\]\.role and links\[other\]\.role"):
        workload(**links)
    links["other"] = {"role": {"id": STORAGE, "role": "Storage Queue Data Reader"}}
    assert set(grants(workload(**links))) == {"shop-one", "shop-other"}
    assert "Calling __str__ on an Output" not in caplog.text
