"""The lines of code in the guide on keys and certificates, run as they stand there."""

import ast
import base64
import hashlib
import os
import re
from typing import Any

import pytest
from azure.identity import DefaultAzureCredential
from azure.keyvault.certificates import CertificateClient, CertificatePolicy
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import EncryptionAlgorithm, KeyWrapAlgorithm, SignatureAlgorithm
from azure.keyvault.secrets import SecretClient
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.local_azure.vault_stage import VaultStage
from toolchain.paths import ROOT

GUIDE = (ROOT / "docs" / "guides" / "keys-and-certificates.md").read_text(encoding="utf-8")
LINES = [
    block
    for block in re.findall(r"^```python\n(.*?)\n```", GUIDE, re.MULTILINE | re.DOTALL)
    if "DefaultAzureCredential" in block
]
NAMES: dict[str, Any] = {
    "CertificateClient": CertificateClient,
    "DefaultAzureCredential": DefaultAzureCredential,
    "EncryptionAlgorithm": EncryptionAlgorithm,
    "KeyClient": KeyClient,
    "KeyWrapAlgorithm": KeyWrapAlgorithm,
    "SecretClient": SecretClient,
    "SignatureAlgorithm": SignatureAlgorithm,
    "base64": base64,
    "os": os,
}
DIGEST, TEXT = hashlib.sha256(b"an invoice").digest(), b"a letter"


@pytest.fixture
def stage(local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch) -> VaultStage:
    """A vault of which the deployer, as whom code signs in here, may do everything."""
    for key, value in local_azure.environment().items():
        monkeypatch.setenv(key, value)
    return VaultStage(local_azure)


def test_the_lines_of_the_guide_run_as_they_are_printed(
    stage: VaultStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = stage.vault()
    stage.grant(stage.id(vault), "Key Vault Administrator", DEPLOYER.object_id)
    keys: Any = stage.client(KeyClient, vault, stage.person(DEPLOYER))
    certificates = stage.client(CertificateClient, vault, stage.person(DEPLOYER))
    keys.create_ec_key("invoices")
    keys.create_rsa_key("sealing")
    certificates.begin_create_certificate("partner", CertificatePolicy("Self", subject="CN=partner")).result()
    told = {
        "INVOICES_KEY": "invoices",
        "LETTERS_KEY": "sealing",
        "BACKUPS_KEY": "sealing",
        "SHOWN_CERTIFICATE": "partner",
        "PARTNER_CERTIFICATE": "partner",
    }
    for variable, name in told.items():
        monkeypatch.setenv(variable, name)
        monkeypatch.setenv(f"{variable.partition('_')[0]}_ENDPOINT", f"https://{vault}.vault.azure.net/")

    done: dict[str, Any] = {**NAMES, "digest": DIGEST, "text": TEXT, "data_key": TEXT}
    for lines in LINES:
        exec(lines, done)
    assert len(LINES) == 5
    assert {len(ast.parse(lines).body) for lines in LINES} == {2}

    crypto = keys.get_cryptography_client("sealing")
    signer = keys.get_cryptography_client("invoices")
    assert signer.verify(SignatureAlgorithm.es256, DIGEST, done["signed"].signature).is_valid
    assert crypto.decrypt(EncryptionAlgorithm.rsa_oaep_256, done["sealed"].ciphertext).plaintext == TEXT
    assert crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, done["wrapped"].encrypted_key).key == TEXT
    packed = pkcs12.load_pkcs12(done["pfx"], None)
    assert packed.cert
    assert packed.key
    assert packed.cert.certificate.public_bytes(serialization.Encoding.DER) == bytes(done["shown"])
