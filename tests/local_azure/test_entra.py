"""What Entra keeps: members of groups, keys and credentials, an identity as long as it lives."""

from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.msi import ManagedServiceIdentityClient

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, OFFICER, SUBSCRIPTION_ID, VAULT_OFFICERS
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm
from tests.local_azure.tokens import ARM, issue


def test_the_officer_is_in_the_officers_group_until_taken_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("azure")
    azure = Azure(folder)
    assert azure.entra.groups_of(OFFICER.object_id) == {VAULT_OFFICERS.object_id}
    azure.entra.remove_member(VAULT_OFFICERS.object_id, OFFICER.object_id)
    azure.close()
    again = Azure(folder)
    assert again.entra.groups_of(OFFICER.object_id) == set()
    again.close()


def test_tokens_and_credentials_survive_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("azure")
    azure = Azure(folder)
    token, credentials = issue(azure, DEPLOYER.object_id), azure.entra.credentials()
    azure.close()
    again = Azure(folder)
    assert again.entra.verify(token, {ARM}).principal.object_id == DEPLOYER.object_id
    assert again.entra.credentials() == credentials
    for file in ("entra-key.pem", "credentials.json", "store.key"):
        assert (folder / file).stat().st_mode & 0o077 == 0
    again.close()


def test_an_identity_made_again_is_a_stranger_to_its_old_grants(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    """(R19)"""
    Arm(local_azure.azure).group("rg-one")
    identities: Any = ManagedServiceIdentityClient(deployer, SUBSCRIPTION_ID).user_assigned_identities
    first = identities.create_or_update("rg-one", "id-one", {"location": "westeurope"})
    identities.delete("rg-one", "id-one")
    again = identities.create_or_update("rg-one", "id-one", {"location": "westeurope"})
    assert not {first.principal_id, first.client_id} & {again.principal_id, again.client_id}
    assert local_azure.azure.entra.principal(first.principal_id) is None
