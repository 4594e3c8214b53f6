"""What a custom role lets its holder do, in Resource Manager and in a vault's data plane, and what not."""

import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import DEPLOYER, DEVELOPER, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from tests.local_azure.scene import GROUP, Scene, reads

SECRET = "Microsoft.KeyVault/vaults/secrets"


class Holder:
    """The developer, who has one custom role on the group."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.name = scene, str(uuid.uuid4())
        self.owner: Any = AuthorizationManagementClient(scene.token(DEPLOYER.object_id), SUBSCRIPTION_ID)
        self.groups: Any = ResourceManagementClient(
            scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID
        ).resource_groups

    def may(self, *blocks: dict[str, list[str]]) -> str:
        """Write the role; its id."""
        properties = {"roleName": "Ours", "permissions": list(blocks), "assignableScopes": [GROUP]}
        body = {"properties": properties}
        return self.owner.role_definitions.create_or_update(SUBSCRIPTION_SCOPE, self.name, body).id

    def grant(self, role: str) -> None:
        properties = {"principalId": DEVELOPER.object_id, "principalType": "User", "roleDefinitionId": role}
        self.owner.role_assignments.create(GROUP, str(uuid.uuid4()), {"properties": properties})

    def sees(self) -> bool:
        return self._does(lambda: self.groups.get("rg-one"))

    def tags(self) -> bool:
        return self._does(lambda: self.groups.update("rg-one", {"tags": {"team": "shop"}}))

    def reads(self) -> bool:
        return reads(self.scene.reader(DEVELOPER.object_id))

    @staticmethod
    def _does(request: Any) -> bool:
        try:
            request()
        except HttpResponseError as error:
            if error.status_code == 403 and error.error and error.error.code == "AuthorizationFailed":
                return False
            raise
        return True


@pytest.fixture
def holder(scene: Scene) -> Holder:
    return Holder(scene)


def test_a_custom_role_allows_what_its_actions_say_without_its_not_actions(holder: Holder) -> None:
    """(R26)"""
    every = "Microsoft.Resources/subscriptions/resourceGroups/*"
    role = holder.may({"actions": [every], "notActions": ["Microsoft.Resources/*/write"]})
    assert (holder.sees(), holder.tags(), holder.reads()) == (False, False, False)
    holder.grant(role)
    assert (holder.sees(), holder.tags(), holder.reads()) == (True, False, False)

    holder.may({"dataActions": [f"{SECRET}/*"], "notDataActions": [f"{SECRET}/setSecret/action"]})
    assert (holder.sees(), holder.tags(), holder.reads()) == (False, False, True)
    holder.may({"dataActions": [f"{SECRET}/*"], "notDataActions": [f"{SECRET}/getSecret/action"]})
    assert holder.reads() is False
    holder.may({"actions": ["*"]})
    assert (holder.sees(), holder.tags(), holder.reads()) == (True, True, False)


def test_what_one_block_of_a_custom_role_takes_out_another_still_allows(holder: Holder) -> None:
    """(R26)"""
    holder.grant(
        holder.may(
            {"actions": ["*"], "notActions": ["*/write"]},
            {"actions": ["Microsoft.Resources/subscriptions/resourceGroups/write"]},
        )
    )
    assert (holder.sees(), holder.tags()) == (True, True)
