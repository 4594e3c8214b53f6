"""Keys at a vault: what they do and what they never give away, as azure-keyvault-keys sees them."""

import base64
import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.keyvault.keys import (
    ApiVersion,
    KeyClient,
    KeyCurveName,
    KeyRotationLifetimeAction,
    KeyRotationPolicy,
)
from azure.keyvault.keys.crypto import (
    CryptographyClient,
    EncryptionAlgorithm,
    KeyWrapAlgorithm,
    SignatureAlgorithm,
)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils

from local_azure.entra.directory import Principal
from local_azure.key_vault.key_versions import VaultKeys
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, VaultStage, inner_code, refused

DAY = 86_400
TEXT = b"the quick brown fox"
DIGESTS = {
    "256": hashlib.sha256(TEXT).digest(),
    "384": hashlib.sha384(TEXT).digest(),
    "512": hashlib.sha512(TEXT).digest(),
    "56K": hashlib.sha256(TEXT).digest(),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def officer(stage: VaultStage, vault: str) -> KeyClient:
    """The client of a new identity that may do everything with the vault's keys."""
    return stage.client(KeyClient, vault, stage.with_role("Key Vault Crypto Officer", stage.id(vault)))


@dataclass(frozen=True)
class Bench:
    """Keys by their kind, and two who use them."""

    stage: VaultStage
    keys: Mapping[str, str]
    user: Principal
    blind: Principal

    def theirs(self, kind: str) -> CryptographyClient:
        """Of somebody who may use the key and read its public part, so that the client does what it can."""
        return self.stage.crypto(self.keys[kind], self.user)

    def remote(self, kind: str) -> CryptographyClient:
        """Of somebody who may use the key and not read it, so that the vault does all the work."""
        return self.stage.crypto(self.keys[kind], self.blind)


@pytest.fixture(scope="module")
def bench(stage: VaultStage) -> Bench:
    vault = stage.vault()
    client = officer(stage, vault)
    keys = {"RSA": str(client.create_rsa_key("sealing").id)}
    for curve in ("P-256", "P-384", "P-521", "P-256K"):
        keys[curve] = str(client.create_ec_key(curve, curve=KeyCurveName(curve)).id)
    blind = stage.with_actions(vault, ("keys/encrypt/action", "keys/wrap/action", "keys/verify/action"))
    return Bench(stage, keys, stage.with_role("Key Vault Crypto User", stage.id(vault)), blind)


def test_a_key_is_made_read_listed_changed_and_deleted(stage: VaultStage) -> None:
    client = officer(stage, stage.vault(softDeleteRetentionInDays=7))
    first = client.create_rsa_key("sealing", size=2048, tags={"team": "a"})
    second = client.create_rsa_key("sealing", size=3072)
    assert (first.name, first.key_type, first.properties.tags) == ("sealing", "RSA", {"team": "a"})
    assert client.get_key("sealing").id == second.id
    assert client.get_key("sealing", first.properties.version).id == first.id
    assert [one.id for one in client.list_properties_of_key_versions("sealing")] == [first.id, second.id]
    assert [one.name for one in client.list_properties_of_keys()] == ["sealing"]
    changed = client.update_key_properties("sealing", enabled=False, tags={"team": "b"})
    assert (changed.properties.enabled, changed.properties.tags) == (False, {"team": "b"})

    deleted: Any = client.begin_delete_key("sealing").result()
    assert (deleted.scheduled_purge_date - deleted.deleted_date).days == 7
    assert [one.name for one in client.list_deleted_keys()] == ["sealing"]
    with pytest.raises(ResourceNotFoundError) as error:
        client.get_key("sealing")
    assert refused(error)[1] == "KeyNotFound"
    with pytest.raises(HttpResponseError) as held:
        client.create_rsa_key("sealing")
    assert (refused(held)[0], inner_code(held)) == (409, "ObjectIsDeletedButRecoverable")
    client.begin_recover_deleted_key("sealing").result()
    assert client.get_key("sealing").id == second.id
    client.begin_delete_key("sealing").result()
    client.purge_deleted_key("sealing")
    assert list(client.list_deleted_keys()) == []


@pytest.mark.parametrize("version", [version.value for version in ApiVersion])
def test_every_version_that_the_client_of_keys_can_speak_is_served(stage: VaultStage, version: str) -> None:
    vault = stage.vault()
    made = officer(stage, vault).create_ec_key("signing")
    reader = stage.with_role("Key Vault Reader", stage.id(vault))
    host = f"https://{vault}.vault.azure.net"
    client = KeyClient(host, stage.holder(reader), api_version=version, **stage.trust)
    assert client.get_key("signing").id == made.id


@pytest.mark.parametrize("algorithm", ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"])
def test_what_the_vault_encrypts_and_wraps_it_opens_again(bench: Bench, algorithm: str) -> None:
    encryption, wrapping = EncryptionAlgorithm(algorithm), KeyWrapAlgorithm(algorithm)
    user, remote = bench.theirs("RSA"), bench.remote("RSA")
    sealed = remote.encrypt(encryption, TEXT)
    assert sealed.key_id == bench.keys["RSA"]
    assert TEXT not in sealed.ciphertext
    assert user.decrypt(encryption, sealed.ciphertext).plaintext == TEXT
    # The client itself encrypts where it may read the public part; the vault opens that, too.
    local = user.encrypt(encryption, TEXT)
    assert user.decrypt(encryption, local.ciphertext).plaintext == TEXT
    wrapped = remote.wrap_key(wrapping, TEXT)
    assert user.unwrap_key(wrapping, wrapped.encrypted_key).key == TEXT


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        *((one, "RSA") for one in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
        ("ES256", "P-256"),
        ("ES384", "P-384"),
        ("ES512", "P-521"),
        ("ES256K", "P-256K"),
    ],
)
def test_what_the_vault_signs_anybody_verifies(bench: Bench, algorithm: str, kind: str) -> None:
    chosen, digest = SignatureAlgorithm(algorithm), DIGESTS[algorithm[-3:]]
    user, remote = bench.theirs(kind), bench.remote(kind)
    signature = user.sign(chosen, digest).signature
    assert user.verify(chosen, digest, signature).is_valid  # by the client, with the public part
    assert remote.verify(chosen, digest, signature).is_valid  # by the vault
    other = bytes([digest[0] ^ 1]) + digest[1:]
    assert not remote.verify(chosen, other, signature).is_valid


def test_a_signature_of_the_vault_is_the_algorithms_own(bench: Bench) -> None:
    signature = bench.theirs("RSA").sign(SignatureAlgorithm.ps256, DIGESTS["256"]).signature
    client = bench.stage.client(KeyClient, bench.keys["RSA"][8:].partition(".")[0], bench.user)
    key: Any = client.get_key("sealing").key
    numbers = (int.from_bytes(one, "big") for one in (key.e, key.n))
    public = rsa.RSAPublicNumbers(*numbers).public_key()
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    public.verify(signature, DIGESTS["256"], scheme, utils.Prehashed(hashes.SHA256()))


def test_c1_a_key_does_only_what_it_is_for_whatever_the_role(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    key: Any = client.create_rsa_key("signing", key_operations=["sign", "verify"])
    assert key.key_operations == ["sign", "verify"]
    user = stage.crypto(key.id, stage.with_role("Key Vault Crypto Officer", stage.id(vault)))
    assert user.sign(SignatureAlgorithm.rs256, DIGESTS["256"]).signature
    with pytest.raises(HttpResponseError) as error:
        user.decrypt(EncryptionAlgorithm.rsa_oaep, bytes(256))
    assert refused(error) == (403, "Forbidden", "Operation decrypt is not permitted on this key.")
    assert inner_code(error) == "KeyOperationForbidden"


def test_c1_a_key_that_is_switched_off_or_over_does_less(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    off: Any = client.create_ec_key("off", enabled=False)
    past = datetime.fromtimestamp(stage.azure.clock.now() - DAY, UTC)
    later = datetime.fromtimestamp(stage.azure.clock.now() + DAY, UTC)
    over: Any = client.create_rsa_key("over", expires_on=past)
    soon: Any = client.create_rsa_key("soon", not_before=later)
    user = stage.with_role("Key Vault Crypto User", stage.id(vault))
    codes: list[str | None] = []
    for key, algorithm in (
        (off, SignatureAlgorithm.es256),
        (over, SignatureAlgorithm.rs256),
        (soon, SignatureAlgorithm.rs256),
    ):
        with pytest.raises(HttpResponseError) as error:
            stage.crypto(key.id, user).sign(algorithm, DIGESTS["256"])
        assert refused(error)[0] == 403
        codes.append(inner_code(error))
    assert codes == ["KeyDisabled", "KeyExpired", "KeyNotYetValid"]
    sealed = stage.crypto(over.id, user).encrypt(EncryptionAlgorithm.rsa_oaep_256, TEXT)
    opened = stage.crypto(over.id, user).decrypt(EncryptionAlgorithm.rsa_oaep_256, sealed.ciphertext)
    assert opened.plaintext == TEXT


@pytest.mark.parametrize(
    "body",
    [
        {"kty": "oct", "key_size": 256},
        {"kty": "RSA-HSM"},
        {"kty": "EC-HSM"},
        {"kty": "RSA", "key_size": 1024},
        {"kty": "EC", "crv": "P-192"},
        {"kty": "EC", "key_ops": ["encrypt"]},
        {},
    ],
    ids=lambda body: " ".join(map(str, body.values())),
)
def test_c2_a_key_of_a_kind_that_no_standard_vault_has_is_refused(
    stage: VaultStage, body: dict[str, Any]
) -> None:
    vault = stage.vault()
    token, _ = stage.azure.entra.issue(
        stage.with_role("Key Vault Crypto Officer", stage.id(vault)), "https://vault.azure.net"
    )
    with stage.http() as client:
        answer = client.post(
            f"https://{vault}.vault.azure.net/keys/odd/create?api-version=7.6",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadParameter")


@pytest.mark.parametrize(
    ("algorithm", "digest"), [("ES256", DIGESTS["256"]), ("RS256", DIGESTS["512"]), ("RS999", b"1")]
)
def test_an_algorithm_or_a_digest_that_does_not_fit_is_a_bad_request(
    bench: Bench, algorithm: str, digest: bytes
) -> None:
    wanted: Any = algorithm
    with pytest.raises(HttpResponseError) as error:
        bench.theirs("RSA").sign(wanted, digest)
    assert refused(error)[:2] == (400, "BadParameter")


def test_c3_the_private_part_of_a_key_is_in_no_answer(stage: VaultStage) -> None:
    vault = stage.vault()
    principal = stage.with_role("Key Vault Administrator", stage.id(vault))
    client = stage.client(KeyClient, vault, principal)
    made: list[Any] = [client.create_rsa_key("sealing"), client.create_ec_key("signing")]
    token, _ = stage.azure.entra.issue(principal, "https://vault.azure.net")
    with stage.http() as raw:
        answers = [
            raw.get(f"{one.id}?api-version=7.6", headers={"Authorization": f"Bearer {token}"}).json()["key"]
            for one in made
        ]
    assert [set(one) for one in answers] == [
        {"kid", "kty", "key_ops", "n", "e"},
        {"kid", "kty", "key_ops", "crv", "x", "y"},
    ]
    listed: Any = stage.arm("GET", f"{stage.id(vault)}/keys").body
    assert "PRIVATE KEY" not in str(listed)
    assert {"kty", "keySize", "keyUri"} <= set(listed["value"][0]["properties"])


def test_c4_a_key_has_a_policy_that_only_notifies_until_it_gets_another(stage: VaultStage) -> None:
    client = officer(stage, stage.vault())
    client.create_rsa_key("sealing")
    [action] = client.get_key_rotation_policy("sealing").lifetime_actions
    assert (action.action, action.time_before_expiry, action.time_after_create) == ("Notify", "P30D", None)
    rotates = KeyRotationLifetimeAction("Rotate", time_after_create="P90D")
    wanted = KeyRotationPolicy(lifetime_actions=[rotates], expires_in="P2Y")
    written = client.update_key_rotation_policy("sealing", wanted)
    read = client.get_key_rotation_policy("sealing")
    [action] = read.lifetime_actions
    assert (action.action, action.time_after_create, read.expires_in) == ("Rotate", "P90D", "P2Y")
    assert written.updated_on == read.updated_on


@pytest.mark.parametrize(
    ("expires", "after", "before"),
    [
        ("P20D", "P10D", None),
        (None, "P3D", None),
        ("P30D", "P27D", None),
        (None, None, "P30D"),
        (None, "soon", None),
    ],
)
def test_c4_a_policy_that_turns_keys_over_too_fast_is_refused(
    stage: VaultStage, expires: str | None, after: str | None, before: str | None
) -> None:
    client = officer(stage, stage.vault())
    client.create_rsa_key("sealing")
    action = KeyRotationLifetimeAction("Rotate", time_after_create=after, time_before_expiry=before)
    with pytest.raises(HttpResponseError) as error:
        client.update_key_rotation_policy(
            "sealing", KeyRotationPolicy(lifetime_actions=[action], expires_in=expires)
        )
    assert (refused(error)[0], inner_code(error)) == (400, "InvalidKeyRotationPolicy")


def test_a_key_is_rotated_by_hand(stage: VaultStage) -> None:
    client = officer(stage, stage.vault())
    first = client.create_rsa_key("sealing", size=3072, key_operations=["wrapKey", "unwrapKey"])
    second: Any = client.rotate_key("sealing")
    assert second.id != first.id
    assert second.key_operations == ["wrapKey", "unwrapKey"]
    assert len(second.key.n) == 3072 // 8
    assert client.get_key("sealing").id == second.id


def test_c4_a_key_is_rotated_by_itself_and_what_the_old_version_encrypted_stays_readable(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        stage = VaultStage(local)
        vault = stage.vault()
        client = officer(stage, vault)
        first: Any = client.create_rsa_key("sealing")
        rotates = KeyRotationLifetimeAction("Rotate", time_after_create="P30D")
        client.update_key_rotation_policy(
            "sealing", KeyRotationPolicy(lifetime_actions=[rotates], expires_in="P90D")
        )
        user = stage.with_role("Key Vault Crypto User", stage.id(vault))
        sealed = stage.crypto(first.id, user).encrypt(EncryptionAlgorithm.rsa_oaep_256, TEXT)
        stage.azure.clock.advance(29 * DAY)
        assert client.get_key("sealing").id == first.id
        stage.azure.clock.advance(2 * DAY)
        second: Any = client.get_key("sealing")
        assert second.id != first.id
        assert (second.properties.expires_on - second.properties.created_on).days == 90
        opened = stage.crypto(sealed.key_id or "", user).decrypt(
            EncryptionAlgorithm.rsa_oaep_256, sealed.ciphertext
        )
        assert opened.plaintext == TEXT
        with pytest.raises(HttpResponseError):
            stage.crypto(second.id, user).decrypt(EncryptionAlgorithm.rsa_oaep_256, sealed.ciphertext)


def test_c4_a_version_that_is_made_by_a_policy_lives_to_the_second_as_long_as_that_says(
    stage: VaultStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes to make it."""
    keys = VaultKeys(stage.azure.ground)
    first = keys.create("kv-slow", "sealing", {"kty": "EC"})
    actions = [{"trigger": {"timeAfterCreate": "P30D"}, "action": {"type": "rotate"}}]
    policy = {"lifetimeActions": actions, "attributes": {"expiryTime": "P90D"}}
    keys.set_policy("kv-slow", "sealing", policy)
    seconds = itertools.count(1_800_000_000)
    monkeypatch.setattr(stage.azure.clock, "now", lambda: float(next(seconds)))
    made = keys.rotate("kv-slow", "sealing", first).attributes
    assert made["exp"] - made["created"] == 90 * DAY


def test_a_key_without_a_version_is_the_newest(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    client.create_ec_key("signing")
    newest: Any = client.create_ec_key("signing")
    user = stage.with_role("Key Vault Crypto User", stage.id(vault))
    signer = stage.named_key(vault, "signing", user)
    signature = signer.sign(SignatureAlgorithm.es256, DIGESTS["256"]).signature
    assert stage.crypto(newest.id, user).verify(SignatureAlgorithm.es256, DIGESTS["256"], signature).is_valid


def test_c5_resource_manager_makes_a_key_once_and_never_changes_it(stage: VaultStage) -> None:
    vault = stage.vault()
    wanted = {
        "properties": {
            "kty": "RSA",
            "keySize": 3072,
            "keyOps": ["sign", "verify"],
            "rotationPolicy": {
                "attributes": {"expiryTime": "P2Y"},
                "lifetimeActions": [{"trigger": {"timeAfterCreate": "P1Y"}, "action": {"type": "rotate"}}],
            },
        },
        "tags": {"team": "a"},
    }
    made = stage.keys_by_arm.create_if_not_exist(GROUP, vault, "signing", wanted)
    again = stage.keys_by_arm.create_if_not_exist(GROUP, vault, "signing", wanted)
    assert made.key_uri_with_version == again.key_uri_with_version
    assert (made.kty, made.key_size, made.tags) == ("RSA", 3072, {"team": "a"})
    assert made.key_ops == ["sign", "verify"]
    client = officer(stage, vault)
    assert client.get_key("signing").id == made.key_uri_with_version
    [action] = client.get_key_rotation_policy("signing").lifetime_actions
    assert action.time_after_create == "P1Y"
    with pytest.raises(HttpResponseError) as error:
        stage.keys_by_arm.create_if_not_exist(
            GROUP, vault, "signing", {"properties": {"kty": "RSA", "keySize": 4096}}
        )
    assert refused(error)[:2] == (400, "KeyCreationParametersDidNotMatchExistingKey")
    assert [one.name for one in stage.keys_by_arm.list(GROUP, vault)] == ["signing"]


def test_c5_a_key_is_deleted_at_its_vault_alone(stage: VaultStage) -> None:
    vault = stage.vault()
    stage.keys_by_arm.create_if_not_exist(GROUP, vault, "signing", {"properties": {"kty": "EC"}})
    assert stage.arm("DELETE", f"{stage.id(vault)}/keys/signing").status == 405
    officer(stage, vault).begin_delete_key("signing").result()
    assert stage.arm("GET", f"{stage.id(vault)}/keys/signing").status == 404


def test_a_purged_vault_takes_its_keys_with_it(stage: VaultStage) -> None:
    vault = stage.vault()
    officer(stage, vault).create_ec_key("signing")
    stage.vaults.delete(GROUP, vault)
    stage.vaults.begin_purge_deleted(vault, "westeurope").result()
    stage.vault(vault)
    assert list(officer(stage, vault).list_properties_of_keys()) == []


def test_no_key_lies_in_clear_in_the_store(stage: VaultStage) -> None:
    key: Any = officer(stage, stage.vault()).create_rsa_key("sealing")
    modulus = base64.b64encode(key.key.n)[:40]
    content = (stage.azure.state / "azure.db").read_bytes()
    assert b"PRIVATE KEY" not in content
    assert modulus not in content
