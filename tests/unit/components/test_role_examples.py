"""The three examples of the link `role` are programs that deploy, and the report tells what each gives."""

import re
from typing import Any

import pulumi
import pytest
from pulumi_azure_native import authorization, resources

from access_report.report import Report
from components import FunctionApp, ServiceBus, WebApp, WorkloadAccess
from components.azure_facts.actions import contains
from components.azure_facts.roles import role_named
from tests.unit.access_report.test_contract import reported
from tests.unit.components.answering_azure import GROUP, OWN_ROLE, PRINCIPAL
from tests.unit.components.recorded_azure import Deployment, deploy
from toolchain.paths import ROOT

GUIDE = (ROOT / "docs" / "guides" / "role-examples.md").read_text(encoding="utf-8")
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-builder"


def example(beginning: str, mode: Any = "up") -> Deployment:
    """The one example that begins so, deployed as it is printed."""
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (block,) = [one for one in blocks if one.startswith(beginning)]

    def program() -> dict[str, Any]:
        group = resources.ResourceGroup("shop", resource_group_name="rg-team")
        names: dict[str, Any] = {
            "FunctionApp": FunctionApp,
            "WebApp": WebApp,
            "WorkloadAccess": WorkloadAccess,
            "authorization": authorization,
            "bus": ServiceBus("shop", {"resource_group_name": "rg-team"}),
            "group": group,
            "machine_id": MACHINE,
            "pod_principal_id": PRINCIPAL,
            "pulumi": pulumi,
        }
        exec(block, names)
        return {}

    return deploy(program, mode)


def granted(deployment: Deployment) -> dict[str, tuple[str, str]]:
    """Scope and role of each link's grant, by the link's name."""
    return {
        grant.name.partition("-")[2]: (
            grant.inputs["scope"],
            grant.inputs["roleDefinitionId"].rpartition("/")[2],
        )
        for grant in deployment.all("RoleAssignment")
    }


def told(beginning: str) -> list[tuple[str, str]]:
    """Role and scope of each grant as the report on a first preview has them."""
    found: Report = reported(example(beginning, "first preview"))
    return [(change.grant.role, str(change.grant.where)) for change in found.grants]


def guid(role: str) -> str:
    known = role_named(role)
    assert known is not None
    return known.guid


def test_an_app_starts_and_stops_one_machine_and_does_nothing_else_with_it() -> None:
    deployment = example("power = authorization.RoleDefinition")
    role = deployment.one("authorization:RoleDefinition")
    (block,) = role.inputs["permissions"]
    assert set(block) == {"actions"}
    assert sorted(action.rpartition("virtualMachines/")[2] for action in block["actions"]) == [
        "deallocate/action", "instanceView/read", "read", "start/action",
    ]  # fmt: skip
    assert granted(deployment)["builder"] == (MACHINE, OWN_ROLE)
    (own,) = [one for one in told("power = authorization.RoleDefinition") if "storage" not in one[1]]
    assert own == ("Start and stop machines of the shop", "virtual machine vm-builder")


def test_azures_own_roles_for_machines_allow_more_than_to_start_and_stop_them() -> None:
    more = "Microsoft.Compute/virtualMachines/runCommand/action"
    for name, wide in (
        ("Virtual Machine Contributor", more),
        ("Desktop Virtualization Power On Off Contributor", "Microsoft.Resources/deployments/write"),
    ):
        role = role_named(name)
        assert role is not None
        actions = [action for block in role.permissions for action in block.actions]
        assert any(contains(action, wide) for action in actions), name


@pytest.mark.parametrize(
    ("beginning", "link", "role", "scope", "where"),
    [
        ('WebApp(\n    "costs"', "costs", "Cost Management Reader", GROUP, "resource group shop"),
        (
            'WorkloadAccess(\n    "scaler"',
            "length",
            "Monitoring Reader",
            None,
            "Service Bus namespace shop",
        ),
    ],
)
def test_an_example_grants_that_role_on_that_one_scope(
    beginning: str, link: str, role: str, scope: str | None, where: str
) -> None:
    deployment = example(beginning)
    if scope is None:
        scope = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/sbns-shop-dev-abc123"
    assert granted(deployment)[link] == (scope, guid(role))
    assert (role, where) in told(beginning)
    data = role_named(role)
    assert data is not None
    assert [action for block in data.permissions for action in block.data_actions] == []
