"""Roles as azure-mgmt-authorization sees them: which there are, and how an assignment names one."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.constants import SUBSCRIPTION_SCOPE
from tests.local_azure.grants import GROUP, READER, SECRETS_USER, Grants, definition, new_name, refused


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
    """(R30)"""
    body = {"roleName": "Ours", "permissions": [], "assignableScopes": [SUBSCRIPTION_SCOPE]}
    for attempt in (
        lambda: grants.definitions.create_or_update(SUBSCRIPTION_SCOPE, READER, {"properties": body}),
        lambda: grants.definitions.delete(SUBSCRIPTION_SCOPE, READER),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert refused(error)[0] in (400, 403, 409)
    assert grants.definitions.get(SUBSCRIPTION_SCOPE, READER).role_name == "Reader"
    assert list(grants.definitions.list(GROUP, filter="roleName eq 'Ours'")) == []
