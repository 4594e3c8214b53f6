"""What a grant is on: a scope that exists, and the lists that show it there."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.constants import DEVELOPER, OFFICER, SUBSCRIPTION_SCOPE, VAULT_OFFICERS
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import VaultStage, refused

USER = "Key Vault Secrets User"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


@pytest.mark.parametrize("scope", ["rg-none", "rg-vaults/providers/Microsoft.KeyVault/vaults/kv-none"])
def test_g6_a_grant_on_what_does_not_exist_is_refused(stage: VaultStage, scope: str) -> None:
    app = stage.identity()
    with pytest.raises(HttpResponseError) as error:
        stage.grant(f"{SUBSCRIPTION_SCOPE}/resourceGroups/{scope}", USER, app.object_id)
    assert refused(error)[0] == 404
    mine = stage.roles.list_for_scope(SUBSCRIPTION_SCOPE, filter=f"principalId eq '{app.object_id}'")
    assert list(mine) == []


def test_g6_a_grant_on_a_secret_may_come_before_the_secret(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.grant(f"{stage.id(vault)}/secrets/password", USER, app.object_id)
    stage.officer_of(vault).set_secret("password", "value")
    assert stage.secrets(vault, app).get_secret("password").value == "value"


def test_what_a_person_gets_through_groups_is_listed_when_asked_for(stage: VaultStage) -> None:
    vault = stage.id(stage.vault())
    made = stage.grant(vault, USER, VAULT_OFFICERS.object_id, "Group")

    def listed(filter: str) -> bool:
        return made.id in [one.id for one in stage.roles.list_for_scope(vault, filter=filter)]

    assert listed(f"assignedTo('{OFFICER.object_id}')")
    assert not listed(f"assignedTo('{DEVELOPER.object_id}')")
    assert not listed(f"principalId eq '{OFFICER.object_id}'")
    assert listed(f"principalId eq '{VAULT_OFFICERS.object_id}'")
