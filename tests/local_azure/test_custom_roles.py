"""Custom roles as azure-mgmt-authorization sees them: made, named, listed, assigned, refused and deleted."""

import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient

from local_azure.constants import PLATFORM_SUBSCRIPTION_ID, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from local_azure.leftovers import leftovers
from tests.local_azure.grants import GROUP, Grants, definition, new_name, refused

PLATFORM = f"/subscriptions/{PLATFORM_SUBSCRIPTION_ID}"
BELOW = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"


class CustomRoles:
    """Short ways to write custom roles and to assign them."""

    def __init__(self, grants: Grants) -> None:
        self.grants = grants
        self.definitions: Any = grants.definitions

    def write(
        self,
        name: str | None = None,
        *,
        scope: str = SUBSCRIPTION_SCOPE,
        role_name: str | None = "Stocktaker",
        scopes: tuple[str, ...] = (GROUP,),
        **more: Any,
    ) -> Any:
        permissions = [{"actions": ["Microsoft.Storage/*/read"], "notActions": []}]
        properties = {"roleName": role_name, "permissions": permissions, "assignableScopes": list(scopes)}
        body = {"properties": {**properties, **more}}
        return self.definitions.create_or_update(scope, name or new_name(), body)

    def names(self, scope: str, filter: str = "type eq 'CustomRole'") -> list[str]:
        return [one.role_name for one in self.definitions.list(scope, filter=filter)]

    def left(self) -> list[str]:
        return leftovers(self.grants.local.azure)["role_definitions"]


@pytest.fixture
def roles(grants: Grants) -> CustomRoles:
    return CustomRoles(grants)


def test_a_custom_role_is_made_read_changed_and_deleted(roles: CustomRoles) -> None:
    name = new_name()
    made = roles.write(name, description="Counts.")
    assert (made.id, made.name, made.type) == (
        definition(name),
        name,
        "Microsoft.Authorization/roleDefinitions",
    )
    assert (made.role_name, made.role_type, made.description) == ("Stocktaker", "CustomRole", "Counts.")
    assert made.assignable_scopes == [GROUP]
    [block] = made.permissions
    assert (block.actions, block.not_actions) == (["Microsoft.Storage/*/read"], [])
    assert (block.data_actions, block.not_data_actions) == ([], [])
    assert roles.definitions.get(SUBSCRIPTION_SCOPE, name).as_dict() == made.as_dict()
    assert roles.definitions.get_by_id(made.id).as_dict() == made.as_dict()

    changed = roles.write(name, role_name="Counter", permissions=[{"dataActions": ["*"]}])
    assert (changed.id, changed.role_name, changed.description) == (made.id, "Counter", None)
    assert roles.definitions.get(SUBSCRIPTION_SCOPE, name).permissions[0].data_actions == ["*"]
    assert roles.left() == [made.id]

    assert roles.definitions.delete(SUBSCRIPTION_SCOPE, name).id == made.id
    with pytest.raises(ResourceNotFoundError) as error:
        roles.definitions.get(SUBSCRIPTION_SCOPE, name)
    assert refused(error)[1] == "RoleDefinitionDoesNotExist"
    assert roles.definitions.delete(SUBSCRIPTION_SCOPE, name) is None
    assert roles.left() == []


def test_the_api_version_of_azure_native_is_served(
    roles: CustomRoles, deployer: ClientSecretCredential
) -> None:
    made = roles.write()
    newer: Any = AuthorizationManagementClient(deployer, SUBSCRIPTION_ID, "2022-05-01-preview")
    assert newer.role_definitions.get_by_id(made.id).role_name == "Stocktaker"


def test_a_custom_role_is_its_subscriptions_whatever_scope_named_it(roles: CustomRoles) -> None:
    """(R27)"""
    name = new_name()
    made = roles.write(name, scope=GROUP)
    assert made.id == definition(name)
    assert roles.definitions.get(GROUP, name.upper()).id == made.id
    assert roles.write(name, scope=GROUP, role_name="Counter").id == made.id
    assert roles.left() == [made.id]
    roles.grants.groups.begin_delete("rg-one").result()
    assert roles.definitions.get(SUBSCRIPTION_SCOPE, name).role_name == "Counter"
    assert roles.definitions.delete(GROUP, name).id == made.id
    assert roles.left() == []


def test_custom_roles_are_listed_where_they_can_be_assigned(roles: CustomRoles) -> None:
    roles.write(role_name="Of the group")
    roles.write(role_name="Of both", scopes=(SUBSCRIPTION_SCOPE, PLATFORM))
    assert sorted(roles.names(GROUP)) == ["Of both", "Of the group"]
    assert roles.names(BELOW, "roleName eq 'Of the group'") == ["Of the group"]
    assert roles.names(SUBSCRIPTION_SCOPE) == ["Of both"]
    assert sorted(roles.names(SUBSCRIPTION_SCOPE, "atScopeAndBelow() and type eq 'CustomRole'")) == [
        "Of both",
        "Of the group",
    ]
    assert roles.names(PLATFORM) == ["Of both"]


def test_a_custom_role_is_unknown_in_a_subscription_that_it_is_not_for(roles: CustomRoles) -> None:
    name = new_name()
    made = roles.write(name)
    with pytest.raises(ResourceNotFoundError):
        roles.definitions.get(PLATFORM, name)
    assert roles.definitions.delete(PLATFORM, name) is None
    with pytest.raises(HttpResponseError) as error:
        roles.write(name, scope=PLATFORM, role_name="Another", scopes=(PLATFORM,))
    assert refused(error)[0] == 409
    assert roles.definitions.get_by_id(made.id).as_dict() == made.as_dict()


def test_a_custom_role_is_assigned_at_its_assignable_scopes_and_below_only(roles: CustomRoles) -> None:
    """(R22)"""
    principal, _ = roles.grants.identity()
    role = roles.write(scopes=(GROUP.upper().replace("/SUBSCRIPTIONS", "/subscriptions"),))
    roles.grants.groups.create_or_update("rg-one-more", {"location": "westeurope"})
    for scope in (SUBSCRIPTION_SCOPE, f"{GROUP}-more", PLATFORM):
        with pytest.raises(HttpResponseError) as error:
            roles.grants.grant(principal, role.id, scope=scope)
        assert refused(error) == (
            400,
            "RoleAssignmentScopeNotAssignableToRoleDefinition",
            "The role Stocktaker is not available for assignment at the requested scope.",
        )
    assert roles.grants.everything() == []
    for scope in (GROUP, BELOW):
        made = roles.grants.grant(principal, role.id, scope=scope)
        assert (made.scope, made.role_definition_id) == (scope, role.id)
    assert len(roles.grants.everything()) == 2


@pytest.mark.parametrize("role_name", ["Stocktaker", "STOCKTAKER", "Reader"])
def test_the_name_of_a_custom_role_is_taken_in_the_whole_tenant(roles: CustomRoles, role_name: str) -> None:
    """(R23)"""
    first = roles.write(scope=PLATFORM, scopes=(PLATFORM,))
    other = roles.write(role_name="Another")
    for name in (new_name(), other.name):
        with pytest.raises(HttpResponseError) as error:
            roles.write(name, role_name=role_name)
        assert refused(error)[:2] == (409, "RoleDefinitionWithSameNameExists")
    assert sorted(roles.left()) == sorted([first.id, other.id])
    assert roles.definitions.get_by_id(other.id).role_name == "Another"


def test_a_custom_role_that_is_assigned_is_not_deleted(roles: CustomRoles) -> None:
    """(R24)"""
    principal, _ = roles.grants.identity()
    role = roles.write(scopes=(GROUP, PLATFORM))
    grant = roles.grants.grant(principal, role.id, scope=BELOW)
    for scope in (SUBSCRIPTION_SCOPE, GROUP, PLATFORM):
        with pytest.raises(HttpResponseError) as error:
            roles.definitions.delete(scope, role.name)
        assert refused(error)[1] == "RoleDefinitionHasAssignments"
    assert roles.left() == [role.id]
    roles.grants.assignments.delete_by_id(grant.id)
    assert roles.definitions.delete(SUBSCRIPTION_SCOPE, role.name).id == role.id
    assert roles.left() == []


def test_a_custom_role_keeps_the_scopes_in_which_it_is_assigned(roles: CustomRoles) -> None:
    """(R25)"""
    principal, _ = roles.grants.identity()
    role = roles.write(scopes=(GROUP, PLATFORM))
    grant = roles.grants.grant(principal, role.id)
    with pytest.raises(HttpResponseError) as error:
        roles.write(role.name, scopes=(PLATFORM,))
    assert refused(error)[1] == "RoleScopeBeingRemovedContainsAssignments"
    assert f"under scope '{GROUP}' which is being removed" in refused(error)[2]
    assert roles.definitions.get_by_id(role.id).assignable_scopes == [GROUP, PLATFORM]
    assert roles.write(role.name, scopes=(SUBSCRIPTION_SCOPE,)).assignable_scopes == [SUBSCRIPTION_SCOPE]
    roles.grants.assignments.delete_by_id(grant.id)
    assert roles.write(role.name, scopes=(BELOW,)).assignable_scopes == [BELOW]


@pytest.mark.parametrize("name", ["stocktaker", "1", uuid.UUID(int=1).hex])
def test_the_name_of_a_role_definition_is_a_guid(roles: CustomRoles, name: str) -> None:
    """(R28)"""
    with pytest.raises(HttpResponseError) as error:
        roles.write(name)
    assert refused(error)[0] == 400
    assert roles.left() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"role_name": None},
        {"role_name": ""},
        {"scopes": ()},
        {"scopes": ("/",)},
        {"scopes": ("rg-one",)},
        {"scopes": (GROUP, f"/subscriptions/{uuid.UUID(int=1)}")},
        {"type": "BuiltInRole"},
    ],
)
def test_a_custom_role_has_a_name_and_assignable_scopes(roles: CustomRoles, wrong: dict[str, Any]) -> None:
    """(R29)"""
    with pytest.raises(HttpResponseError) as error:
        roles.write(**wrong)
    assert refused(error)[0] in (400, 403)
    assert roles.left() == []
