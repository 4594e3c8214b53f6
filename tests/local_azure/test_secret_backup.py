"""Backups of secrets, as azure-keyvault-secrets takes and restores them."""

import base64
from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient

from local_azure.constants import PLATFORM_SUBSCRIPTION_ID, SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import VaultStage, inner_code, refused, vault_body

PLANTED = "a-planted-value-of-a-secret"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def test_s9_a_backup_is_restored_with_every_version(stage: VaultStage) -> None:
    source = stage.officer_of(stage.vault())
    first = source.set_secret("password", PLANTED, content_type="text/plain", tags={"team": "a"})
    source.set_secret("password", "rotated")
    backup = source.backup_secret("password")
    assert PLANTED.encode() not in backup
    assert PLANTED.encode() not in base64.urlsafe_b64decode(backup + b"==")
    target = stage.officer_of(stage.vault())
    restored = target.restore_secret_backup(backup)
    assert (restored.name, target.get_secret("password").value) == ("password", "rotated")
    old = target.get_secret("password", first.properties.version)
    assert (old.value, old.properties.content_type, old.properties.tags) == (
        PLANTED, "text/plain", {"team": "a"},
    )  # fmt: skip


def test_s9_a_backup_is_not_restored_over_a_secret(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault())
    client.set_secret("password", "one")
    backup = client.backup_secret("password")
    client.set_secret("password", "two")
    with pytest.raises(HttpResponseError) as there:
        client.restore_secret_backup(backup)
    assert refused(there)[:2] == (409, "Conflict")
    assert client.get_secret("password").value == "two"
    client.begin_delete_secret("password").result()
    with pytest.raises(HttpResponseError) as deleted:
        client.restore_secret_backup(backup)
    assert (refused(deleted)[0], inner_code(deleted)) == (409, "ObjectIsDeletedButRecoverable")
    client.purge_deleted_secret("password")
    client.restore_secret_backup(backup)
    assert client.get_secret("password").value == "one"


@pytest.mark.parametrize(
    ("location", "subscription", "is_restored"),
    [
        ("northeurope", SUBSCRIPTION_ID, True),
        ("uksouth", SUBSCRIPTION_ID, False),
        ("westeurope", PLATFORM_SUBSCRIPTION_ID, False),
    ],
)
def test_s9_a_backup_is_restored_in_its_subscription_and_geography_only(
    stage: VaultStage, location: str, subscription: str, is_restored: bool
) -> None:
    source = stage.officer_of(stage.vault())
    source.set_secret("password", PLANTED)
    backup = source.backup_secret("password")
    client = officer_in(stage, location, subscription)
    if is_restored:
        assert client.restore_secret_backup(backup).name == "password"
        return
    with pytest.raises(HttpResponseError) as error:
        client.restore_secret_backup(backup)
    assert refused(error) == (400, "BadParameter", "Cannot decrypt backup blob.")
    assert list(client.list_properties_of_secrets()) == []


def officer_in(stage: VaultStage, location: str, subscription: str) -> SecretClient:
    """Somebody who may do everything with the secrets of a new vault there."""
    group, name, officer = (
        f"/subscriptions/{subscription}/resourceGroups/rg-there",
        stage.name(),
        stage.identity(),
    )
    content(stage.arm("PUT", group, {"location": "westeurope"}))
    id = f"{group}/providers/Microsoft.KeyVault/vaults/{name}"
    content(stage.arm("PUT", id, {**vault_body(), "location": location}))
    stage.grant(id, "Key Vault Secrets Officer", officer.object_id)
    return stage.secrets(name, officer)


def test_s9_what_is_no_backup_of_a_vault_is_refused(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault())
    for blob in (b"", b"no backup", b"\xff" * 64):
        with pytest.raises(HttpResponseError) as error:
            client.restore_secret_backup(blob)
        assert refused(error)[:2] == (400, "BadParameter")


def test_s9_who_may_read_a_secret_may_not_take_it_out(stage: VaultStage) -> None:
    vault = stage.vault()
    stage.officer_of(vault).set_secret("password", PLANTED)
    reader = stage.identity()
    stage.grant(stage.id(vault), "Key Vault Secrets User", reader.object_id)
    client = stage.secrets(vault, reader)
    assert client.get_secret("password").value == PLANTED
    with pytest.raises(HttpResponseError) as error:
        client.backup_secret("password")
    assert (refused(error)[0], inner_code(error)) == (403, "ForbiddenByRbac")
    assert "Microsoft.KeyVault/vaults/secrets/backup/action" in refused(error)[2]
