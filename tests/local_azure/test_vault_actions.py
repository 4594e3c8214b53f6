"""Each way into a vault asks for the one data action that Azure has for it, on no more than it is for."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.certificates import CertificateClient, CertificatePolicy
from azure.keyvault.keys import KeyClient

from local_azure.key_vault.access import AUDIENCE
from local_azure.key_vault.key_material import made
from local_azure.key_vault.key_versions import VaultKeys
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import VaultStage, refused

DAY = 86_400
_KEPT = (
    ("GET", "/deleted{kind}", "{kind}/{list}", False),
    ("GET", "/deleted{kind}/mine", "{kind}/{list}", True),
    ("DELETE", "/deleted{kind}/mine", "{kind}/purge/action", True),
    ("POST", "/deleted{kind}/mine/recover", "{kind}/recover/action", True),
    ("DELETE", "/{kind}/mine", "{kind}/delete", True),
    ("GET", "/{kind}", "{kind}/{list}", False),
    ("GET", "/{kind}/mine/versions", "{kind}/{list}", True),
)
_OF_KEYS = (
    ("GET", "/keys/mine", "keys/read", True),
    ("GET", "/keys/mine/0", "keys/read", True),
    ("PATCH", "/keys/mine", "keys/update/action", True),
    ("PATCH", "/keys/mine/0", "keys/update/action", True),
    ("POST", "/keys/mine/create", "keys/create/action", True),
    ("POST", "/keys/mine/rotate", "keys/rotate/action", True),
    ("GET", "/keys/mine/rotationpolicy", "keyrotationpolicies/read", True),
    ("PUT", "/keys/mine/rotationpolicy", "keyrotationpolicies/write", True),
    ("POST", "/keys/mine/0/encrypt", "keys/encrypt/action", True),
    ("POST", "/keys/mine/0/decrypt", "keys/decrypt/action", True),
    ("POST", "/keys/mine/0/sign", "keys/sign/action", True),
    ("POST", "/keys/mine/0/verify", "keys/verify/action", True),
    ("POST", "/keys/mine/0/wrapkey", "keys/wrap/action", True),
    ("POST", "/keys/mine/0/unwrapkey", "keys/unwrap/action", True),
)
_OF_CERTIFICATES = (
    ("GET", "/certificates/mine", "certificates/read", True),
    ("GET", "/certificates/mine/0", "certificates/read", True),
    ("GET", "/certificates/mine/pending", "certificates/read", True),
    ("GET", "/certificates/mine/policy", "certificates/read", True),
    ("PATCH", "/certificates/mine/policy", "certificates/update/action", True),
    ("PATCH", "/certificates/mine", "certificates/update/action", True),
    ("POST", "/certificates/mine/create", "certificates/create/action", True),
)
_OF_SECRETS = (
    ("GET", "/secrets/mine", "secrets/getSecret/action", True),
    ("GET", "/secrets/mine/0", "secrets/getSecret/action", True),
    ("PUT", "/secrets/mine", "secrets/setSecret/action", True),
    ("PATCH", "/secrets/mine", "secrets/setSecret/action", True),
    ("POST", "/secrets/mine/backup", "secrets/backup/action", True),
    ("POST", "/secrets/restore", "secrets/restore/action", False),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


@pytest.mark.parametrize(
    ("kind", "lists", "own"),
    [
        ("keys", "read", _OF_KEYS),
        ("certificates", "read", _OF_CERTIFICATES),
        ("secrets", "readMetadata/action", _OF_SECRETS),
    ],
)
def test_who_has_no_role_is_told_the_action_and_the_scope_that_each_request_takes(
    stage: VaultStage, kind: str, lists: str, own: tuple[tuple[str, str, str, bool], ...]
) -> None:
    vault = stage.vault()
    token = stage.holder(stage.identity()).get_token(f"{AUDIENCE}/.default").token
    with stage.http() as client:
        for method, path, action, is_of_one in (*_KEPT, *own):
            url = f"https://{vault}.vault.azure.net{path.format(kind=kind)}?api-version=7.6"
            answer = client.request(method, url, headers={"Authorization": f"Bearer {token}"}, json={})
            said = answer.json()["error"]
            assert (answer.status_code, said["innererror"]["code"]) == (403, "ForbiddenByRbac"), path
            lines = said["message"].split("\r\n")
            asked = action.format(kind=kind, list=lists)
            assert f"Action: 'Microsoft.KeyVault/vaults/{asked}'" in lines, path
            scope = f"{stage.id(vault)}/{kind}/mine" if is_of_one else stage.id(vault)
            assert f"Resource: '{scope.lower()}'" in lines, path


def test_a_vault_that_purges_nothing_keeps_its_keys_and_certificates_too(stage: VaultStage) -> None:
    vault = stage.vault(enablePurgeProtection=True)
    everything = stage.with_role("Key Vault Administrator", stage.id(vault))
    keys = stage.client(KeyClient, vault, everything)
    certificates = stage.client(CertificateClient, vault, everything)
    keys.create_ec_key("sealing")
    keys.begin_delete_key("sealing").result()
    certificates.begin_create_certificate("signer", CertificatePolicy("Self", subject="CN=signer")).result()
    certificates.begin_delete_certificate("signer").result()
    for attempt in (
        lambda: keys.purge_deleted_key("sealing"),
        lambda: certificates.purge_deleted_certificate("signer"),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert refused(error)[0] == 403
    assert keys.begin_recover_deleted_key("sealing").result().name == "sealing"
    assert certificates.begin_recover_deleted_certificate("signer").result().name == "signer"


def test_the_key_of_a_certificate_is_not_rotated_by_itself(
    stage: VaultStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = VaultKeys(stage.azure.ground)
    keys.keep_new("kv-parts", "signer", made("EC", 0, "P-256"), ["sign"], {}, "first")
    actions = [{"trigger": {"timeAfterCreate": "P30D"}, "action": {"type": "rotate"}}]
    keys.set_policy("kv-parts", "signer", {"lifetimeActions": actions})
    later = stage.azure.clock.now() + 31 * DAY
    monkeypatch.setattr(stage.azure.clock, "now", lambda: later)
    newest = keys.find("kv-parts", "signer", None)
    assert newest is not None
    assert newest.version == "first"
