"""Certificates in a vault, as azure-keyvault-certificates sees them, with their secrets and keys."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.keyvault.certificates import (
    ApiVersion,
    CertificateClient,
    CertificateContentType,
    CertificatePolicy,
)
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import SignatureAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import VaultStage, inner_code, refused

OFFICER, USER = "Key Vault Certificates Officer", "Key Vault Certificate User"
SUBJECT = "CN=signer.example"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def officer(stage: VaultStage, vault: str) -> CertificateClient:
    """The client of a new identity that may do everything with the vault's certificates."""
    return stage.client(CertificateClient, vault, stage.with_role(OFFICER, stage.id(vault)))


def policy(**more: Any) -> CertificatePolicy:
    given = {"key_type": "EC", "key_curve_name": "P-256", **more}
    return CertificatePolicy("Self", subject=SUBJECT, **given)


def made(client: CertificateClient, name: str = "signer", **more: Any) -> Any:
    return client.begin_create_certificate(name, policy(**more)).result()


def test_a_certificate_is_made_by_its_policy_read_listed_and_changed(stage: VaultStage) -> None:
    client = officer(stage, stage.vault())
    names = ["signer.example", "www.signer.example"]
    first = made(
        client,
        san_dns_names=names,
        validity_in_months=6,
        key_usage=["digitalSignature"],
        enhanced_key_usage=["1.3.6.1.5.5.7.3.1"],
    )
    shown = x509.load_der_x509_certificate(bytes(first.cer))
    assert shown.subject.rfc4514_string() == shown.issuer.rfc4514_string() == SUBJECT
    sans = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert sans.get_values_for_type(x509.DNSName) == names
    usage = shown.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment) == (True, False)
    assert 180 <= (shown.not_valid_after_utc - shown.not_valid_before_utc).days <= 184
    assert first.properties.expires_on == shown.not_valid_after_utc
    assert first.properties.x509_thumbprint == shown.fingerprint(hashes.SHA1())
    assert (first.policy.issuer_name, first.policy.subject) == ("Self", SUBJECT)

    second = made(client)
    assert client.get_certificate("signer").id == second.id
    assert client.get_certificate_version("signer", first.properties.version).id == first.id
    versions = [one.version for one in client.list_properties_of_certificate_versions("signer")]
    assert versions == [first.properties.version, second.properties.version]
    assert [one.name for one in client.list_properties_of_certificates()] == ["signer"]
    changed: Any = client.update_certificate_properties("signer", tags={"team": "a"}, enabled=False)
    assert (changed.properties.tags, changed.properties.enabled) == ({"team": "a"}, False)
    assert client.get_certificate_operation("signer").status == "completed"
    updated = client.update_certificate_policy("signer", policy(validity_in_months=3))
    assert updated.validity_in_months == 3


@pytest.mark.parametrize("version", [version.value for version in ApiVersion])
def test_every_version_that_the_client_of_certificates_can_speak_is_served(
    stage: VaultStage, version: str
) -> None:
    vault = stage.vault()
    made(officer(stage, vault))
    reader = stage.with_role("Key Vault Reader", stage.id(vault))
    host = f"https://{vault}.vault.azure.net"
    client = CertificateClient(host, stage.holder(reader), api_version=version, **stage.trust)
    assert client.get_certificate("signer").name == "signer"


def test_c7_the_secret_and_the_key_of_a_certificate_go_with_it_and_not_alone(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    certificate = made(client)
    everything = stage.with_role("Key Vault Administrator", stage.id(vault))
    secrets, keys = stage.secrets(vault, everything), stage.client(KeyClient, vault, everything)
    assert certificate.secret_id == secrets.get_secret("signer").id
    assert certificate.key_id == keys.get_key("signer").id
    assert [one.managed for one in keys.list_properties_of_keys()] == [True]
    for attempt in (secrets.begin_delete_secret, keys.begin_delete_key):
        with pytest.raises(HttpResponseError) as error:
            attempt("signer")
        assert refused(error)[0] == 403
    client.begin_delete_certificate("signer").result()
    assert [one.name for one in client.list_deleted_certificates()] == ["signer"]
    for gone in (secrets.get_secret, keys.get_key, client.get_certificate):
        with pytest.raises(ResourceNotFoundError):
            gone("signer")
    client.begin_recover_deleted_certificate("signer").result()
    assert keys.get_key("signer").id == certificate.key_id
    client.begin_delete_certificate("signer").result()
    client.purge_deleted_certificate("signer")
    assert list(client.list_deleted_certificates()) == []
    assert made(client).name == "signer"


@pytest.mark.parametrize("content_type", [CertificateContentType.pkcs12, CertificateContentType.pem])
def test_whoever_may_read_the_secret_has_the_certificate_with_its_key(
    stage: VaultStage, content_type: CertificateContentType
) -> None:
    vault = stage.vault()
    certificate = made(officer(stage, vault), content_type=content_type)
    secret = stage.secrets(vault, stage.with_role(USER, stage.id(vault))).get_secret("signer")
    assert secret.properties.content_type == content_type.value
    key: Any
    if content_type is CertificateContentType.pkcs12:
        packed = pkcs12.load_pkcs12(base64.b64decode(str(secret.value)), None)
        key, shown = packed.key, packed.cert and packed.cert.certificate
    else:
        key = serialization.load_pem_private_key(str(secret.value).encode(), None)
        shown = x509.load_pem_x509_certificate(str(secret.value).encode())
    assert shown
    assert shown.public_bytes(serialization.Encoding.DER) == bytes(certificate.cer)
    assert key.public_key() == shown.public_key()


def test_c8_a_key_that_may_not_leave_the_vault_is_not_in_the_secret(stage: VaultStage) -> None:
    vault = stage.vault()
    made(officer(stage, vault), exportable=False)
    user = stage.with_role(USER, stage.id(vault))
    packed = pkcs12.load_pkcs12(
        base64.b64decode(str(stage.secrets(vault, user).get_secret("signer").value)), None
    )
    assert packed.key is None
    signer = stage.with_actions(vault, ["keys/sign/action"])
    crypto = stage.named_key(vault, "signer", signer)
    assert crypto.sign(SignatureAlgorithm.es256, bytes(32)).signature


def test_c6_a_role_on_a_certificate_opens_neither_its_secret_nor_its_key(stage: VaultStage) -> None:
    vault = stage.vault()
    made(officer(stage, vault))
    app = stage.with_role(USER, f"{stage.id(vault)}/certificates/signer")
    assert stage.client(CertificateClient, vault, app).get_certificate("signer").name == "signer"
    for attempt in (stage.secrets(vault, app).get_secret, stage.client(KeyClient, vault, app).get_key):
        with pytest.raises(HttpResponseError) as error:
            attempt("signer")
        assert (refused(error)[0], inner_code(error)) == (403, "ForbiddenByRbac")
    stage.grant(f"{stage.id(vault)}/secrets/signer", USER, app.object_id)
    assert stage.secrets(vault, app).get_secret("signer").value


def test_a_grant_on_one_certificate_opens_that_one_only_until_it_is_taken_away(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    for name in ("mine", "mine-too"):
        made(client, name)
    app = stage.identity()
    grant = stage.grant(f"{stage.id(vault)}/certificates/mine", "Key Vault Reader", app.object_id)
    theirs = stage.client(CertificateClient, vault, app)
    assert theirs.get_certificate("mine").name == "mine"
    attempts = (
        lambda: theirs.get_certificate("mine-too"),
        lambda: theirs.update_certificate_properties("mine", enabled=False),
        lambda: theirs.begin_delete_certificate("mine"),
        lambda: list(theirs.list_properties_of_certificates()),
    )
    for attempt in attempts:
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert inner_code(error) == "ForbiddenByRbac"
    stage.roles.delete_by_id(grant.id)
    with pytest.raises(HttpResponseError) as error:
        theirs.get_certificate("mine")
    assert inner_code(error) == "ForbiddenByRbac"
    assert "Action: 'Microsoft.KeyVault/vaults/certificates/read'" in refused(error)[2]


@pytest.mark.parametrize(
    "wanted",
    [
        CertificatePolicy("Unknown", subject=SUBJECT),
        CertificatePolicy("Self", subject="no subject"),
        CertificatePolicy("Self", subject=SUBJECT, key_size=1024, key_type="RSA"),
    ],
    ids=["another issuer", "no subject", "short key"],
)
def test_a_policy_that_nothing_can_be_made_by_is_refused(
    stage: VaultStage, wanted: CertificatePolicy
) -> None:
    client = officer(stage, stage.vault())
    with pytest.raises(HttpResponseError) as error:
        client.begin_create_certificate("signer", wanted)
    assert refused(error)[:2] == (400, "BadParameter")
    assert list(client.list_properties_of_certificates()) == []


def test_c7_nobody_writes_into_the_secret_or_the_key_of_a_certificate(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    certificate = made(client)
    everything = stage.with_role("Key Vault Administrator", stage.id(vault))
    secrets, keys = stage.secrets(vault, everything), stage.client(KeyClient, vault, everything)
    for attempt in (
        lambda: secrets.set_secret("Signer", "another"),
        lambda: keys.create_ec_key("signer"),
        lambda: keys.rotate_key("signer"),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert refused(error)[0] == 403
    assert keys.get_key("signer").id == certificate.key_id
    client.begin_delete_certificate("signer").result()
    for attempt in (
        lambda: secrets.begin_recover_deleted_secret("signer"),
        lambda: secrets.purge_deleted_secret("signer"),
        lambda: keys.begin_recover_deleted_key("signer"),
        lambda: keys.purge_deleted_key("signer"),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert refused(error)[0] == 403
    assert client.begin_recover_deleted_certificate("signer").result().id == certificate.id


def test_c7_a_certificate_is_not_made_over_a_key_or_a_secret_of_its_name(stage: VaultStage) -> None:
    vault = stage.vault()
    client = officer(stage, vault)
    everything = stage.with_role("Key Vault Administrator", stage.id(vault))
    stage.secrets(vault, everything).set_secret("secret", "value")
    stage.client(KeyClient, vault, everything).create_ec_key("key")
    for name in ("secret", "Key"):
        with pytest.raises(HttpResponseError) as error:
            made(client, name)
        assert refused(error)[:2] == (409, "Conflict")
    assert list(client.list_properties_of_certificates()) == []
    assert stage.secrets(vault, everything).get_secret("secret").value == "value"
