"""A vault's secrets, as azure-keyvault-secrets sees them."""

import sqlite3
from collections.abc import Iterator

import pytest
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, VaultStage, inner_code, refused

PLANTED = 'pl"anted & väl/ue+1'
DAY = 86_400


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def test_a_secret_is_set_read_changed_listed_and_read_by_version(stage: VaultStage) -> None:
    vault = stage.vault()
    client = stage.officer_of(vault)
    first = client.set_secret("db-password", PLANTED, content_type="text/plain", tags={"team": "a"})
    second = client.set_secret("db-password", "rotated")
    assert client.get_secret("db-password").value == "rotated"
    old = client.get_secret("db-password", first.properties.version)
    assert (old.value, old.properties.content_type, old.properties.tags) == (
        PLANTED,
        "text/plain",
        {"team": "a"},
    )
    assert first.id == f"https://{vault}.vault.azure.net/secrets/db-password/{first.properties.version}"
    versions = {one.version for one in client.list_properties_of_secret_versions("db-password")}
    assert versions == {first.properties.version, second.properties.version}
    client.set_secret("api-key", "other")
    assert {one.name for one in client.list_properties_of_secrets()} == {"api-key", "db-password"}


def test_properties_change_without_a_new_version_and_without_the_value(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault())
    first = client.set_secret("password", "value", tags={"team": "a"})
    changed = client.update_secret_properties("password", content_type="text/plain")
    assert (changed.version, changed.content_type) == (first.properties.version, "text/plain")
    assert changed.tags == {"team": "a"}
    assert client.get_secret("password").value == "value"


def test_s1_a_deleted_secret_holds_its_name_until_it_is_purged(stage: VaultStage) -> None:
    vault = stage.vault()
    client = stage.officer_of(vault)
    client.set_secret("password", "value")
    client.begin_delete_secret("password").result()
    with pytest.raises(ResourceNotFoundError):
        client.get_secret("password")
    with pytest.raises(ResourceExistsError) as error:
        client.set_secret("password", "again")
    status, code, message = refused(error)
    assert (status, code, inner_code(error)) == (409, "Conflict", "ObjectIsDeletedButRecoverable")
    assert message.startswith("Secret password is currently in a deleted but recoverable state")
    client.purge_deleted_secret("password")
    assert client.set_secret("password", "again").value == "again"


def test_s1_resource_manager_cannot_write_over_a_deleted_secret_either(stage: VaultStage) -> None:
    vault = stage.vault()
    client = stage.officer_of(vault)
    client.set_secret("password", "value")
    client.begin_delete_secret("password").result()
    with pytest.raises(ResourceExistsError) as error:
        stage.secrets_by_arm.create_or_update(GROUP, vault, "password", {"properties": {"value": "again"}})
    assert refused(error)[0] == 409


def test_a_deleted_secret_can_be_recovered_with_every_version(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault(softDeleteRetentionInDays=7))
    first = client.set_secret("password", "one")
    client.set_secret("password", "two")
    deleted = client.begin_delete_secret("password").result()
    assert deleted.deleted_date
    assert deleted.scheduled_purge_date
    assert (deleted.scheduled_purge_date - deleted.deleted_date).days == 7
    assert [one.name for one in client.list_deleted_secrets()] == ["password"]
    assert client.get_deleted_secret("password").recovery_id == deleted.recovery_id
    client.begin_recover_deleted_secret("password").result()
    assert list(client.list_deleted_secrets()) == []
    assert client.get_secret("password").value == "two"
    assert client.get_secret("password", first.properties.version).value == "one"


def test_a_deleted_secret_is_gone_when_its_retention_ends(stage: VaultStage) -> None:
    vault = stage.vault(softDeleteRetentionInDays=7)
    client = stage.officer_of(vault)
    client.set_secret("password", "value")
    client.begin_delete_secret("password").result()
    stage.azure.clock.advance(7 * DAY)
    stage.sign_in()
    later = stage.officer_of(vault)
    assert list(later.list_deleted_secrets()) == []
    assert later.set_secret("password", "again").value == "again"


def test_a_vault_with_purge_protection_purges_no_secret(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault(enablePurgeProtection=True))
    client.set_secret("password", "value")
    client.begin_delete_secret("password").result()
    with pytest.raises(HttpResponseError) as error:
        client.purge_deleted_secret("password")
    assert refused(error)[0] == 403
    assert client.get_deleted_secret("password").name == "password"


def test_s3_resource_manager_writes_a_secret_and_cannot_delete_it(stage: VaultStage) -> None:
    vault = stage.vault()
    written = stage.secrets_by_arm.create_or_update(
        GROUP, vault, "password", {"properties": {"value": "value"}}
    )
    assert stage.arm("DELETE", f"{stage.id(vault)}/secrets/password").status == 405
    assert stage.officer_of(vault).get_secret("password").id == written.properties.secret_uri_with_version


def test_s7_resource_manager_never_answers_a_value(stage: VaultStage) -> None:
    vault = stage.vault()
    written = stage.secrets_by_arm.create_or_update(
        GROUP, vault, "password", {"properties": {"value": PLANTED}}
    )
    read = stage.secrets_by_arm.get(GROUP, vault, "password")
    [listed] = stage.secrets_by_arm.list(GROUP, vault)
    for answer in (written, read, listed):
        assert answer.properties.value is None
        assert PLANTED not in str(answer.as_dict())
    assert read.properties.secret_uri == f"https://{vault}.vault.azure.net/secrets/password"


def test_s7_tags_change_through_resource_manager_without_touching_the_value(stage: VaultStage) -> None:
    vault = stage.vault()
    stage.secrets_by_arm.create_or_update(GROUP, vault, "password", {"properties": {"value": "value"}})
    stage.secrets_by_arm.update(GROUP, vault, "password", {"tags": {"team": "a"}})
    found = stage.officer_of(vault).get_secret("password")
    assert (found.value, found.properties.tags) == ("value", {"team": "a"})


@pytest.mark.parametrize("name", ["db_password", "db.password", "p" * 128, "pässword"])
def test_s5_an_impossible_secret_name_is_refused_by_both_ways_in(stage: VaultStage, name: str) -> None:
    vault = stage.vault()
    with pytest.raises(HttpResponseError) as error:
        stage.officer_of(vault).set_secret(name, "value")
    assert refused(error)[0] == 400
    path = f"{stage.id(vault)}/secrets/{name}"
    assert stage.arm("PUT", path, {"properties": {"value": "value"}}).status == 400


@pytest.mark.parametrize("name", ["0", "A-1", "p" * 127])
def test_s5_every_possible_secret_name_is_accepted(stage: VaultStage, name: str) -> None:
    assert stage.officer_of(stage.vault()).set_secret(name, "value").name == name


def test_s8_a_disabled_secret_is_listed_and_not_read(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault())
    client.set_secret("off", "value", enabled=False)
    client.set_secret("on", "value")
    assert {one.name: one.enabled for one in client.list_properties_of_secrets()} == {
        "off": False,
        "on": True,
    }
    with pytest.raises(HttpResponseError) as error:
        client.get_secret("off")
    assert (refused(error)[0], inner_code(error)) == (403, "SecretDisabled")
    client.update_secret_properties("off", enabled=True)
    assert client.get_secret("off").value == "value"


def test_what_is_missing_is_named(stage: VaultStage) -> None:
    client = stage.officer_of(stage.vault())
    with pytest.raises(ResourceNotFoundError) as error:
        client.get_secret("password")
    assert refused(error)[1] == "SecretNotFound"
    client.set_secret("password", "value")
    with pytest.raises(ResourceNotFoundError) as error:
        client.get_secret("password", "0" * 32)
    assert refused(error)[1] == "SecretNotFound"


def test_a_body_that_is_no_json_is_a_bad_request(stage: VaultStage) -> None:
    vault, officer = stage.vault(), stage.identity()
    stage.grant(stage.id(vault), "Key Vault Secrets Officer", officer.object_id)
    token, _ = stage.azure.entra.issue(officer, "https://vault.azure.net")
    with stage.http() as client:
        answer = client.put(
            f"https://{vault}.vault.azure.net/secrets/password?api-version=7.4",
            content=b"{not json",
            headers={"Authorization": f"Bearer {token}"},
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadParameter")


def test_no_value_lies_in_clear_in_the_store(stage: VaultStage) -> None:
    vault = stage.vault()
    stage.officer_of(vault).set_secret("by-client", "planted-by-client")
    stage.secrets_by_arm.create_or_update(GROUP, vault, "by-arm", {"properties": {"value": "planted-by-arm"}})
    source = sqlite3.connect(stage.azure.state / "azure.db")
    content = "\n".join(source.iterdump())
    source.close()
    assert "by-client" in content
    assert "planted-by" not in content
    assert (stage.azure.state / "store.key").stat().st_mode & 0o777 == 0o600
