"""Role assignments and definitions, as azure-mgmt-authorization sees them."""

import uuid
from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.built_in_roles import BUILT_IN_ROLES
from local_azure.constants import DEVELOPER, OFFICER, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE, VAULT_OFFICERS
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.local_azure.vault_stage import VaultStage, refused, role_id

USER = "Key Vault Secrets User"
NOT_UPDATED = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(tmp_path_factory.mktemp("azure")) as local:
        yield VaultStage(local)


def test_a_grant_is_created_read_listed_and_deleted(stage: VaultStage) -> None:
    scope, app = stage.id(stage.vault()), stage.identity()
    made = stage.grant(scope, USER, app.object_id, description="app reads its secrets")
    assert (made.scope, made.principal_id, made.principal_type) == (scope, app.object_id, "ServicePrincipal")
    assert (made.role_definition_id, made.description) == (role_id(USER), "app reads its secrets")
    assert stage.roles.get(scope, made.name).id == made.id
    assert [one.id for one in stage.roles.list_for_scope(scope, filter="atScope()")] == [
        *[one.id for one in stage.roles.list_for_scope(SUBSCRIPTION_SCOPE, filter="atScope()")],
        made.id,
    ]
    assert stage.roles.delete(scope, made.name).id == made.id
    assert stage.roles.delete(scope, made.name) is None


def test_writing_the_same_grant_again_changes_nothing_but_its_description(stage: VaultStage) -> None:
    scope, app = stage.id(stage.vault()), stage.identity()
    made = stage.grant(scope, USER, app.object_id, description="one")
    again = stage.grant(scope, USER, app.object_id, name=made.name, description="two")
    assert (again.id, again.description) == (made.id, "two")


def test_r1_a_new_identity_is_not_found_for_a_while_unless_its_type_is_given(stage: VaultStage) -> None:
    stage.azure.entra.delay_replication(2)
    first, second = stage.identity(), stage.identity()
    stage.azure.entra.delay_replication(0)
    for _ in range(2):
        with pytest.raises(HttpResponseError) as error:
            stage.grant(stage.group, USER, first.object_id, kind=None)
        status, code, message = refused(error)
        assert (status, code) == (400, "PrincipalNotFound")
        assert message.startswith(
            f"Principal {first.object_id.replace('-', '')} does not exist in the directory"
        )
        assert "set the role assignment principalType property" in message
    assert stage.grant(stage.group, USER, first.object_id, kind=None).principal_type == "ServicePrincipal"
    assert stage.grant(stage.group, USER, second.object_id).principal_id == second.object_id


def test_r3_a_person_cannot_be_granted_a_role_as_an_identity(stage: VaultStage) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.grant(stage.group, USER, DEVELOPER.object_id, "ServicePrincipal")
    assert refused(error)[:2] == (400, "UnmatchedPrincipalType")


def test_r4_a_client_id_is_accepted_with_a_type_and_gives_no_access(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    made = stage.grant(stage.id(vault), USER, str(app.client_id))
    assert made.principal_id == app.client_id
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(vault, app).get_secret("password")
    assert refused(error)[:2] == (403, "Forbidden")
    with pytest.raises(HttpResponseError) as error:
        stage.grant(stage.id(stage.vault()), USER, str(app.client_id), kind=None)
    assert refused(error)[:2] == (400, "PrincipalNotFound")


def test_r5_the_same_grant_under_another_name_already_exists(stage: VaultStage) -> None:
    scope, app = stage.id(stage.vault()), stage.identity()
    made = stage.grant(scope, USER, app.object_id)
    with pytest.raises(HttpResponseError) as error:
        stage.grant(scope.upper().replace("/SUBSCRIPTIONS/", "/subscriptions/"), USER, app.object_id.upper())
    # Azure does not name the one that exists.
    assert refused(error) == (409, "RoleAssignmentExists", "The role assignment already exists.")
    mine = stage.roles.list_for_scope(scope, filter=f"principalId eq '{app.object_id}'")
    assert [one.id for one in mine] == [made.id]


def test_r5_another_role_scope_or_principal_is_another_grant(stage: VaultStage) -> None:
    scope, app = stage.id(stage.vault()), stage.identity()
    stage.grant(scope, USER, app.object_id)
    stage.grant(scope, "Key Vault Reader", app.object_id)
    stage.grant(stage.group, USER, app.object_id)
    stage.grant(scope, USER, stage.identity().object_id)
    assert len(list(stage.roles.list_for_scope(scope, filter=f"principalId eq '{app.object_id}'"))) == 3


def test_r7_principal_role_and_scope_of_a_grant_never_change(stage: VaultStage) -> None:
    scope, app = stage.id(stage.vault()), stage.identity()
    name = stage.grant(scope, USER, app.object_id).name
    for other in (
        (scope, USER, stage.identity().object_id),
        (scope, "Key Vault Reader", app.object_id),
        (stage.id(stage.vault()), USER, app.object_id),
    ):
        with pytest.raises(HttpResponseError) as error:
            stage.grant(*other, name=name)
        assert refused(error) == (400, "RoleAssignmentUpdateNotPermitted", NOT_UPDATED)
    assert stage.roles.get(scope, name).principal_id == app.object_id


@pytest.mark.parametrize("name", ["app-reads-secrets", "1234", "6b1c1f0e00004000800000000000abcd"])
def test_r8_the_name_of_a_grant_is_a_guid(stage: VaultStage, name: str) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.grant(stage.group, USER, stage.identity().object_id, name=name)
    assert refused(error)[0] == 400


@pytest.mark.parametrize("definition", [USER, str(uuid.uuid4())])
def test_r9_a_role_that_does_not_exist_is_refused(stage: VaultStage, definition: str) -> None:
    id = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{definition}"
    properties = {"roleDefinitionId": id, "principalId": stage.identity().object_id}
    with pytest.raises(HttpResponseError) as error:
        stage.roles.create(stage.group, str(uuid.uuid4()), {"properties": properties})
    assert refused(error)[1] == "RoleDefinitionDoesNotExist"
    with pytest.raises(HttpResponseError) as error:
        stage.definitions.get_by_id(id)
    assert refused(error)[1] == "RoleDefinitionDoesNotExist"


def test_r10_the_role_is_answered_with_the_subscription_however_it_was_written(stage: VaultStage) -> None:
    short = role_id(USER).removeprefix(SUBSCRIPTION_SCOPE)
    for spelling in (short, role_id(USER), role_id(USER).upper()):
        properties = {"roleDefinitionId": spelling, "principalId": stage.identity().object_id}
        properties["principalType"] = "ServicePrincipal"
        made = stage.roles.create(stage.group, str(uuid.uuid4()), {"properties": properties})
        assert made.role_definition_id == role_id(USER)


def test_r11_a_contributor_is_told_the_action_and_the_scope_it_lacks(stage: VaultStage) -> None:
    contributor, name = stage.identity(), str(uuid.uuid4())
    stage.grant(stage.group, "Contributor", contributor.object_id)
    roles, _ = stage.role_clients(stage.holder(contributor))
    properties = {
        "roleDefinitionId": role_id(USER),
        "principalId": OFFICER.object_id,
        "principalType": "User",
    }
    with pytest.raises(HttpResponseError) as error:
        roles.create(stage.group, name, {"properties": properties})
    wanted = f"{stage.group}/providers/Microsoft.Authorization/roleAssignments/{name}"
    assert refused(error) == (
        403,
        "AuthorizationFailed",
        f"The client '{contributor.client_id}' with object id '{contributor.object_id}' does not have "
        "authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope "
        f"'{wanted}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials.",
    )
    stage.grant(stage.group, "Role Based Access Control Administrator", contributor.object_id)
    assert roles.create(stage.group, name, {"properties": properties}).principal_id == OFFICER.object_id


def test_r17_a_grant_outlives_its_principal(stage: VaultStage) -> None:
    scope, app = stage.id(stage.vault()), stage.identity()
    made = stage.grant(scope, USER, app.object_id)
    stage.azure.entra.remove_identity(app.object_id)
    assert stage.roles.get(scope, made.name).principal_id == app.object_id
    assert made.id in leftovers(stage.azure)["orphans"]
    stage.roles.delete(scope, made.name)
    assert made.id not in leftovers(stage.azure)["orphans"]


def test_r18_a_grant_goes_with_its_vault(stage: VaultStage) -> None:
    vault = stage.vault()
    made = stage.grant(stage.id(vault), USER, stage.identity().object_id)
    stage.vaults.delete("rg-vaults", vault)
    with pytest.raises(HttpResponseError) as error:
        stage.roles.get_by_id(made.id)
    status, code, message = refused(error)
    assert (status, code) == (404, "RoleAssignmentNotFound")
    assert message == f"The role assignment '{made.name}' is not found."
    assert stage.roles.delete_by_id(made.id) is None


def test_r21_a_condition_and_its_version_go_together(stage: VaultStage) -> None:
    condition = "@Resource[name] StringEquals 'x'"
    for half in ({"condition": condition}, {"conditionVersion": "2.0"}):
        with pytest.raises(HttpResponseError) as error:
            stage.grant(stage.group, USER, stage.identity().object_id, **half)
        assert refused(error)[0] == 400
    whole = {"condition": condition, "conditionVersion": "2.0"}
    assert stage.grant(stage.group, USER, stage.identity().object_id, **whole).condition == condition


@pytest.mark.parametrize("scope", ["rg-none", "rg-vaults/providers/Microsoft.KeyVault/vaults/kv-none"])
def test_g6_a_grant_on_what_does_not_exist_is_refused(stage: VaultStage, scope: str) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.grant(f"{SUBSCRIPTION_SCOPE}/resourceGroups/{scope}", USER, stage.identity().object_id)
    assert refused(error)[0] == 404


def test_a_list_can_be_narrowed_to_a_scope_a_principal_or_what_a_person_gets_through_groups(
    stage: VaultStage,
) -> None:
    vault = stage.id(stage.vault())
    to_group = stage.grant(vault, USER, VAULT_OFFICERS.object_id, "Group")
    below = [one.id for one in stage.roles.list_for_scope(stage.group)]
    at = [one.id for one in stage.roles.list_for_scope(stage.group, filter="atScope()")]
    assert to_group.id in below
    assert to_group.id not in at

    def of(filter: str) -> list[str]:
        return [one.id for one in stage.roles.list_for_scope(vault, filter=filter)]

    assert to_group.id in of(f"assignedTo('{OFFICER.object_id}')")
    assert to_group.id not in of(f"assignedTo('{DEVELOPER.object_id}')")
    assert to_group.id not in of(f"principalId eq '{OFFICER.object_id}'")
    assert to_group.id in of(f"principalId eq '{VAULT_OFFICERS.object_id}'")


def test_a_role_is_found_by_its_name_and_shows_what_it_allows(stage: VaultStage) -> None:
    [found] = stage.definitions.list(SUBSCRIPTION_SCOPE, filter=f"roleName eq '{USER}'")
    assert (found.id, found.role_type) == (role_id(USER), "BuiltInRole")
    assert found.permissions[0].data_actions == [
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ]
    assert len(list(stage.definitions.list(SUBSCRIPTION_SCOPE))) == len(BUILT_IN_ROLES)


def test_a_built_in_role_can_be_neither_written_nor_deleted(stage: VaultStage) -> None:
    guid = role_id(USER).rpartition("/")[2]
    with pytest.raises(HttpResponseError) as error:
        stage.definitions.create_or_update(SUBSCRIPTION_SCOPE, guid, {"properties": {"roleName": "Mine"}})
    assert refused(error)[0] == 405
    with pytest.raises(HttpResponseError) as error:
        stage.definitions.delete(SUBSCRIPTION_SCOPE, guid)
    assert refused(error)[0] == 400
    assert stage.definitions.get(SUBSCRIPTION_SCOPE, guid).role_name == USER


def test_the_deployer_is_owner_of_the_subscription_from_the_start(stage: VaultStage) -> None:
    [seed] = stage.roles.list_for_scope(SUBSCRIPTION_SCOPE, filter="atScope()")
    assert (seed.scope, seed.role_definition_id) == (f"/subscriptions/{SUBSCRIPTION_ID}", role_id("Owner"))
    assert seed.id not in leftovers(stage.azure)["role_assignments"]
