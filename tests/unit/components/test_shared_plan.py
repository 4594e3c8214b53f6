"""Apps on one plan: App Service refuses two writes at once, so one app is written after another (A4)."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_azure_native import web

from components import FunctionApp, KeylessWebApp, WebApp
from tests.unit.components.answering_azure import PLAN, Mode
from tests.unit.components.recorded_azure import Deployment, Recorded, deploy, deploy_once

OF_A_SITE = ("web:WebApp", "WebAppFtpAllowed", "WebAppScmAllowed", "WebAppApplicationSettings")
HOSTS: tuple[Callable[..., Any], ...] = (WebApp, FunctionApp, KeylessWebApp)


def _in_turn(host: Callable[..., Any], mode: Mode = "up") -> Deployment:
    def program() -> dict[str, Any]:
        plan = web.AppServicePlan("shared", name="asp-team", resource_group_name="rg-team")
        first = host("first", {"resource_group_name": "rg-team", "plan_id": plan.id})
        second = host("second", {"resource_group_name": "rg-team", "plan_id": first.plan_id})
        third = host("third", {"resource_group_name": "rg-team", "plan_id": second.plan_id})
        return {"plans": [app.plan_id for app in (first, second, third)]}

    return deploy_once((host, "in turn", mode), lambda: deploy(program, mode))


def _writes(deployment: Deployment, app: str) -> list[Recorded]:
    found = [r for type_ in OF_A_SITE for r in deployment.all(type_) if r.name == app]
    # The component WebApp ends like the resource of that name.
    return [r for r in found if r.type.startswith("azure-native:")]


@pytest.mark.parametrize("host", HOSTS)
def test_apps_sharing_a_plan_are_written_in_turn(host: Callable[..., Any]) -> None:
    deployment = _in_turn(host)
    for earlier, later in (("first", "second"), ("second", "third")):
        assert len(_writes(deployment, earlier)) == len(_writes(deployment, later)) == 4
        for write in _writes(deployment, later):
            for before in _writes(deployment, earlier):
                assert deployment.waits_for(write, before), (write.urn, before.urn)
                assert not deployment.waits_for(before, write)


def test_what_is_not_on_the_plan_is_not_held_up() -> None:
    deployment = _in_turn(WebApp)
    (settings,) = [r for r in deployment.all("WebAppApplicationSettings") if r.name == "first"]
    (identity,) = [r for r in deployment.all("UserAssignedIdentity") if r.name == "second"]
    assert not deployment.waits_for(identity, settings)


def test_the_plan_that_is_handed_on_stays_the_same() -> None:
    expected = PLAN.replace("id-team", "asp-team")
    assert _in_turn(WebApp).outputs == {"plans": [expected] * 3}


def test_a_later_preview_knows_the_plan_that_is_handed_on_so_nothing_seems_to_change() -> None:
    deployment = _in_turn(WebApp, "later preview")
    sites = [r for r in deployment.all("web:WebApp") if r.type.startswith("azure-native:")]
    assert [site.inputs["serverFarmId"] for site in sites] == [PLAN] * 3


def test_depends_on_says_the_same_in_every_language() -> None:
    def program() -> dict[str, Any]:
        args = {"resource_group_name": "rg-team", "plan_id": PLAN}
        first = WebApp("first", args)  # pyright: ignore[reportArgumentType]
        WebApp("second", args, pulumi.ResourceOptions(depends_on=[first]))  # pyright: ignore[reportArgumentType]
        return {}

    deployment = deploy(program)
    # The children of a component are registered when it is.
    (component,) = [
        r for r in deployment.resources if r.type == "keyless:index:WebApp" and r.name == "second"
    ]
    assert {before.urn for before in _writes(deployment, "first")} <= component.dependencies
    assert {write.parent for write in _writes(deployment, "second")} == {component.urn}
