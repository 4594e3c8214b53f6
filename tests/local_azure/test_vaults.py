"""Vaults, as azure-mgmt-keyvault sees them."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.constants import TENANT_ID
from local_azure.key_vault.vaults import FOREIGN_NAMES
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, Json, VaultStage, refused, vault_body


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def read(stage: VaultStage, name: str) -> Any:
    """The properties of a vault."""
    return stage.vaults.get(GROUP, name).properties


def test_a_vault_is_created_read_listed_changed_and_deleted(stage: VaultStage) -> None:
    name = stage.name("Kv")
    made = stage.vaults.begin_create_or_update(GROUP, name, vault_body()).result()
    assert (made.id, made.location) == (stage.id(name), "westeurope")
    assert made.properties.vault_uri == f"https://{name.lower()}.vault.azure.net/"
    assert made.properties.provisioning_state == "Succeeded"
    assert stage.vaults.update(GROUP, name, {"tags": {"team": "a"}}).tags == {"team": "a"}
    assert read(stage, name).enable_rbac_authorization is True
    assert name in [one.name for one in stage.vaults.list_by_resource_group(GROUP)]
    stage.vaults.delete(GROUP, name)
    with pytest.raises(ResourceNotFoundError):
        stage.vaults.get(GROUP, name)


def test_a_new_vault_keeps_what_is_deleted_for_ninety_days_unless_told(stage: VaultStage) -> None:
    found = read(stage, stage.vault())
    assert (found.enable_soft_delete, found.soft_delete_retention_in_days) == (True, 90)
    assert found.enable_purge_protection is None
    assert read(stage, stage.vault(softDeleteRetentionInDays=7)).soft_delete_retention_in_days == 7


@pytest.mark.parametrize("name", ["kv", "k" * 25, "1kv", "kv-", "kv--one", "-kv", "kv_one", "kv.one"])
def test_k1_an_impossible_name_is_refused(stage: VaultStage, name: str) -> None:
    answer = stage.arm("PUT", stage.id(name), vault_body())
    assert answer.status == 400
    assert stage.arm("GET", stage.id(name)).status == 404


@pytest.mark.parametrize("name", ["kv1", "K-v-1", "k" * 24])
def test_k1_every_possible_name_is_accepted(stage: VaultStage, name: str) -> None:
    assert stage.vault(name) == name


def test_k2_a_name_that_anybody_has_is_taken_in_the_whole_cloud(stage: VaultStage) -> None:
    mine, foreign = stage.vault(), stage.name()
    stage.azure.store.documents(FOREIGN_NAMES).put(foreign, {})
    other_group = stage.arm.group("rg-other")
    for name in (mine, mine.upper(), foreign):
        answer = stage.arm("PUT", f"{other_group}/providers/Microsoft.KeyVault/vaults/{name}", vault_body())
        assert isinstance(answer.body, dict)
        assert (answer.status, answer.body["error"]["code"]) == (409, "VaultAlreadyExists")
        assert answer.body["error"]["message"].startswith(f"The vault name '{name}' is already in use.")


def test_k2_whether_a_name_is_free_can_be_asked(stage: VaultStage) -> None:
    def ask(name: str) -> tuple[bool, str | None]:
        wanted = {"name": name, "type": "Microsoft.KeyVault/vaults"}
        answer = stage.vaults.check_name_availability(wanted)
        return answer.name_available, answer.reason

    gone = stage.vault()
    stage.vaults.delete(GROUP, gone)
    assert ask(stage.name()) == (True, None)
    assert ask(stage.vault()) == (False, "AlreadyExists")
    assert ask(gone) == (False, "AlreadyExists")
    assert ask("kv_one") == (False, "AccountNameInvalid")


@pytest.mark.parametrize("existing", [False, True])
def test_k6_purge_protection_is_never_false(stage: VaultStage, existing: bool) -> None:
    name = stage.vault(enablePurgeProtection=True) if existing else stage.name()
    with pytest.raises(HttpResponseError) as error:
        stage.vault(name, enablePurgeProtection=False)
    assert refused(error) == (
        400,
        "BadRequest",
        'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a '
        "vault is an irreversible action.",
    )


def test_k6_purge_protection_stays_when_it_is_no_longer_mentioned(stage: VaultStage) -> None:
    name = stage.vault(enablePurgeProtection=True)
    stage.vault(name)
    assert read(stage, name).enable_purge_protection is True


def test_k7_soft_delete_cannot_be_switched_off(stage: VaultStage) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.vault(enableSoftDelete=False)
    assert refused(error)[:2] == (400, "BadRequest")


@pytest.mark.parametrize("days", [6, 91])
def test_k8_retention_is_a_week_to_ninety_days(stage: VaultStage, days: int) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.vault(softDeleteRetentionInDays=days)
    assert refused(error)[0] == 400


def test_k8_retention_is_fixed_when_the_vault_is_created(stage: VaultStage) -> None:
    name = stage.vault(softDeleteRetentionInDays=30)
    with pytest.raises(HttpResponseError) as error:
        stage.vault(name, softDeleteRetentionInDays=31)
    assert refused(error)[0] == 400
    stage.vault(name, softDeleteRetentionInDays=30)
    stage.vault(name)
    assert read(stage, name).soft_delete_retention_in_days == 30


@pytest.mark.parametrize(("version", "default"), [("2024-11-01", False), ("2026-02-01", True)])
def test_k11_rbac_is_on_by_default_only_since_2026(stage: VaultStage, version: str, default: bool) -> None:
    said_nothing, said_false = stage.name(), stage.name()
    for name, wanted in ((said_nothing, None), (said_false, False)):
        body = vault_body(enableRbacAuthorization=wanted)
        assert stage.arm("PUT", stage.id(name), body, api_version=version).status == 201
    assert read(stage, said_nothing).enable_rbac_authorization is default
    assert read(stage, said_false).enable_rbac_authorization is False


def test_k11_an_old_version_does_not_switch_rbac_off_in_silence(stage: VaultStage) -> None:
    name = stage.vault(enableRbacAuthorization=True)
    body = vault_body(enableRbacAuthorization=None)
    assert stage.arm("PUT", stage.id(name), body, api_version="2024-11-01").status == 200
    assert read(stage, name).enable_rbac_authorization is True


@pytest.mark.parametrize("tenant", ["10ca1a2e-0000-4000-8000-00000000ffff", None])
def test_k12_a_vault_is_in_its_subscriptions_tenant(stage: VaultStage, tenant: str | None) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.vault(tenantId=tenant)
    assert refused(error)[0] == 400
    assert read(stage, stage.vault(tenantId=TENANT_ID.upper())).tenant_id.lower() == TENANT_ID


def test_a_key_vault_reader_reads_the_vault_and_writes_nothing(stage: VaultStage) -> None:
    name, reader = stage.vault(), stage.identity()
    stage.grant(stage.id(name), "Key Vault Reader", reader.object_id)
    vaults, _ = stage.vault_clients(stage.holder(reader))
    assert vaults.get(GROUP, name).name == name
    with pytest.raises(HttpResponseError) as error:
        vaults.update(GROUP, name, {"tags": {"team": "a"}})
    assert refused(error)[:2] == (403, "AuthorizationFailed")


def test_a_vault_is_served_under_the_version_that_azure_native_sends(stage: VaultStage) -> None:
    name = stage.vault()
    for version in ("2024-11-01", "2026-02-01"):
        found: Json = stage.arm("GET", stage.id(name), api_version=version).body  # pyright: ignore[reportAssignmentType]
        assert found["properties"]["vaultUri"] == f"https://{name}.vault.azure.net/"
