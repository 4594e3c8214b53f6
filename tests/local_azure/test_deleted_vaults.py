"""What is left of a deleted vault, as azure-mgmt-keyvault sees it."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.constants import SUBSCRIPTION_SCOPE
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, VaultStage, refused, vault_body

DAY = 86_400


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def test_k3_a_deleted_vault_holds_its_name_until_it_is_purged(stage: VaultStage) -> None:
    name = stage.vault()
    stage.vaults.delete(GROUP, name)
    with pytest.raises(HttpResponseError) as error:
        stage.vault(name)
    status, code, message = refused(error)
    assert (status, code) == (409, "ConflictError")
    assert message.startswith(
        "A vault with the same name already exists in deleted state. You need to either recover or purge "
        "existing key vault."
    )
    stage.vaults.begin_purge_deleted(name, "westeurope").result()
    assert stage.vault(name) == name


def test_k3_a_deleted_vaults_name_is_free_when_its_retention_ends(stage: VaultStage) -> None:
    name = stage.vault(softDeleteRetentionInDays=7)
    stage.officer_of(name).set_secret("password", "value")
    stage.vaults.delete(GROUP, name)
    stage.azure.clock.advance(7 * DAY - 60)
    stage.sign_in()
    assert stage.vaults.get_deleted(name, "westeurope").name == name
    stage.azure.clock.advance(60)
    assert name not in [one.name for one in stage.vaults.list_deleted()]
    stage.vault(name)
    assert list(stage.officer_of(name).list_properties_of_secrets()) == []


def test_a_deleted_vault_says_where_it_was_and_when_it_goes(stage: VaultStage) -> None:
    name = stage.vault(softDeleteRetentionInDays=10)
    stage.vaults.delete(GROUP, name)
    found = stage.vaults.get_deleted(name, "westeurope")
    assert (found.properties.vault_id, found.properties.location) == (stage.id(name), "westeurope")
    assert (found.properties.scheduled_purge_date - found.properties.deletion_date).days == 10
    assert name in [one.name for one in stage.vaults.list_deleted()]
    assert name in leftovers(stage.azure)["deleted_vaults"]
    assert stage.id(name) not in leftovers(stage.azure)["resources"]
    with pytest.raises(ResourceNotFoundError):
        stage.vaults.get_deleted(name, "northeurope")


def test_k4_nothing_is_recovered_where_nothing_was_deleted(stage: VaultStage) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.vault(createMode="recover")
    assert refused(error)[0] >= 400


def test_k5_a_recovered_vault_has_its_secrets_and_no_role_assignments(stage: VaultStage) -> None:
    name, reader = stage.vault(softDeleteRetentionInDays=7), stage.identity()
    stage.officer_of(name).set_secret("password", "value")
    stage.grant(stage.id(name), "Key Vault Secrets User", reader.object_id)
    stage.vaults.delete(GROUP, name)
    stage.vault(name, createMode="recover")
    assert stage.vaults.get(GROUP, name).properties.soft_delete_retention_in_days == 7
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(name, reader).get_secret("password")
    assert refused(error)[0] == 403
    assert stage.officer_of(name).get_secret("password").value == "value"
    assert name not in [one.name for one in stage.vaults.list_deleted()]


def test_k18_a_vault_with_purge_protection_cannot_be_purged(stage: VaultStage) -> None:
    name = stage.vault(enablePurgeProtection=True)
    stage.vaults.delete(GROUP, name)
    with pytest.raises(HttpResponseError) as error:
        stage.vaults.begin_purge_deleted(name, "westeurope").result()
    assert refused(error)[0] in (403, 409)
    assert stage.vaults.get_deleted(name, "westeurope").properties.purge_protection_enabled is True


def test_k18_only_who_may_purge_a_vault_purges_it(stage: VaultStage) -> None:
    name, reader = stage.vault(), stage.identity()
    stage.grant(SUBSCRIPTION_SCOPE, "Reader", reader.object_id)
    stage.vaults.delete(GROUP, name)
    vaults, _ = stage.vault_clients(stage.holder(reader))
    with pytest.raises(HttpResponseError) as error:
        vaults.begin_purge_deleted(name, "westeurope").result()
    assert refused(error)[:2] == (403, "AuthorizationFailed")
    assert "Microsoft.KeyVault/locations/deletedVaults/purge/action" in refused(error)[2]


def test_k19_a_vault_that_goes_with_its_group_is_soft_deleted_too(stage: VaultStage) -> None:
    group, name = stage.arm.group("rg-short-lived"), stage.name()
    id = f"{group}/providers/Microsoft.KeyVault/vaults/{name}"
    assert stage.arm("PUT", id, vault_body()).status == 201
    assert stage.arm("DELETE", group, api_version="2024-03-01").status in (200, 202)
    assert stage.vaults.get_deleted(name, "westeurope").properties.vault_id == id
    assert stage.arm.group("rg-short-lived") == group
    answer = stage.arm("PUT", id, vault_body())
    assert isinstance(answer.body, dict)
    assert (answer.status, answer.body["error"]["code"]) == (409, "ConflictError")
    recovered = vault_body(createMode="recover")
    assert stage.arm("PUT", id, recovered).status == 201
