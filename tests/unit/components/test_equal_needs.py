"""Two links that need one role on one scope: one grant where it is known, a refusal where it shows later."""

from typing import Any

import pytest

from components import ConfigurationError, FunctionApp, KeylessWebApp, WebApp, WorkloadAccess
from tests.unit.components.answering_azure import (
    ENDPOINT,
    GROUP,
    INSIGHTS,
    PRINCIPAL,
    STORAGE,
    STORAGE_ENDPOINT,
    VAULT,
)
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


@pytest.mark.parametrize("component", [WebApp, KeylessWebApp])
def test_a_link_to_the_vault_that_secrets_are_in_is_no_second_grant(component: Any) -> None:
    given = {"vault_id": VAULT, "vault_endpoint": ENDPOINT, "secrets": {"DB": "db"}}
    main = {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"KEY": "key"}}}
    args = {"resource_group_name": "rg-team", **given, "links": {"main": main}}
    assert grants(deploy_component(component, args, "up")) == {"shop-vault": VAULT}


@pytest.mark.parametrize("secret_access", ["vault", "secret"])
def test_a_link_that_is_called_as_the_grant_on_a_vault_that_follows_is_refused_before_it_is_made(
    secret_access: str,
) -> None:
    name = "vault" if secret_access == "vault" else "secret-db"
    blobs = {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}}
    args = {"secrets": {"DB": "db"}, "secret_access": secret_access, "links": {name: blobs}}
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(KeylessWebApp, {**args, "app_name": "Not A Name"}, "up")
    assert sorted(problem.subject for problem in refused.value.problems) == [
        "app_name",
        f"secrets and links[{name}]" if name == "vault" else f"secrets and links[{name}].blobs",
    ]


@pytest.mark.parametrize("later", [True, False])
def test_a_role_on_the_application_insights_that_is_used_is_no_second_grant_where_both_are_texts(
    later: bool,
) -> None:
    role = {"role": {"id": INSIGHTS, "role": "Monitoring Metrics Publisher"}}
    used = Later(INSIGHTS) if later else INSIGHTS
    args = {"resource_group_name": "rg-team", "application_insights_id": used, "links": {"telemetry": role}}
    if later:
        with pytest.raises(ConfigurationError, match=r"set links\[telemetry\]\.grant to false"):
            deploy_component(WebApp, args, "up")
    else:
        assert grants(deploy_component(WebApp, args, "up")) == {"shop-telemetry": INSIGHTS}
