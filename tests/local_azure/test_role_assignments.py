"""Role assignments as azure-mgmt-authorization sees them: made, refused, listed and left behind."""

import json
import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    TENANT_ID,
    VAULT_READERS,
)
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, refusal

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one"
NOT_UPDATED = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."


def definition(role: str = READER) -> str:
    return f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def new_name() -> str:
    return str(uuid.uuid4())


class Grants:
    """The deployer's clients, a group, and short ways to grant."""

    def __init__(self, local: LocalAzure, deployer: ClientSecretCredential) -> None:
        self.local = local
        client = AuthorizationManagementClient(deployer, SUBSCRIPTION_ID)
        self.assignments: Any = client.role_assignments
        self.definitions: Any = client.role_definitions
        self.groups: Any = ResourceManagementClient(deployer, SUBSCRIPTION_ID).resource_groups
        self.identities: Any = ManagedServiceIdentityClient(
            deployer, SUBSCRIPTION_ID
        ).user_assigned_identities
        self.groups.create_or_update("rg-one", {"location": "westeurope"})

    def identity(self, name: str = "id-one") -> tuple[str, str]:
        """A new identity's principal id and client id."""
        made = self.identities.create_or_update("rg-one", name, {"location": "westeurope"})
        return made.principal_id, made.client_id

    def grant(
        self,
        principal: str,
        role: str = READER,
        *,
        scope: str = GROUP,
        name: str | None = None,
        kind: str | None = "ServicePrincipal",
        **more: str,
    ) -> Any:
        properties = {"principalId": principal, "roleDefinitionId": role, "principalType": kind, **more}
        if not role.startswith("/"):
            properties["roleDefinitionId"] = definition(role)
        body = {"properties": {key: value for key, value in properties.items() if value is not None}}
        return self.assignments.create(scope, name or new_name(), body)

    def everything(self) -> list[str]:
        """The ids of all assignments that were not there from the start."""
        found: list[str] = leftovers(self.local.azure)["role_assignments"]
        return found


@pytest.fixture
def grants(local_azure: LocalAzure, deployer: ClientSecretCredential) -> Grants:
    return Grants(local_azure, deployer)


def refused(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str, str]:
    """Status, code and message."""
    response: Any = error.value.response
    body = json.loads(response.text())["error"]
    assert set(body) == {"code", "message"}
    return error.value.status_code, body["code"], body["message"]


def test_an_assignment_is_made_read_listed_and_deleted(grants: Grants) -> None:
    principal, _ = grants.identity()
    name = new_name()
    made = grants.grant(principal, name=name, description="for a test")
    assert (made.name, made.type) == (name, "Microsoft.Authorization/roleAssignments")
    assert made.id == f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}"
    assert (made.scope, made.principal_id, made.principal_type) == (GROUP, principal, "ServicePrincipal")
    assert made.description == "for a test"
    assert grants.assignments.get(GROUP, name).as_dict() == made.as_dict()
    assert grants.assignments.get_by_id(made.id).as_dict() == made.as_dict()
    assert grants.assignments.delete(GROUP, name).id == made.id
    with pytest.raises(ResourceNotFoundError):
        grants.assignments.get(GROUP, name)
    assert grants.everything() == []


def test_writing_the_same_assignment_again_changes_nothing(grants: Grants) -> None:
    principal, _ = grants.identity()
    name = new_name()
    first = grants.grant(principal, name=name)
    assert grants.grant(principal.upper(), name=name, scope=GROUP.upper()).id == first.id
    assert len(grants.everything()) == 1


def test_a_new_identity_without_a_principal_type_is_refused_for_a_while(grants: Grants) -> None:
    """(R1)"""
    grants.local.azure.entra.delay_replication(2)
    principal, _ = grants.identity()
    name = new_name()
    for _ in range(2):
        with pytest.raises(HttpResponseError) as error:
            grants.grant(principal, name=name, kind=None)
        status, code, message = refused(error)
        assert (status, code) == (400, "PrincipalNotFound")
        assert message.startswith(
            f"Principal {principal.replace('-', '')} does not exist in the directory {TENANT_ID}."
        )
        assert "replication delay" in message
        assert "set the role assignment principalType property" in message
        assert grants.everything() == []
    assert grants.grant(principal, name=name, kind=None).principal_type == "ServicePrincipal"


def test_a_principal_type_spares_a_new_identity_the_wait(grants: Grants) -> None:
    """(R1)"""
    grants.local.azure.entra.delay_replication(1_000)
    principal, _ = grants.identity()
    assert grants.grant(principal).principal_id == principal


def test_a_principal_that_never_was_is_refused_without_a_principal_type(grants: Grants) -> None:
    """(R1)"""
    for _ in range(3):
        with pytest.raises(HttpResponseError) as error:
            grants.grant(new_name(), kind=None)
        assert refused(error)[:2] == (400, "PrincipalNotFound")
    assert grants.everything() == []


def test_the_type_of_a_known_principal_must_be_the_right_one(grants: Grants) -> None:
    """(R3)"""
    principal, _ = grants.identity()
    for one, kind in [
        (principal, "User"),
        (OFFICER.object_id, "ServicePrincipal"),
        (VAULT_READERS.object_id, "User"),
    ]:
        with pytest.raises(HttpResponseError) as error:
            grants.grant(one, kind=kind)
        assert refused(error)[:2] == (400, "UnmatchedPrincipalType")
    assert grants.everything() == []


def test_a_client_id_is_accepted_where_a_principal_id_belongs(grants: Grants) -> None:
    """(R4)"""
    _, client_id = grants.identity()
    made = grants.grant(client_id)
    assert made.principal_id == client_id
    assert grants.everything() == [made.id]


def test_the_same_grant_under_another_name_is_refused(grants: Grants) -> None:
    """(R5)"""
    principal, _ = grants.identity()
    first = grants.grant(principal)
    with pytest.raises(HttpResponseError) as error:
        grants.grant(
            principal.upper(),
            f"/providers/Microsoft.Authorization/roleDefinitions/{READER.upper()}",
            scope=GROUP.upper(),
        )
    assert refused(error) == (409, "RoleAssignmentExists", "The role assignment already exists.")
    assert grants.everything() == [first.id]


def test_another_role_scope_or_principal_is_another_grant(grants: Grants) -> None:
    """(R5)"""
    principal, _ = grants.identity()
    other, _ = grants.identity("id-two")
    grants.grant(principal)
    grants.grant(principal, SECRETS_USER)
    grants.grant(principal, scope=SUBSCRIPTION_SCOPE)
    grants.grant(other)
    assert len(grants.everything()) == 4


def test_an_assignment_never_changes_its_principal_or_its_role(grants: Grants) -> None:
    """(R7)"""
    principal, _ = grants.identity()
    other, _ = grants.identity("id-two")
    name = new_name()
    before = grants.grant(principal, name=name)
    for someone, role in [(other, READER), (principal, SECRETS_USER)]:
        with pytest.raises(HttpResponseError) as error:
            grants.grant(someone, role, name=name)
        assert refused(error) == (400, "RoleAssignmentUpdateNotPermitted", NOT_UPDATED)
    assert grants.assignments.get(GROUP, name).as_dict() == before.as_dict()


def test_an_assignment_may_change_its_description_and_condition(grants: Grants) -> None:
    """(R7)"""
    principal, _ = grants.identity()
    name = new_name()
    grants.grant(principal, name=name)
    condition = "@Resource[name] StringEquals 'one'"
    changed = grants.grant(
        principal, name=name, description="why", condition=condition, conditionVersion="2.0"
    )
    assert (changed.description, changed.condition, changed.condition_version) == ("why", condition, "2.0")


def test_a_condition_without_its_version_is_refused(grants: Grants) -> None:
    """(R21)"""
    principal, _ = grants.identity()
    for more in ({"condition": "true"}, {"condition": "true", "conditionVersion": "1.0"}):
        with pytest.raises(HttpResponseError) as error:
            grants.grant(principal, **more)
        assert refused(error)[0] == 400
    assert grants.everything() == []


@pytest.mark.parametrize("name", ["reader-for-app", "1", f"{READER}0", READER.replace("-", "")])
def test_the_name_of_an_assignment_is_a_guid(grants: Grants, name: str) -> None:
    """(R8)"""
    principal, _ = grants.identity()
    with pytest.raises(HttpResponseError) as error:
        grants.grant(principal, name=name)
    assert refused(error)[:2] == (400, "InvalidRoleAssignmentId")
    assert grants.everything() == []


def test_the_name_of_an_assignment_is_taken_everywhere(grants: Grants) -> None:
    """(R8) A name used at one scope counts, at another, as a move of the assignment that has it."""
    principal, _ = grants.identity()
    name = new_name()
    first = grants.grant(principal, name=name)
    with pytest.raises(HttpResponseError) as error:
        grants.grant(principal, name=name.upper(), scope=SUBSCRIPTION_SCOPE)
    assert refused(error) == (400, "RoleAssignmentUpdateNotPermitted", NOT_UPDATED)
    assert grants.everything() == [first.id]


@pytest.mark.parametrize(
    "role",
    [
        definition("4633458b-17de-408a-b874-0445c86b69e7"),
        definition("Key%20Vault%20Secrets%20User"),
        f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/policyDefinitions/{READER}",
    ],
)
def test_a_role_that_does_not_exist_is_refused(grants: Grants, role: str) -> None:
    """(R9)"""
    principal, _ = grants.identity()
    with pytest.raises(HttpResponseError) as error:
        grants.grant(principal, role)
    assert refused(error)[1] == "RoleDefinitionDoesNotExist"
    assert refused(error)[0] in (400, 404)
    assert grants.everything() == []


@pytest.mark.parametrize("spelling", ["/providers/Microsoft.Authorization/roleDefinitions/", definition("")])
def test_a_role_is_answered_qualified_however_it_was_written(grants: Grants, spelling: str) -> None:
    """(R10)"""
    principal, _ = grants.identity()
    made = grants.grant(principal, spelling + SECRETS_USER.upper())
    assert made.role_definition_id == definition(SECRETS_USER)
    assert grants.assignments.get_by_id(made.id).role_definition_id == definition(SECRETS_USER)


def test_deleting_an_identity_leaves_its_grants_as_orphans(grants: Grants) -> None:
    """(R17)"""
    principal, _ = grants.identity()
    made = grants.grant(principal, scope=SUBSCRIPTION_SCOPE)
    grants.identities.delete("rg-one", "id-one")
    assert grants.assignments.get_by_id(made.id).principal_id == principal
    assert leftovers(grants.local.azure)["orphans"] == [made.id]
    grants.assignments.delete_by_id(made.id)
    assert leftovers(grants.local.azure)["orphans"] == []


def test_a_grant_goes_with_its_scope(grants: Grants) -> None:
    """(R18)"""
    principal, _ = grants.identity()
    name = new_name()
    below = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    here, there = grants.grant(principal, name=name), grants.grant(principal, scope=below)
    kept = grants.grant(principal, scope=SUBSCRIPTION_SCOPE)
    grants.groups.begin_delete("rg-one").result()
    assert grants.everything() == [kept.id]
    for gone in (here, there):
        with pytest.raises(ResourceNotFoundError) as error:
            grants.assignments.get_by_id(gone.id)
        status, code, _ = refused(error)
        assert (status, code) == (404, "RoleAssignmentNotFound")
    assert refusal(Arm(grants.local.azure)("GET", here.id)) == (
        404,
        "RoleAssignmentNotFound",
        f"The role assignment '{name}' is not found.",
    )


def test_deleting_an_assignment_that_is_gone_succeeds(grants: Grants) -> None:
    """(R18) Azure answers 204, from which the client reads no assignment."""
    assert grants.assignments.delete(GROUP, new_name()) is None


def test_a_replaced_identity_needs_a_grant_of_its_own(grants: Grants) -> None:
    """(R19)"""
    before, _ = grants.identity()
    name = new_name()
    grants.grant(before, name=name)
    grants.identities.delete("rg-one", "id-one")
    after, _ = grants.identity()
    assert before != after
    with pytest.raises(HttpResponseError) as error:
        grants.grant(after, name=name)
    assert refused(error)[:2] == (400, "RoleAssignmentUpdateNotPermitted")
    grants.grant(after)
    assert len(grants.everything()) == 2


def test_assignments_are_listed_by_scope_and_by_principal(grants: Grants) -> None:
    principal, _ = grants.identity()
    other, _ = grants.identity("id-two")
    below = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    ids = {
        "subscription": grants.grant(principal, scope=SUBSCRIPTION_SCOPE).id,
        "group": grants.grant(principal).id,
        "below": grants.grant(principal, scope=below).id,
        "other": grants.grant(other).id,
    }
    names = {id: name for name, id in ids.items()}

    def shown(found: Any) -> set[str]:
        return {names[one.id] for one in found if one.id in names}

    assignments = grants.assignments
    assert shown(assignments.list_for_scope(GROUP)) == {"subscription", "group", "below", "other"}
    assert shown(assignments.list_for_scope(GROUP, filter="atScope()")) == {"subscription", "group", "other"}
    mine = f"principalId eq '{principal.upper()}'"
    assert shown(assignments.list_for_scope(GROUP, filter=mine)) == {"subscription", "group", "below"}
    assert shown(assignments.list_for_scope(SUBSCRIPTION_SCOPE, filter="atScope()")) == {"subscription"}
    assert shown(assignments.list_for_subscription()) == set(names.values())
    everybody = [one.principal_id for one in assignments.list_for_subscription()]
    assert DEPLOYER.object_id in everybody


def test_the_built_in_roles_are_listed_by_name_and_read_by_id(grants: Grants) -> None:
    [role] = grants.definitions.list(GROUP, filter="roleName eq 'Key Vault Secrets User'")
    assert (role.id, role.role_type) == (definition(SECRETS_USER), "BuiltInRole")
    assert set(role.permissions[0].data_actions) == {
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    }
    assert role.permissions[0].actions == []
    assert grants.definitions.get_by_id(definition(READER)).role_name == "Reader"
    with pytest.raises(ResourceNotFoundError):
        grants.definitions.get(GROUP, new_name())


def test_built_in_roles_are_neither_written_nor_deleted(grants: Grants) -> None:
    with pytest.raises(HttpResponseError):
        grants.definitions.delete(SUBSCRIPTION_SCOPE, READER)
    assert grants.definitions.get(SUBSCRIPTION_SCOPE, READER).role_name == "Reader"


def test_a_person_without_a_grant_cannot_grant(grants: Grants) -> None:
    """(R11)"""
    arm = Arm(grants.local.azure, DEVELOPER)
    name, action = new_name(), "Microsoft.Authorization/roleAssignments/write"
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}"
    properties = {"principalId": DEVELOPER.object_id, "roleDefinitionId": definition()}
    status, code, message = refusal(arm("PUT", path, {"properties": properties}))
    assert (status, code) == (403, "AuthorizationFailed")
    assert f"with object id '{DEVELOPER.object_id}' does not have authorization" in message
    assert f"to perform action '{action}' over scope '{path}' or the scope is invalid." in message
    assert message.endswith("If access was recently granted, please refresh your credentials.")
    assert grants.everything() == []
