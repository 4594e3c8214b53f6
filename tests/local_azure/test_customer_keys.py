"""Keys of vaults that others encrypt with, as Microsoft's clients find them: of management, and of data."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from azure.appconfiguration import AzureAppConfigurationClient
from azure.containerregistry import ContainerRegistryClient
from azure.core.exceptions import HttpResponseError
from azure.keyvault.keys import KeyClient
from azure.mgmt.appconfiguration import AppConfigurationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.cosmosdb import CosmosDBManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.servicebus import ServiceBusManagementClient
from azure.servicebus.exceptions import ServiceBusError

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.entra.directory import Principal
from local_azure.key_vault.customer_keys import HELD
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.messaging_stage import RECEIVER, MessagingStage
from tests.local_azure.storage_stage import CONTAINER, StorageStage, account_body, words_of
from tests.local_azure.vault_stage import GROUP, Json

USER = "Key Vault Crypto Service Encryption User"


class Stage(MessagingStage, StorageStage):  # pyright: ignore[reportIncompatibleMethodOverride]
    """One running local Azure, with whatever encrypts."""

    def management(self, kind: Callable[..., Any]) -> Any:
        return kind(self.holder(self.person_who_deploys), SUBSCRIPTION_ID, **self.trust)

    @property
    def person_who_deploys(self) -> Principal:
        principal = self.azure.entra.principal(DEPLOYER.object_id)
        assert principal
        return principal

    def key(self, vault: str, name: str = "data", **attributes: Any) -> Any:
        """Make an RSA key in a vault; the vault's client of its officer."""
        officer = self.client(KeyClient, vault, self.with_role("Key Vault Crypto Officer", self.id(vault)))
        officer.create_rsa_key(name, **attributes)
        return officer

    def attached(self) -> Any:
        """A user-assigned identity."""
        identities = self.management(ManagedServiceIdentityClient).user_assigned_identities
        return identities.create_or_update(GROUP, self.name("id"), {"location": "westeurope"})


@dataclass
class Given:
    """A key, its vault and who uses it; `may` lets them."""

    stage: Stage
    vault: str
    keys: Any
    identity: Any

    @property
    def uri(self) -> str:
        return f"https://{self.vault}.vault.azure.net/keys/data"

    @property
    def block(self) -> Json:
        return {"type": "UserAssigned", "userAssignedIdentities": {self.identity.id: {}}}

    def may(self) -> Any:
        scope = f"{self.stage.id(self.vault)}/keys/data"
        return self.stage.grant(scope, USER, self.identity.principal_id)

    def disable(self, enabled: bool = False) -> None:
        self.keys.update_key_properties("data", enabled=enabled)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


@pytest.fixture
def given(stage: Stage) -> Iterator[Given]:
    stage.sign_in()
    vault = stage.vault(enablePurgeProtection=True)
    yield Given(stage, vault, stage.key(vault), stage.attached())
    stage.azure.authorizer.set_propagation()


def account(given: Given, **properties: Any) -> str:
    name = f"st{uuid.uuid4().hex[:12]}"
    encryption = {
        "keySource": "Microsoft.Keyvault",
        "keyvaultproperties": {"keyname": "data", "keyvaulturi": given.uri.partition("/keys")[0]},
        "identity": {"userAssignedIdentity": given.identity.id},
        **properties,
    }
    body = {**account_body(encryption=encryption), "identity": given.block}
    given.stage.storage.storage_accounts.begin_create(GROUP, name, body).result()
    return name


def namespace(given: Given, tier: str = "Premium", name: str = "", **properties: Any) -> str:
    name = name or given.stage.name("ns")
    key = {
        "keyName": "data",
        "keyVaultUri": given.uri.partition("/keys")[0],
        "identity": {"userAssignedIdentity": given.identity.id},
    }
    encryption = {"keySource": "Microsoft.KeyVault", "keyVaultProperties": [key]}
    body = {
        "location": "westeurope",
        "sku": {"name": tier},
        "identity": given.block,
        "properties": {"disableLocalAuth": True, "encryption": encryption, **properties},
    }
    spaces = given.stage.management(ServiceBusManagementClient).namespaces
    spaces.begin_create_or_update(GROUP, name, body).result()
    return name


def store(given: Given, tier: str = "standard") -> str:
    name = given.stage.name("appcs")
    key = {"keyIdentifier": given.uri, "identityClientId": given.identity.client_id}
    body = {
        "location": "westeurope",
        "sku": {"name": tier},
        "identity": given.block,
        "properties": {"disableLocalAuth": True, "encryption": {"keyVaultProperties": key}},
    }
    stores = given.stage.management(AppConfigurationManagementClient).configuration_stores
    stores.begin_create(GROUP, name, body).result()
    return name


def cosmos(given: Given, identity: str | None = None) -> str:
    name = given.stage.name("cosmos")
    properties = {
        "databaseAccountOfferType": "Standard",
        "locations": [{"locationName": "westeurope", "failoverPriority": 0}],
        "keyVaultKeyUri": given.uri,
        "defaultIdentity": identity or f"UserAssignedIdentity={given.identity.id}",
    }
    body = {"location": "westeurope", "identity": given.block, "properties": properties}
    accounts = given.stage.management(CosmosDBManagementClient).database_accounts
    accounts.begin_create_or_update(GROUP, name, body).result()
    return name


def registry(given: Given, sku: str = "Premium", name: str = "", **properties: Any) -> str:
    name = name or given.stage.name("cr").replace("-", "")
    key = {"keyIdentifier": given.uri, "identity": given.identity.client_id}
    body = {
        "location": "westeurope",
        "sku": {"name": sku},
        "identity": given.block,
        "properties": {"encryption": {"status": "enabled", "keyVaultProperties": key}, **properties},
    }
    registries = given.stage.management(ContainerRegistryManagementClient).registries
    registries.begin_create(GROUP, name, body).result()
    return name


def disks(given: Given, url: str = "") -> Any:
    version = given.keys.get_key("data").id
    properties = {
        "activeKey": {"keyUrl": url or version, "sourceVault": {"id": given.stage.id(given.vault)}},
        "encryptionType": "EncryptionAtRestWithCustomerKey",
        "rotationToLatestKeyVersionEnabled": True,
    }
    body = {"location": "westeurope", "identity": given.block, "properties": properties}
    sets = given.stage.management(ComputeManagementClient).disk_encryption_sets
    return sets.begin_create_or_update(GROUP, given.stage.name("des"), body).result()


EVERY = pytest.mark.parametrize("made", [account, namespace, store, cosmos, registry, disks])


def refusal(attempt: Callable[[], Any]) -> tuple[int | None, str, str]:
    """Status, code and message of a refusal by Resource Manager."""
    with pytest.raises(HttpResponseError) as refused:
        attempt()
    error = refused.value.error
    return refused.value.status_code, str(error and error.code), str(error and error.message)


@EVERY
def test_c10_an_account_is_made_once_its_identity_may_use_the_key(
    given: Given, made: Callable[[Given], Any]
) -> None:
    """(C10)"""
    assert refusal(lambda: made(given))[0] in (400, 403)
    given.stage.azure.authorizer.set_propagation(requests=1)
    given.may()
    assert refusal(lambda: made(given))[0] in (400, 403)
    made(given)


def test_c10_storage_says_that_it_is_not_let_in(given: Given) -> None:
    """(C10)"""
    assert refusal(lambda: account(given))[:2] == (403, "KeyVaultAuthenticationFailure")


def test_an_identity_that_is_not_attached_uses_no_key(given: Given) -> None:
    """(C10)"""
    given.may()
    other = {"userAssignedIdentity": given.stage.attached().id}
    assert refusal(lambda: account(given, identity=other))[:2] == (403, "KeyVaultAuthenticationFailure")


@EVERY
def test_c11_a_vault_that_can_be_purged_gives_no_key(stage: Stage, made: Callable[[Given], Any]) -> None:
    """(C11)"""
    stage.sign_in()
    vault = stage.vault()
    given = Given(stage, vault, stage.key(vault), stage.attached())
    given.may()
    status, code, _ = refusal(lambda: made(given))
    assert status == 400
    assert (code == "KeyVaultPolicyError") is (made is account)


def test_c12_a_key_that_cannot_wrap_is_refused(given: Given) -> None:
    """(C12)"""
    given.may()
    given.disable()
    assert refusal(lambda: account(given))[0] == 400
    given.disable(enabled=True)
    given.keys.update_key_properties("data", key_operations=["sign", "verify"])
    assert refusal(lambda: account(given))[0] == 400
    missing = {"keyname": "missing", "keyvaulturi": given.uri.partition("/keys")[0]}
    given.stage.grant(given.stage.id(given.vault), USER, given.identity.principal_id)
    assert refusal(lambda: account(given, keyvaultproperties=missing))[0] == 400
    given.keys.update_key_properties("data", key_operations=["wrapKey", "unwrapKey"])
    account(given)


@pytest.mark.parametrize(("bypass", "works"), [("AzureServices", True), ("None", False)])
def test_c12_a_closed_vault_lets_services_in_that_it_trusts(given: Given, bypass: str, works: bool) -> None:
    """(C12)"""
    given.may()
    acls = {"defaultAction": "Deny", "bypass": bypass}
    given.stage.vault(given.vault, enablePurgeProtection=True, networkAcls=acls)
    if works:
        account(given)
    else:
        assert refusal(lambda: account(given))[:2] == (403, "KeyVaultAuthenticationFailure")


def read_blobs(given: Given) -> Callable[[], Any]:
    name = account(given)
    given.stage.storage.blob_containers.create(GROUP, name, CONTAINER, {})
    reader = given.stage.reader_of(name, "Storage Blob Data Contributor")
    blobs = given.stage.as_(name, reader).get_container_client(CONTAINER)
    blobs.upload_blob("daily.txt", b"daily")
    return lambda: blobs.download_blob("daily.txt").readall()


def test_c13_without_its_key_an_account_answers_nobody_and_with_it_everybody_again(given: Given) -> None:
    """(C13)"""
    grant = given.may()
    read, clock = read_blobs(given), given.stage.azure.clock
    assert read() == b"daily"
    for lose, code, find in (
        (given.disable, "KeyVaultEncryptionKeyNotFound", lambda: given.disable(enabled=True)),
        (lambda: given.stage.roles.delete_by_id(grant.id), "KeyVaultEncryptionKeyNotFound", given.may),
    ):
        lose()
        clock.advance(HELD - 60)
        assert read() == b"daily"
        clock.advance(60)
        given.stage.sign_in()
        with pytest.raises(HttpResponseError) as refused:
            read()
        assert words_of(refused.value) == (403, code)
        find()
        assert read() == b"daily"


def test_an_account_whose_identity_is_gone_says_so(given: Given) -> None:
    """(C13)"""
    given.may()
    read = read_blobs(given)
    identities = given.stage.management(ManagedServiceIdentityClient).user_assigned_identities
    identities.delete(GROUP, given.identity.name)
    given.stage.azure.clock.advance(HELD)
    with pytest.raises(HttpResponseError) as refused:
        read()
    assert words_of(refused.value) == (403, "KeyVaultAccessTokenCannotBeAcquired")


def test_c13_a_rotation_is_followed_and_felt_by_nobody(given: Given) -> None:
    """(C13)"""
    given.may()
    name = account(given)
    accounts = given.stage.storage.storage_accounts
    used = [accounts.get_properties(GROUP, name).encryption.key_vault_properties]
    rotated = given.keys.rotate_key("data").id
    used.append(accounts.get_properties(GROUP, name).encryption.key_vault_properties)
    assert [one.key_version for one in used] == [None, None]
    assert used[0].current_versioned_key_identifier != used[1].current_versioned_key_identifier == rotated


def test_c14_queues_and_tables_have_the_key_from_the_beginning_or_never(given: Given) -> None:
    """(C14)"""
    given.may()
    whole = {"enabled": True, "keyType": "Account"}
    name = account(given)
    later = {"encryption": {"services": {"queue": whole}}}
    body = {**account_body(**later), "identity": given.block}
    accounts = given.stage.storage.storage_accounts
    refused = refusal(lambda: accounts.begin_create(GROUP, name, body).result())
    assert refused[:2] == (409, "PropertyCannotBeUpdated")
    other = account(given, services={"queue": whole, "table": whole})
    assert accounts.get_properties(GROUP, other).encryption.services.table.key_type == "Account"


def test_c15_a_namespace_takes_a_key_while_it_is_empty(given: Given) -> None:
    """(C15)"""
    given.may()
    assert refusal(lambda: namespace(given, "Standard"))[0] == 400
    empty, used = given.stage.namespace("Premium"), given.stage.namespace("Premium")
    given.stage.queue(used)
    namespace(given, name=empty)
    assert refusal(lambda: namespace(given, name=used))[0] == 400
    assert refusal(lambda: namespace(given, name=empty, encryption={"keyVaultProperties": []}))[0] == 400


def test_c15_a_namespace_without_its_key_takes_no_message(given: Given) -> None:
    """(C15)"""
    given.may()
    name = namespace(given)
    receiver = given.stage.with_role(RECEIVER, given.stage.queue(name))

    def receive() -> list[Any]:
        client = given.stage.bus(name, receiver)
        with client, client.get_queue_receiver("orders", max_wait_time=1) as messages:
            return list(messages.peek_messages())

    assert receive() == []
    given.disable()
    given.stage.azure.clock.advance(HELD)
    with pytest.raises(ServiceBusError) as refused:
        receive()
    assert "cannot use the key" in str(refused.value.inner_exception)


@pytest.mark.parametrize("tier", ["free", "developer"])
def test_c16_a_store_takes_a_key_in_the_tiers_that_have_one(given: Given, tier: str) -> None:
    """(C16)"""
    given.may()
    assert refusal(lambda: store(given, tier))[0] == 400
    store(given, "premium")


def test_c16_a_store_without_its_key_gives_no_value(given: Given) -> None:
    """(C16)"""
    given.may()
    name = store(given)
    scope = f"{given.stage.group}/providers/Microsoft.AppConfiguration/configurationStores/{name}"
    reader = given.stage.holder(given.stage.with_role("App Configuration Data Reader", scope))
    settings = AzureAppConfigurationClient(
        f"https://{name}.azconfig.io", reader, retry_total=0, **given.stage.trust
    )
    assert list(settings.list_configuration_settings()) == []
    given.disable()
    given.stage.azure.clock.advance(HELD)
    with pytest.raises(HttpResponseError) as refused:
        list(settings.list_configuration_settings())
    assert refused.value.status_code == 403


def test_c17_the_default_identity_of_an_account_uses_its_key(given: Given) -> None:
    """(C17)"""
    given.may()
    for identity in ("FirstPartyIdentity", "SystemAssignedIdentity"):
        assert refusal(lambda identity=identity: cosmos(given, identity))[:2] == (400, "BadRequest")
    other = given.stage.attached()
    assert refusal(lambda: cosmos(given, f"UserAssignedIdentity={other.id}"))[:2] == (400, "BadRequest")
    cosmos(given)


def test_c17_an_account_without_its_key_gives_no_item(given: Given) -> None:
    """(C17)"""
    given.may()
    name = cosmos(given)
    token = given.stage.azure.entra.issue(
        given.stage.person_who_deploys, f"https://{name}.documents.azure.com"
    )
    headers = {
        "authorization": f"type%3daad%26ver%3d1.0%26sig%3d{token[0]}",
        "x-ms-version": "2020-07-15",
        "x-ms-date": "now",
    }
    with given.stage.http() as http:
        address = f"https://{name}.documents.azure.com/dbs"
        assert http.get(address, headers=headers).headers.get("x-ms-substatus") != "4002"
        given.disable()
        given.stage.azure.clock.advance(HELD // 2)
        given.stage.azure.clock.advance(HELD // 2 - 1)
        assert http.get(address, headers=headers).headers.get("x-ms-substatus") != "4002"
        given.stage.azure.clock.advance(1)
        token = given.stage.azure.entra.issue(
            given.stage.person_who_deploys, f"https://{name}.documents.azure.com"
        )
        headers["authorization"] = f"type%3daad%26ver%3d1.0%26sig%3d{token[0]}"
        refused = http.get(address, headers=headers)
    assert (refused.status_code, refused.headers["x-ms-substatus"]) == (403, "4002")


def test_c18_a_registry_takes_a_key_when_it_is_made(given: Given) -> None:
    """(C18)"""
    given.may()
    assert refusal(lambda: registry(given, "Standard"))[:2] == (400, "InvalidSku")
    made, plain = registry(given), given.stage.name("cr").replace("-", "")
    registries = given.stage.management(ContainerRegistryManagementClient).registries
    body = {"location": "westeurope", "sku": {"name": "Premium"}, "properties": {}}
    registries.begin_create(GROUP, plain, body).result()
    assert refusal(lambda: registry(given, name=plain))[0] == 400
    off: Json = {"encryption": {"status": "disabled"}}
    assert refusal(lambda: registry(given, name=made, **off))[0] == 400
    registry(given, name=made)


def test_c18_a_registry_names_the_key_that_it_cannot_use(given: Given) -> None:
    """(C18)"""
    status, _, message = refusal(lambda: registry(given))
    assert status == 400
    assert message.startswith(f"Failed to access KeyId '{given.uri}'. Verify that identity")


def test_c18_a_registry_without_its_key_gives_no_image(given: Given) -> None:
    """(C18)"""
    given.may()
    name = registry(given)
    scope = f"{given.stage.group}/providers/Microsoft.ContainerRegistry/registries/{name}"
    holder = given.stage.holder(given.stage.with_role("AcrPull", scope))
    address, way = f"https://{name}.azurecr.io", given.stage.trust
    images: Any = ContainerRegistryClient(address, holder, retry_total=0, **way)
    assert list(images.list_repository_names()) == []
    given.disable()
    given.stage.azure.clock.advance(HELD)
    images = ContainerRegistryClient(address, holder, retry_total=0, **way)
    with pytest.raises(HttpResponseError) as refused:
        list(images.list_repository_names())
    assert refused.value.status_code == 403


def test_c19_a_set_is_made_once_its_identity_may_use_the_key(given: Given) -> None:
    """(C19)"""
    assert refusal(lambda: disks(given))[:2] == (400, "KeyVaultAccessForbidden")
    given.may()
    assert refusal(lambda: disks(given, given.uri))[0] == 400
    made = disks(given)
    assert (
        made.identity.user_assigned_identities[given.identity.id].principal_id == given.identity.principal_id
    )


def test_c19_a_set_that_follows_rotation_shows_the_newest_version(given: Given) -> None:
    """(C19)"""
    given.may()
    made = disks(given)
    rotated = given.keys.rotate_key("data").id
    sets = given.stage.management(ComputeManagementClient).disk_encryption_sets
    assert sets.get(GROUP, made.name).active_key.key_url == rotated != made.active_key.key_url
