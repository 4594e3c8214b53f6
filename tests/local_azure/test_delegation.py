"""A deployer that may assign roles only as its contract says tries to let itself in (R12).

The condition is the one of the deployer's page, which a test holds against what the sample program reports.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any, Final

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient

from local_azure.authorization.built_in_roles import role_definition_id
from local_azure.constants import (
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    VAULT_OFFICERS,
    VAULT_READERS,
)
from tests.local_azure.arm import content
from tests.local_azure.scene import ROLES, Scene, reads
from toolchain.paths import ROOT

ADMINISTRATOR: Final = "Role Based Access Control Administrator"
USER, OFFICERS_ROLE = "Key Vault Secrets User", "Key Vault Secrets Officer"
_ROLES_AND_TYPES: Final = """(
 (!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}}))
 OR
 (
  @{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{roles}}}
  AND
  @{source}[Microsoft.Authorization/roleAssignments:PrincipalType]
    ForAnyOfAnyValues:StringEqualsIgnoreCase {{'Group', 'ServicePrincipal'}}
 )
)"""
ROLES_BESIDE_TYPES: Final = "\nAND\n".join(
    _ROLES_AND_TYPES.format(verb=verb, source=source, roles=f"{ROLES[OFFICERS_ROLE]}, {ROLES[USER]}")
    for verb, source in (("write", "Request"), ("delete", "Resource"))
)
"""What the page gave once: any of these roles to any of these types."""


def of_the_page(deployer: str) -> str:
    """The condition of the page, with the ids that its reader puts in."""
    text = (ROOT / "docs" / "guides" / "deployer-condition.txt").read_text()
    filled = text.replace("$deployer", deployer)
    for group in (VAULT_OFFICERS, VAULT_READERS):
        filled = filled.replace(f"<object id of {group.name}>", group.object_id)
    assert not re.search(r"[<$]", filled)
    return filled


class Deployer:
    """A service principal that may assign roles under a condition, and another team's vault."""

    def __init__(
        self, scene: Scene, condition: Callable[[str], str], scope: str = SUBSCRIPTION_SCOPE
    ) -> None:
        self.scene, self.object_id = scene, str(scene.identity()["principalId"])
        self.app = str(scene.arm.identity(scene.group, "id-app")["properties"]["principalId"])
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        properties = {
            "condition": condition(self.object_id),
            "conditionVersion": "2.0",
            "principalId": self.object_id,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": role_definition_id(ROLES[ADMINISTRATOR]),
        }
        content(scene.arm("PUT", path, {"properties": properties}))
        client = AuthorizationManagementClient(scene.token(self.object_id), SUBSCRIPTION_ID)
        self.assignments: Any = client.role_assignments

    def grants(self, role: str, principal_id: str, kind: str = "ServicePrincipal") -> str | None:
        """The id of the assignment; None where the condition refuses it."""
        properties = {"principalId": principal_id, "principalType": kind}
        properties["roleDefinitionId"] = role_definition_id(ROLES[role])
        body = {"properties": properties}
        return self._tried(lambda: self.assignments.create(self.scene.vault, str(uuid.uuid4()), body).id)

    def deletes(self, assignment_id: str) -> bool:
        return self._tried(lambda: self.assignments.delete_by_id(assignment_id)) is not None

    def _tried(self, attempt: Callable[[], Any]) -> Any:
        try:
            return attempt()
        except HttpResponseError as error:
            if error.status_code == 403 and "or an ABAC condition not fulfilled" in str(error):
                return None
            raise


@pytest.fixture
def deployer(scene: Scene) -> Deployer:
    return Deployer(scene, of_the_page)


def test_roles_and_types_that_are_not_paired_let_a_deployer_read_another_teams_secrets(scene: Scene) -> None:
    """So the condition of the page is no longer this one."""
    deployer = Deployer(scene, lambda _: ROLES_BESIDE_TYPES)
    assert not reads(scene.reader(deployer.object_id))
    assert deployer.grants(OFFICERS_ROLE, deployer.object_id)
    assert reads(scene.reader(deployer.object_id))


@pytest.mark.parametrize("role", [USER, OFFICERS_ROLE, "Owner", ADMINISTRATOR])
def test_a_deployer_gives_itself_no_role(deployer: Deployer, role: str) -> None:
    for kind in ("ServicePrincipal", "Group", "User"):
        assert deployer.grants(role, deployer.object_id, kind) is None
    assert not reads(deployer.scene.reader(deployer.object_id))


def test_a_deployer_lets_in_the_app_and_the_groups_of_its_stack(deployer: Deployer) -> None:
    made = [
        deployer.grants(USER, deployer.app),
        deployer.grants(USER, VAULT_READERS.object_id, "Group"),
        deployer.grants(OFFICERS_ROLE, VAULT_OFFICERS.object_id, "Group"),
    ]
    assert None not in made
    assert reads(deployer.scene.reader(deployer.app))
    assert all(deployer.deletes(str(id)) for id in made)
    assert not reads(deployer.scene.reader(deployer.app))


@pytest.mark.parametrize(
    ("role", "principal_id", "kind"),
    [
        (USER, DEVELOPER.object_id, "User"),
        (OFFICERS_ROLE, OFFICER.object_id, "User"),
        (USER, VAULT_OFFICERS.object_id, "Group"),
        (OFFICERS_ROLE, VAULT_READERS.object_id, "Group"),
    ],
)
def test_a_role_is_given_to_nobody_that_it_is_not_for(
    deployer: Deployer, role: str, principal_id: str, kind: str
) -> None:
    assert deployer.grants(role, principal_id, kind) is None


@pytest.mark.parametrize("role", [OFFICERS_ROLE, "Key Vault Administrator", "Reader"])
def test_a_workload_is_given_no_role_that_is_not_for_workloads(deployer: Deployer, role: str) -> None:
    assert deployer.grants(role, deployer.app) is None


@pytest.mark.parametrize(
    ("role", "principal_id", "kind"),
    [
        ("Reader", OFFICER.object_id, "User"),
        (USER, OFFICER.object_id, "User"),
        (OFFICERS_ROLE, VAULT_READERS.object_id, "Group"),
    ],
)
def test_a_grant_of_somebody_elses_stays(deployer: Deployer, role: str, principal_id: str, kind: str) -> None:
    theirs = deployer.scene.grant(principal_id, role, kind)
    assert not deployer.deletes(theirs)
    assert deployer.assignments.get_by_id(theirs).principal_id == principal_id


def test_k20_who_may_grant_under_a_condition_only_does_not_set_a_vault_back_to_access_policies(
    deployer: Deployer,
) -> None:
    scene = deployer.scene
    scene.grant(deployer.object_id, "Contributor", scope=SUBSCRIPTION_SCOPE)
    vaults: Any = KeyVaultManagementClient(scene.token(deployer.object_id), SUBSCRIPTION_ID).vaults
    vault = _group_and_name(scene.vault)
    change = {"properties": {"enableRbacAuthorization": False}}
    with pytest.raises(HttpResponseError) as refused:
        vaults.update(*vault, change)
    assert refused.value.status_code == 400
    assert "(InsufficientPermissions) Caller is not allowed to change permission model." in str(refused.value)
    assert vaults.get(*vault).properties.enable_rbac_authorization is True
    assert vaults.update(*vault, {"tags": {"team": "ours"}}).tags == {"team": "ours"}

    scene.grant(deployer.object_id, "User Access Administrator", scope=scene.vault)
    assert vaults.update(*vault, change).properties.enable_rbac_authorization is False


def test_a_deployer_writes_a_secrets_value_and_reads_none(deployer: Deployer) -> None:
    """What the page says stays open: Resource Manager asks for no role on data."""
    scene = deployer.scene
    scene.grant(deployer.object_id, "Contributor", scope=SUBSCRIPTION_SCOPE)
    secrets: Any = KeyVaultManagementClient(scene.token(deployer.object_id), SUBSCRIPTION_ID).secrets
    written = {"properties": {"value": "another"}}
    answer = secrets.create_or_update(*_group_and_name(scene.vault), "greeting", written)
    assert answer.properties.value is None
    assert not reads(scene.reader(deployer.object_id))
    scene.grant(OFFICER.object_id, USER, "User")
    assert scene.reader(OFFICER.object_id).get_secret("greeting").value == "another"


def _group_and_name(vault_id: str) -> tuple[str, str]:
    *_, group, _, _, _, name = vault_id.split("/")
    return group, name


@pytest.mark.parametrize("scope", [SUBSCRIPTION_SCOPE, f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-deployers"])
def test_an_identity_of_a_deployers_own_is_let_in_only_where_the_deployer_may_grant(
    scene: Scene, scope: str
) -> None:
    """What the page says stays open, and why it has the role on one group."""
    content(scene.arm("PUT", f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-deployers", {"location": "westeurope"}))
    deployer = Deployer(scene, of_the_page, scope)
    is_everywhere = scope == SUBSCRIPTION_SCOPE
    if is_everywhere:
        assert deployer.grants(USER, deployer.app)
    else:
        with pytest.raises(HttpResponseError, match="does not have authorization to perform action"):
            deployer.grants(USER, deployer.app)
    assert reads(scene.reader(deployer.app)) is is_everywhere


def test_what_a_deployer_gave_itself_under_an_earlier_condition_it_may_take_away(deployer: Deployer) -> None:
    earlier = deployer.scene.grant(deployer.object_id, USER)
    assert reads(deployer.scene.reader(deployer.object_id))
    assert deployer.deletes(earlier)
    assert not reads(deployer.scene.reader(deployer.object_id))
