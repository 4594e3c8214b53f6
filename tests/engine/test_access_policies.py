"""A vault that is switched from roles to access policies, as the real engine previews it."""

import json
from pathlib import Path

from access_report.judgement import Condition, reasons
from access_report.reading import read_preview
from access_report.report import Report, report
from local_azure.constants import TENANT_ID
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program

STRANGER = "0b1ec700-0000-4000-8000-0000000000ff"
USER = "4633458b-17de-408a-b874-0445c86b69e6"
PROGRAM = """
from pulumi_azure_native import authorization, keyvault, managedidentity, resources

group = resources.ResourceGroup("shop", location="westeurope")
app = managedidentity.UserAssignedIdentity("app", resource_group_name=group.name)
{identity}
vault = keyvault.Vault("shop", resource_group_name=group.name, properties={{
    "sku": {{"family": "A", "name": "standard"}}, "tenant_id": "{tenant}", {vault}
}})
authorization.RoleAssignment("app", principal_id=app.principal_id, principal_type="ServicePrincipal",
    role_definition_id="/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/{role}",
    scope=vault.id)
"""
BY_ROLES = '"enable_rbac_authorization": True'
BY_POLICIES = """"enable_rbac_authorization": False, "access_policies": [{{
    "object_id": {who}, "tenant_id": "{tenant}", "permissions": {{"secrets": ["Get", "list"]}}}}]"""
READER = 'worker = managedidentity.UserAssignedIdentity("worker", resource_group_name=group.name)'


def _program(vault: str, identity: str = "") -> str:
    return PROGRAM.format(vault=vault, identity=identity, tenant=TENANT_ID, role=USER)


def _previewed(loop: Loop, text: str) -> Report:
    (loop.stack.program / "__main__.py").write_text(text)
    return report(read_preview(json.loads(loop.stack.preview("--json", "--show-sames"))))


def _told(one: Report) -> list[tuple[str, str, str, str]]:
    return [(c.change.value, str(c.grant.who), c.grant.may, str(c.grant.where)) for c in one.grants]


def test_roles_switched_off_with_a_policy_for_a_stranger_or_for_an_identity_that_is_to_come(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    loop = given_program(Loop, engine, cloud, tmp_path, _program(BY_ROLES))
    loop.up()
    idle = ("narrowed", "identity app", "do nothing, as the vault goes by access policies", "key vault shop")
    stranger = _previewed(loop, _program(BY_POLICIES.format(who=f'"{STRANGER}"', tenant=TENANT_ID)))
    reads = ("read the values of secrets", "key vault shop")
    assert _told(stranger) == [("added", f"principal {STRANGER}", *reads), idle]
    assert reasons(stranger, Condition.WIDER_ACCESS) == [
        f"principal {STRANGER} gets access policy with secrets get, list on key vault shop (added)"
    ]
    coming = _program(BY_POLICIES.format(who="worker.principal_id", tenant=TENANT_ID), READER)
    (added, kept) = _told(_previewed(loop, coming))
    assert kept == idle
    # The engine says of a vault's properties as a whole what they are made from, here the identity alone.
    assert added == ("added", "identity worker", *reads)
