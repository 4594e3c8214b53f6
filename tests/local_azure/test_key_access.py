"""Who may do what with which key, as azure-keyvault-keys sees it: the grant, its scope, and its end."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.certificates import CertificateClient
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import (
    CryptographyClient,
    EncryptionAlgorithm,
    KeyWrapAlgorithm,
    SignatureAlgorithm,
)

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, VaultStage, inner_code, refused

DIGEST = hashlib.sha256(b"the quick brown fox").digest()
ENCRYPTION, WRAPPING = EncryptionAlgorithm.rsa_oaep_256, KeyWrapAlgorithm.rsa_oaep_256
READER, USER = "Key Vault Reader", "Key Vault Crypto User"
WRAPPER, OFFICER = "Key Vault Crypto Service Encryption User", "Key Vault Crypto Officer"
DOES: Mapping[str, Callable[[KeyClient, CryptographyClient], Any]] = {
    "read": lambda keys, _: keys.get_key("mine"),
    "decrypt": lambda _, crypto: crypto.decrypt(ENCRYPTION, bytes(256)),
    "sign": lambda _, crypto: crypto.sign(SignatureAlgorithm.rs256, DIGEST),
    "unwrap": lambda _, crypto: crypto.unwrap_key(WRAPPING, bytes(256)),
    "update": lambda keys, _: keys.update_key_properties("mine", tags={"team": "b"}),
    "rotate": lambda keys, _: keys.rotate_key("mine"),
    "policy": lambda keys, _: keys.get_key_rotation_policy("mine"),
    "create": lambda keys, _: keys.create_rsa_key("mine"),
    "delete": lambda keys, _: keys.begin_delete_key("mine"),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


@pytest.fixture(scope="module")
def vault(stage: VaultStage) -> str:
    """A vault with the key `mine` and its neighbour `mine-too`."""
    name = stage.vault()
    made = stage.client(KeyClient, name, stage.with_role(OFFICER, stage.id(name)))
    made.create_rsa_key("mine")
    made.create_rsa_key("mine-too")
    return name


def is_let_in(attempt: Callable[[], Any]) -> bool:
    """Whether a role is enough; what is no ciphertext is refused later, by the key, as a bad request."""
    try:
        attempt()
    except HttpResponseError as error:
        if error.status_code not in (400, 403):
            raise
        return error.status_code == 400
    return True


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (READER, {"read", "policy"}),
        (WRAPPER, {"read", "unwrap"}),
        (USER, {"read", "decrypt", "sign", "unwrap", "update"}),
        (OFFICER, {*DOES}),
        ("Key Vault Secrets Officer", set[str]()),
        ("Key Vault Contributor", set[str]()),
        ("Owner", set[str]()),
    ],
)
def test_a_role_lets_its_holder_do_just_this_with_a_key(
    stage: VaultStage, role: str, allowed: set[str]
) -> None:
    vault = stage.vault()
    stage.client(KeyClient, vault, stage.with_role(OFFICER, stage.id(vault))).create_rsa_key("mine")
    principal = stage.with_role(role, stage.id(vault))
    keys = stage.client(KeyClient, vault, principal)
    crypto = stage.crypto(f"https://{vault}.vault.azure.net/keys/mine", principal)
    done = {name for name, attempt in DOES.items() if is_let_in(lambda at=attempt: at(keys, crypto))}
    assert done == allowed


def test_without_a_grant_the_refusal_names_the_action_and_the_key(stage: VaultStage, vault: str) -> None:
    app = stage.identity()
    with pytest.raises(HttpResponseError) as error:
        stage.client(KeyClient, vault, app).get_key("mine")
    assert refused(error) == (
        403,
        "Forbidden",
        "Caller is not authorized to perform action on resource.\r\n"
        "If role assignments, deny assignments or role definitions were changed recently, please observe "
        "propagation time.\r\n"
        f"Caller: appid={app.client_id};oid={app.object_id};iss=https://sts.windows.net/{TENANT_ID}/\r\n"
        "Action: 'Microsoft.KeyVault/vaults/keys/read'\r\n"
        f"Resource: '{stage.id(vault).lower()}/keys/mine'\r\n"
        "Assignment: (not found)\r\n"
        "DenyAssignmentId: null\r\n"
        "DecisionReason: null \r\n"
        f"Vault: {vault};location=westeurope\r\n",
    )
    assert inner_code(error) == "ForbiddenByRbac"


def test_the_deployer_owns_the_subscription_and_uses_no_key(stage: VaultStage, vault: str) -> None:
    deployer = stage.person(DEPLOYER)
    with pytest.raises(HttpResponseError) as error:
        stage.crypto(f"https://{vault}.vault.azure.net/keys/mine", deployer).sign(
            SignatureAlgorithm.rs256, DIGEST
        )
    assert inner_code(error) == "ForbiddenByRbac"
    assert "Action: 'Microsoft.KeyVault/vaults/keys/sign/action'" in refused(error)[2]


def test_a_grant_on_one_key_opens_that_one_only(stage: VaultStage, vault: str) -> None:
    app = stage.with_role(USER, f"{stage.id(vault)}/keys/mine")
    keys = stage.client(KeyClient, vault, app)
    assert keys.get_key("mine").name == "mine"
    assert stage.named_key(vault, "mine", app).sign(SignatureAlgorithm.rs256, DIGEST).signature
    for wanted in ("mine-too", "none"):
        with pytest.raises(HttpResponseError) as error:
            stage.named_key(vault, wanted, app).sign(SignatureAlgorithm.rs256, DIGEST)
        assert inner_code(error) == "ForbiddenByRbac"
    with pytest.raises(HttpResponseError) as error:
        list(keys.list_properties_of_keys())
    assert inner_code(error) == "ForbiddenByRbac"


def test_a_grant_on_keys_opens_no_secret_and_the_other_way_round(stage: VaultStage, vault: str) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(vault, stage.with_role(OFFICER, stage.id(vault))).get_secret("mine")
    assert inner_code(error) == "ForbiddenByRbac"
    officer = stage.with_role("Key Vault Secrets Officer", stage.id(vault))
    with pytest.raises(HttpResponseError) as error:
        stage.client(KeyClient, vault, officer).get_key("mine")
    assert inner_code(error) == "ForbiddenByRbac"


def test_a_role_of_ones_own_can_sign_and_do_nothing_else(stage: VaultStage, vault: str) -> None:
    app = stage.with_actions(vault, ["keys/sign/action"], f"{stage.id(vault)}/keys/mine")
    keys = stage.client(KeyClient, vault, app)
    crypto = stage.named_key(vault, "mine", app)
    done = {name for name, attempt in DOES.items() if is_let_in(lambda at=attempt: at(keys, crypto))}
    assert done == {"sign"}


def test_a_grant_that_is_taken_away_ends_what_an_open_client_does_with_a_key(
    stage: VaultStage, vault: str
) -> None:
    app = stage.identity()
    made = stage.grant(f"{stage.id(vault)}/keys/mine", USER, app.object_id)
    crypto = stage.named_key(vault, "mine", app)
    assert crypto.sign(SignatureAlgorithm.rs256, DIGEST).signature
    stage.roles.delete_by_id(made.id)
    with pytest.raises(HttpResponseError) as error:
        crypto.sign(SignatureAlgorithm.rs256, DIGEST)
    assert inner_code(error) == "ForbiddenByRbac"


def test_a_closed_vault_answers_for_its_keys_and_certificates_no_more_than_for_its_secrets(
    stage: VaultStage,
) -> None:
    vault = stage.vault(publicNetworkAccess="Disabled")
    administrator = stage.with_role("Key Vault Administrator", stage.id(vault))
    keys = stage.client(KeyClient, vault, administrator)
    certificates = stage.client(CertificateClient, vault, administrator)
    for attempt in (lambda: keys.create_rsa_key("mine"), lambda: certificates.get_certificate("mine")):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert (refused(error)[0], inner_code(error)) == (403, "ForbiddenByConnection")
    # Resource Manager has the vault make a key all the same.
    made = stage.keys_by_arm.create_if_not_exist(GROUP, vault, "mine", {"properties": {"kty": "EC"}})
    assert made.key_uri == f"https://{vault}.vault.azure.net/keys/mine"
