"""A key of a vault that data is encrypted with: one shape, five services and disks."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components import (
    AppConfiguration,
    ConfigurationError,
    ContainerRegistry,
    CosmosAccount,
    DiskEncryptionSet,
    KeyVault,
    ServiceBus,
    StorageAccount,
)
from components.encryption_refusals import WAITS, Encrypts, encryption_check, until_honoured
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    IDENTITY,
    KEY_VERSION,
    PRINCIPAL,
    SUFFIX,
    VAULT,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, Later, deploy, deploy_component
from tests.unit.components.refusals import problems_of

KEY = {"id": VAULT, "endpoint": ENDPOINT, "key": "disks"}
EXISTING = {**KEY, "identity": "existing", "identity_id": IDENTITY}
MADE = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-encryption-dev-{SUFFIX}"
ONE = {"type": "UserAssigned", "userAssignedIdentities": [MADE]}
KEY_URI = f"{ENDPOINT}keys/disks"
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"

SERVICES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "storage": (StorageAccount, "storage:StorageAccount", {}),
    "bus": (ServiceBus, "servicebus:Namespace", {"tier": "premium"}),
    "cosmos": (CosmosAccount, "cosmosdb:DatabaseAccount", {"location": "westeurope"}),
    "registry": (ContainerRegistry, "containerregistry:Registry", {"tier": "premium"}),
    "store": (AppConfiguration, "appconfiguration:ConfigurationStore", {}),
    "disks": (DiskEncryptionSet, "compute:DiskEncryptionSet", {}),
}
EVERY = pytest.mark.parametrize("service", SERVICES)


def encrypted(service: str, mode: Mode = "up", /, **args: Any) -> Deployment:
    component, _, needed = SERVICES[service]
    given = {"resource_group_name": "rg-team", "encryption": KEY, **needed, **args}
    return deploy_component(component, given, mode)


def made(deployment: Deployment, service: str) -> Any:
    return deployment.one(SERVICES[service][1])


def _refused(*, service: str, **args: Any) -> Deployment:
    return encrypted(service, **args)


problems = problems_of(_refused)


@EVERY
def test_the_identity_may_use_the_key_and_nothing_else_before_anything_is_encrypted(service: str) -> None:
    deployment = encrypted(service)
    (grant,) = deployment.all("RoleAssignment")
    assert (grant.inputs["scope"], grant.inputs["principalId"]) == (f"{VAULT}/keys/disks", PRINCIPAL)
    assert grant.inputs["roleDefinitionId"].endswith(ENCRYPTION_USER)
    assert grant.inputs["principalType"] == "ServicePrincipal"
    identity, account = deployment.one("UserAssignedIdentity"), made(deployment, service)
    assert deployment.waits_for(account, grant)
    assert deployment.waits_for(grant, identity)
    assert [one for one in deployment.outputs["access"] if "key disks" in one] == list(
        deployment.outputs["access"]
    )


def test_a_storage_account_encrypts_every_service_with_the_key_and_a_second_time() -> None:
    account = made(encrypted("storage"), "storage").inputs
    whole = {"enabled": True, "keyType": "Account"}
    assert (account["identity"], account["encryption"]) == (
        ONE,
        {
            "encryptionIdentity": {"encryptionUserAssignedIdentity": MADE},
            "keySource": "Microsoft.Keyvault",
            "keyVaultProperties": {"keyName": "disks", "keyVaultUri": ENDPOINT.rstrip("/")},
            "requireInfrastructureEncryption": True,
            "services": dict.fromkeys(("blob", "file", "queue", "table"), whole),
        },
    )


def test_a_namespace_encrypts_with_the_key() -> None:
    namespace = made(encrypted("bus"), "bus").inputs
    properties = {
        "identity": {"userAssignedIdentity": MADE},
        "keyName": "disks",
        "keyVaultUri": ENDPOINT.rstrip("/"),
    }
    assert (namespace["identity"], namespace["encryption"]) == (
        ONE,
        {
            "keySource": "Microsoft.KeyVault",
            "keyVaultProperties": [properties],
            "requireInfrastructureEncryption": True,
        },
    )


def test_a_cosmos_db_account_encrypts_with_the_key_as_the_identity_that_was_let_in() -> None:
    account = made(encrypted("cosmos"), "cosmos").inputs
    assert (account["identity"], account["keyVaultKeyUri"]) == (ONE, KEY_URI)
    assert account["defaultIdentity"] == f"UserAssignedIdentity={MADE}"


def test_a_registry_encrypts_with_the_key_and_names_the_identity_by_its_client_id() -> None:
    registry = made(encrypted("registry"), "registry").inputs
    assert registry["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {MADE: {}}}
    assert registry["encryption"] == {
        "keyVaultProperties": {"identity": CLIENT, "keyIdentifier": KEY_URI},
        "status": "enabled",
    }


def test_a_configuration_store_encrypts_with_the_key() -> None:
    store = made(encrypted("store"), "store")
    properties = {"identityClientId": CLIENT, "keyIdentifier": KEY_URI}
    assert (store.inputs["identity"], store.inputs["encryption"]) == (ONE, {"keyVaultProperties": properties})
    assert store.ignore_changes == ("softDeleteRetentionInDays",)


def test_disks_are_encrypted_twice_and_follow_the_rotation_of_the_key() -> None:
    deployment = encrypted("disks", location="westeurope", tags={"team": "shop"})
    name = f"des-shop-dev-{SUFFIX}"
    assert made(deployment, "disks").inputs == {
        "activeKey": {"keyUrl": f"{KEY_URI}/{KEY_VERSION}", "sourceVault": {"id": VAULT}},
        "diskEncryptionSetName": name,
        "encryptionType": "EncryptionAtRestWithPlatformAndCustomerKeys",
        "identity": ONE,
        "location": "westeurope",
        "resourceGroupName": "rg-team",
        "rotationToLatestKeyVersionEnabled": True,
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "disk_encryption_set_id": f"{GROUP}/providers/Microsoft.Compute/diskEncryptionSets/{name}",
        "name": name,
        "identity_id": MADE,
        "principal_id": PRINCIPAL,
        "client_id": CLIENT,
        "access": deployment.outputs["access"],
    }


def test_a_set_that_disks_need_is_locked_where_that_is_said() -> None:
    assert encrypted("disks").all("ManagementLockByScope") == []
    deployment = encrypted("disks", delete_lock=True)
    lock = deployment.one("ManagementLockByScope").inputs
    assert (lock["level"], lock["scope"]) == (
        "CanNotDelete",
        deployment.plain_outputs["disk_encryption_set_id"],
    )


@pytest.mark.parametrize("service", [one for one in SERVICES if one != "disks"])
def test_where_nothing_is_said_there_is_no_identity_and_no_key_of_ones_own(service: str) -> None:
    deployment = encrypted(service, encryption=None)
    account = made(deployment, service).inputs
    assert not {"identity", "defaultIdentity", "keyVaultKeyUri"} & set(account)
    assert account.get("encryption", {}).get("keySource", "Microsoft.Storage") == "Microsoft.Storage"
    assert deployment.all("UserAssignedIdentity") == deployment.all("RoleAssignment") == []


@EVERY
def test_an_existing_identity_is_granted_by_its_owner_and_never_here(service: str) -> None:
    deployment = encrypted(service, encryption=EXISTING)
    assert deployment.all("RoleAssignment") == []
    assert deployment.one("UserAssignedIdentity").is_read
    assert IDENTITY in str(made(deployment, service).inputs["identity"])
    contract = deployment.outputs["deployer_contract"]
    assert contract["left_to_owners"] == (f"Key Vault Crypto Service Encryption User on {VAULT}/keys/disks")


@EVERY
def test_the_identity_has_the_name_that_it_is_given_and_the_tags_of_what_it_is_for(service: str) -> None:
    named = {**KEY, "identity_name": "id-mine"}
    identity = encrypted(service, encryption=named, tags={"team": "shop"}).one("UserAssignedIdentity")
    assert (identity.inputs["resourceName"], identity.inputs["tags"]) == ("id-mine", {"team": "shop"})


@EVERY
def test_who_deploys_is_told_of_the_identity_that_they_attach(service: str) -> None:
    elsewhere = IDENTITY.replace("rg-team", "rg-people")
    contract = encrypted(service, encryption={**EXISTING, "identity_id": elsewhere}).outputs
    assert f"Managed Identity Operator on {elsewhere}" in contract["deployer_contract"]["roles"]


@EVERY
def test_a_system_assigned_identity_is_refused_with_the_reason(service: str) -> None:
    assert problems(service=service, encryption={**KEY, "identity": "system-assigned"}) == [
        (
            "encryption.identity",
            "system-assigned",
            "an identity that exists before the account: Azure tries the key while it makes one",
            "write user-assigned",
        )
    ]


def test_no_identity_at_all_uses_no_key() -> None:
    ((subject, given, _, _),) = problems(service="storage", encryption={**KEY, "identity": "none"})
    assert (subject, given) == ("encryption.identity", "none")


def test_an_identity_is_made_or_named_and_never_both() -> None:
    ((subject, *_),) = problems(service="store", encryption={**KEY, "identity_id": IDENTITY})
    assert subject == "encryption.identity"
    ((subject, *_),) = problems(service="store", encryption={**KEY, "identity": "existing"})
    assert subject == "encryption.identity_id"
    ((subject, *_),) = problems(service="store", encryption={**EXISTING, "identity_name": "id-mine"})
    assert subject == "encryption.identity_id and encryption.identity_name"


@pytest.mark.parametrize("missing", ["id", "endpoint", "key"])
def test_a_key_is_named_whole(missing: str) -> None:
    given = {name: value for name, value in KEY.items() if name != missing}
    assert f"encryption.{missing}" in {subject for subject, *_ in problems(service="store", encryption=given)}


@pytest.mark.parametrize(
    ("service", "tier", "next_step"),
    [
        ("bus", "standard", "set tier to premium, or take encryption out"),
        ("registry", "basic", "set tier to premium, or take encryption out"),
        ("store", "free", "set tier to standard, or take encryption out"),
    ],
)
def test_a_tier_that_takes_no_key_is_refused(service: str, tier: str, next_step: str) -> None:
    assert problems(service=service, tier=tier) == [
        (
            "encryption",
            f"a key, in the tier {tier}",
            "one that can be encrypted with a key of yours",
            next_step,
        )
    ]


def test_what_is_adopted_is_encrypted_as_its_owner_says() -> None:
    adopted = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stteam"
    with pytest.raises(ConfigurationError, match="existing_id and encryption"):
        deploy_component(StorageAccount, {"existing_id": adopted, "encryption": KEY}, "up")


def test_a_key_that_is_known_later_is_granted_when_it_is_known() -> None:
    deployment = encrypted("storage", encryption={**KEY, "id": Later(VAULT), "endpoint": Later(ENDPOINT)})
    assert deployment.one("RoleAssignment").inputs["scope"] == f"{VAULT}/keys/disks"


def vault_and_account(**vault: Any) -> Deployment:
    def program() -> pulumi.Resource:
        keys = {"disks": {"purpose": vault.pop("purpose", "wrap")}}
        made = KeyVault("shop", {"resource_group_name": "rg-team", "generated_keys": keys, **vault})  # type: ignore[typeddict-item]
        key = made.encryption_key("disks")
        return StorageAccount("shop", {"resource_group_name": "rg-team", "encryption": key})

    return deploy(program)


def test_a_vault_gives_the_key_which_is_there_before_the_grant_on_it() -> None:
    deployment = vault_and_account()
    (grant,) = deployment.all("RoleAssignment")
    assert grant.inputs["scope"].endswith("/keys/disks")
    assert deployment.waits_for(grant, deployment.one("keyvault:Key"))


def test_a_vault_that_anybody_can_purge_gives_no_key() -> None:
    with pytest.raises(ConfigurationError) as refused:
        vault_and_account(purge_protection=False)
    assert [one.subject for one in refused.value.problems] == ["purge_protection"]


def test_a_key_that_was_made_to_sign_encrypts_nothing() -> None:
    with pytest.raises(ConfigurationError) as refused:
        vault_and_account(purpose="encrypt")
    assert [(one.subject, one.given) for one in refused.value.problems] == [("key", "a key to encrypt")]


class _Component(pulumi.ComponentResource):
    pass


def _checked(old: bool, new: bool, *, later: bool, back: bool) -> list[str]:
    """What is refused of a change from an account with or without a key to one with or without."""

    def program() -> dict[str, Any]:
        component = _Component("test:index:Account", "shop")
        how = Encrypts("storage:StorageAccount", (), later, back)
        old_inputs, new_inputs = ({"identity": ONE} if has else {} for has in (old, new))
        hook = pulumi.ResourceHookArgs("", "", "", "", new_inputs=new_inputs, old_inputs=old_inputs)
        try:
            encryption_check(component, "shop", how)(hook)
        except ConfigurationError as refused:
            return {"given": [one.given for one in refused.problems]}
        return {"given": []}

    return list(deploy(program).outputs["given"])


def test_azure_keeps_a_key_where_it_never_goes_back() -> None:
    assert _checked(True, False, later=True, back=False) == ["nothing, where a key was given"]
    assert _checked(True, False, later=True, back=True) == []


def test_a_key_that_comes_later_is_refused_where_azure_takes_one_at_creation_alone() -> None:
    assert _checked(False, True, later=False, back=False) == ["a key, for one that exists"]
    assert _checked(False, True, later=True, back=False) == []


@pytest.mark.parametrize(("old", "new"), [(False, False), (True, True)])
def test_what_stays_as_it_is_is_not_refused(old: bool, new: bool) -> None:
    assert _checked(old, new, later=False, back=False) == []


def test_only_a_grant_that_is_not_honoured_yet_is_tried_again_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("components.encryption_refusals.asyncio.sleep", sleep)
    how = Encrypts("storage:StorageAccount", ("KeyVaultAuthenticationFailure",), True, True)

    def tried(*errors: str) -> Callable[[], Any]:
        def program() -> dict[str, Any]:
            component = _Component("test:index:Account", "shop")
            failed = pulumi.ErrorHookArgs("", "", "", "", failed_operation="create", errors=list(errors))
            return {"again": pulumi.Output.from_input(until_honoured(component, how)(failed))}

        return program

    refused = "Code=KeyVaultAuthenticationFailure"
    assert deploy(tried(refused)).outputs["again"] is True
    assert deploy(tried("Code=StorageAccountAlreadyTaken")).outputs["again"] is False
    assert deploy(tried(*[refused] * len(WAITS))).outputs["again"] is True
    assert deploy(tried(*[refused] * (len(WAITS) + 1))).outputs["again"] is False
    assert [one for one in slept if one] == [WAITS[0], WAITS[-1]]
