"""Who may do what, where and when: the roles, their scopes and how late a grant counts."""

import uuid
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.azure import Azure
from local_azure.built_in_roles import BUILT_IN_ROLES, ROLES_BY_ID, role_definition_id
from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    TENANT_ID,
    VAULT_OFFICERS,
    VAULT_READERS,
    Inhabitant,
)
from local_azure.errors import Refusal
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal

ROLES = {role.name: role.id for role in BUILT_IN_ROLES}
GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one"
ARM = "https://management.azure.com"


class TokenOf:
    """A credential of anybody, with one token for each audience, as a client caches it."""

    def __init__(self, azure: Azure, object_id: str) -> None:
        self._azure, self._object_id = azure, object_id
        self._issued: dict[str, AccessToken] = {}

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        audience = scopes[0].removesuffix("/.default")
        if audience not in self._issued:
            principal = self._azure.entra.principal(self._object_id)
            assert principal
            self._issued[audience] = AccessToken(*self._azure.entra.issue(principal, audience))
        return self._issued[audience]


class Scene:
    """A vault with the secret `greeting`, and everybody's clients."""

    def __init__(self, local: LocalAzure) -> None:
        self.azure = local.azure
        self.arm = Arm(local.azure)
        self.group = self.arm.group()
        self.vault = f"{self.group}/providers/Microsoft.KeyVault/vaults/kv-authorizer"
        sku = {"family": "A", "name": "standard"}
        properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": True}
        content(self.arm("PUT", self.vault, {"location": "westeurope", "properties": properties}))
        secret = {"properties": {"value": "hello"}}
        content(self.arm("PUT", f"{self.vault}/secrets/greeting", secret))

    def grant(
        self, principal: str, role: str, kind: str = "ServicePrincipal", scope: str | None = None
    ) -> str:
        path = f"{scope or self.vault}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        properties = {"principalId": principal, "principalType": kind}
        properties["roleDefinitionId"] = role_definition_id(ROLES[role])
        return content(self.arm("PUT", path, {"properties": properties}))["id"]

    def identity(self) -> Any:
        return self.arm.identity(self.group)["properties"]

    def token(self, object_id: str) -> Any:
        return TokenOf(self.azure, object_id)

    def reader(self, object_id: str) -> Any:
        return SecretClient("https://kv-authorizer.vault.azure.net", self.token(object_id))


@pytest.fixture
def scene(local_azure: LocalAzure) -> Scene:
    return Scene(local_azure)


def reads(client: Any) -> bool:
    """Whether the secret is answered; a refusal must be the vault's 403."""
    try:
        return client.get_secret("greeting").value == "hello"
    except HttpResponseError as error:
        if error.status_code == 403 and "ForbiddenByRbac" in str(error.response and error.response.text()):
            return False
        raise


def test_a_contributor_cannot_grant_roles(scene: Scene) -> None:
    """(R11)"""
    scene.grant(DEVELOPER.object_id, "Contributor", "User", SUBSCRIPTION_SCOPE)
    credential = scene.token(DEVELOPER.object_id)
    groups: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID).resource_groups
    assert groups.create_or_update("rg-two", {"location": "westeurope"}).name == "rg-two"
    assignments: Any = AuthorizationManagementClient(credential, SUBSCRIPTION_ID).role_assignments
    before = leftovers(scene.azure)["role_assignments"]
    name = str(uuid.uuid4())
    properties = {
        "principalId": DEVELOPER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(ROLES["Owner"]),
    }
    for attempt, action in [
        (lambda: assignments.create(GROUP, name, {"properties": properties}), "write"),
        (lambda: assignments.delete_by_id(before[0]), "delete"),
    ]:
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert error.value.status_code == 403
        assert error.value.error is not None
        assert error.value.error.code == "AuthorizationFailed"
        message = str(error.value.error.message)
        assert f"with object id '{DEVELOPER.object_id}' does not have authorization" in message
        assert f"'Microsoft.Authorization/roleAssignments/{action}' over scope '/subscriptions/" in message
        assert "or the scope is invalid. If access was recently granted, please refresh your" in message
    assert leftovers(scene.azure)["role_assignments"] == before


@pytest.mark.parametrize("role", ["Role Based Access Control Administrator", "User Access Administrator"])
def test_a_contributor_with_the_right_role_beside_it_can_grant(scene: Scene, role: str) -> None:
    """(R11)"""
    scene.grant(DEVELOPER.object_id, role, "User", SUBSCRIPTION_SCOPE)
    client: Any = AuthorizationManagementClient(scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID)
    properties = {
        "principalId": OFFICER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(ROLES["Reader"]),
    }
    made = client.role_assignments.create(GROUP, str(uuid.uuid4()), {"properties": properties})
    assert made.principal_id == OFFICER.object_id


DELEGATED = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR ("
    "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    "{4633458b-17de-408a-b874-0445c86b69e6} AND "
    "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] "
    "ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'})) AND "
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR ("
    "@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    "{4633458b-17de-408a-b874-0445c86b69e6}))"
)
"""The form that Microsoft gives: write and delete, each limited to one role."""


def test_who_may_assign_roles_under_a_condition_assigns_no_others(scene: Scene) -> None:
    """(R12)"""
    name = str(uuid.uuid4())
    path = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleAssignments/{name}"
    properties = {
        "condition": DELEGATED,
        "conditionVersion": "2.0",
        "principalId": DEVELOPER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(ROLES["Role Based Access Control Administrator"]),
    }
    content(scene.arm("PUT", path, {"properties": properties}))
    principal, foreign = scene.identity()["principalId"], scene.grant(OFFICER.object_id, "Reader", "User")
    client: Any = AuthorizationManagementClient(scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID)

    def assign(role: str, principal_id: str, kind: str) -> Any:
        asked = {"principalId": principal_id, "principalType": kind}
        asked["roleDefinitionId"] = role_definition_id(ROLES[role])
        return client.role_assignments.create(scene.vault, str(uuid.uuid4()), {"properties": asked})

    for attempt in (
        lambda: assign("Owner", principal, "ServicePrincipal"),
        lambda: assign("Key Vault Secrets User", DEVELOPER.object_id, "User"),
        lambda: client.role_assignments.delete_by_id(foreign),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert error.value.status_code == 403
        assert error.value.error is not None
        assert error.value.error.code == "AuthorizationFailed"
        assert "does not have authorization or an ABAC condition not fulfilled" in str(
            error.value.error.message
        )
    made = assign("Key Vault Secrets User", principal, "ServicePrincipal")
    assert reads(scene.reader(principal))
    assert client.role_assignments.get_by_id(foreign).principal_id == OFFICER.object_id
    client.role_assignments.delete_by_id(made.id)
    assert not reads(scene.reader(principal))


def test_a_reader_reads_and_changes_nothing(scene: Scene) -> None:
    """(R11)"""
    scene.grant(DEVELOPER.object_id, "Reader", "User", scene.group)
    arm = scene.arm.as_(DEVELOPER)
    assert arm("GET", scene.group).status == 200
    assert arm("GET", scene.vault).status == 200
    everywhere = f"{SUBSCRIPTION_SCOPE}/resourceGroups"
    for method, path in [("PUT", scene.group), ("DELETE", scene.vault), ("GET", everywhere)]:
        assert refusal(arm(method, path, {"location": "westeurope"}))[:2] == (403, "AuthorizationFailed")
    assert scene.arm("GET", scene.vault).status == 200


def test_nobody_does_anything_without_a_role(scene: Scene) -> None:
    """(R11)"""
    for person in (DEVELOPER, OFFICER):
        arm = scene.arm.as_(person)
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert refusal(arm(method, scene.vault, {}))[:2] == (403, "AuthorizationFailed")
        assert content(arm("GET", "/subscriptions"))["value"] == []


@pytest.mark.parametrize("role", ["Owner", "Contributor", "Reader", "User Access Administrator"])
def test_roles_over_resources_do_not_open_secret_values(scene: Scene, role: str) -> None:
    """(S4)"""
    principal = scene.identity()["principalId"]
    for scope in (SUBSCRIPTION_SCOPE, scene.vault):
        scene.grant(principal, role, scope=scope)
    assert not reads(scene.reader(principal))
    assert not reads(scene.reader(DEPLOYER.object_id))


@pytest.mark.parametrize("scope", [SUBSCRIPTION_SCOPE, GROUP.replace("rg-one", "RG-One"), "vault", "secret"])
def test_a_grant_holds_for_everything_below_its_scope(scene: Scene, scope: str) -> None:
    """(S4)"""
    principal = scene.identity()["principalId"]
    places = {"vault": scene.vault, "secret": f"{scene.vault}/secrets/greeting"}
    scene.grant(principal, "Key Vault Secrets User", scope=places.get(scope, scope))
    assert reads(scene.reader(principal))


def test_a_grant_on_a_namesake_does_not_spill_over(scene: Scene) -> None:
    """(S4) `rg-one` is no part of `rg`, nor `greeting-two` of `greeting`."""
    principal = scene.identity()["principalId"]
    scene.arm.group("rg")
    for scope in (f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg", f"{scene.vault}/secrets/greet"):
        scene.grant(principal, "Key Vault Secrets User", scope=scope)
    assert not reads(scene.reader(principal))


def test_a_grant_to_a_client_id_opens_nothing(scene: Scene) -> None:
    """(R4)"""
    identity = scene.identity()
    scene.grant(identity["clientId"], "Key Vault Secrets User")
    assert not reads(scene.reader(identity["principalId"]))
    scene.grant(identity["principalId"], "Key Vault Secrets User")
    assert reads(scene.reader(identity["principalId"]))


def test_a_grant_counts_at_the_vault_only_after_its_propagation(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    scene.azure.authorizer.set_propagation(seconds=300)
    granted = scene.grant(principal, "Key Vault Secrets User")
    assert scene.arm("GET", granted).status == 200
    client = scene.reader(principal)
    assert not reads(client)
    scene.azure.clock.advance(290)
    assert not reads(client)
    scene.azure.clock.advance(10)
    assert reads(client)


def test_a_grant_counts_at_the_vault_only_after_some_refusals(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    scene.azure.authorizer.set_propagation(requests=3)
    granted = scene.grant(principal, "Key Vault Secrets User")
    assert scene.arm("GET", granted).status == 200
    client = scene.reader(principal)
    assert [reads(client) for _ in range(5)] == [False, False, False, True, True]


def test_propagation_delays_neither_older_grants_nor_resource_manager(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    scene.grant(principal, "Key Vault Secrets User")
    scene.azure.authorizer.set_propagation(seconds=300, requests=3)
    scene.grant(DEVELOPER.object_id, "Reader", "User", scene.group)
    assert scene.arm.as_(DEVELOPER)("GET", scene.group).status == 200
    assert reads(scene.reader(principal))


def test_writing_a_grant_again_does_not_delay_it_again(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    granted = scene.grant(principal, "Key Vault Secrets User")
    scene.azure.authorizer.set_propagation(seconds=300)
    body = {"properties": content(scene.arm("GET", granted))["properties"]}
    assert scene.arm("PUT", granted, body).status == 200
    assert reads(scene.reader(principal))


def test_a_revoked_grant_counts_no_more(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    granted = scene.grant(principal, "Key Vault Secrets User")
    client = scene.reader(principal)
    assert reads(client)
    assert scene.arm("DELETE", granted).status == 200
    assert not reads(client)


def test_joining_a_group_counts_from_the_next_token_on(scene: Scene) -> None:
    """(R14)"""
    principal = scene.identity()["principalId"]
    scene.grant(VAULT_READERS.object_id, "Key Vault Secrets User", "Group")
    before = scene.reader(principal)
    assert not reads(before)
    scene.azure.entra.add_member(VAULT_READERS.object_id, principal)
    assert not reads(before)
    after = scene.reader(principal)
    assert reads(after)
    scene.azure.entra.remove_member(VAULT_READERS.object_id, principal)
    assert reads(after)
    assert not reads(scene.reader(principal))


def test_the_officers_write_and_delete_secrets_through_their_group(scene: Scene) -> None:
    scene.grant(VAULT_OFFICERS.object_id, "Key Vault Secrets Officer", "Group")
    officer = scene.reader(OFFICER.object_id)
    assert officer.set_secret("greeting", "rotated").value == "rotated"
    assert not reads(scene.reader(DEVELOPER.object_id))
    officer.begin_delete_secret("greeting").result()
    assert not [one for one in leftovers(scene.azure)["resources"] if one.endswith("/secrets/greeting")]


def test_an_identity_made_again_does_not_have_the_old_ones_grants(scene: Scene) -> None:
    """(R17) (R19)"""
    first = scene.arm.identity(scene.group)
    scene.grant(first["properties"]["principalId"], "Key Vault Secrets User")
    assert reads(scene.reader(first["properties"]["principalId"]))
    assert scene.arm("DELETE", first["id"]).status == 200
    assert not reads(scene.reader(scene.identity()["principalId"]))
    assert len(leftovers(scene.azure)["orphans"]) == 1


def test_every_role_has_an_id_of_its_own_and_its_actions_are_azures_spelling() -> None:
    assert len(ROLES_BY_ID) == len(BUILT_IN_ROLES) == len(ROLES)
    for role in BUILT_IN_ROLES:
        assert str(uuid.UUID(role.id)) == role.id
        assert role.actions or role.data_actions
        for action in (*role.actions, *role.not_actions, *role.data_actions):
            assert action == "*" or "/" in action


def test_the_refusal_names_the_person_the_action_and_the_scope(azure: Azure) -> None:
    """(R11)"""

    def told(person: Inhabitant) -> Refusal:
        principal = azure.entra.principal(person.object_id)
        assert principal
        caller = azure.entra.verify(azure.entra.issue(principal, ARM)[0], {ARM})
        with pytest.raises(Refusal) as refused:
            azure.authorizer.require_action(caller, "Microsoft.Web/sites/write", GROUP)
        return refused.value

    assert (told(DEVELOPER).status, told(DEVELOPER).code, told(DEVELOPER).message) == (
        403,
        "AuthorizationFailed",
        f"The client '{DEVELOPER.name}' with object id '{DEVELOPER.object_id}' does not have "
        f"authorization to perform action 'Microsoft.Web/sites/write' over scope '{GROUP}' or the scope is "
        "invalid. If access was recently granted, please refresh your credentials.",
    )
