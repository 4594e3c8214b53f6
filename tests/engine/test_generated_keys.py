"""Keys that a vault makes for a stack: real, used by whom links let in, in no state, and never taken away."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.keys.crypto import CryptographyClient, KeyWrapAlgorithm, SignatureAlgorithm

from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.one_component import declared_loop
from tests.local_azure.vault_stage import Holder

NAME = "kv-keys"
DIGEST = hashlib.sha256(b"an invoice").digest()
KEYS: dict[str, Any] = {
    "invoices": {"purpose": "sign", "kind": "P-256"},
    "backups": {"purpose": "wrap", "kind": "RSA-2048", "rotate_after_days": 90},
}


def test_a_vault_makes_its_keys_and_lets_workloads_use_just_those_that_they_link(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    of_vault: dict[str, Any] = {"resource_group_name": "rg-team", "vault_name": NAME}
    vault = {"component": "KeyVault", "args": {**of_vault, "generated_keys": KEYS}}
    signer = cloud.azure.entra.register_identity("signer", "/signer")
    outputs = loop.up_with(shop=vault)
    id = outputs["shop.vault_id"]
    link = {"id": id, "endpoint": outputs["shop.endpoint"], "key": "invoices", "access": "sign"}
    # A certificate may be linked before an officer has made it.
    partner = {"id": id, "endpoint": outputs["shop.endpoint"], "certificate": "partner", "access": "use"}
    job = {
        "component": "WorkloadAccess",
        "args": {
            "principal_id": signer.object_id,
            "links": {"signing": {"keys": link}, "partner": {"certificates": partner}},
        },
    }
    outputs = loop.up_with(shop=vault, job=job)
    assert outputs["job.environment"] == {
        "SIGNING_ENDPOINT": f"https://{NAME}.vault.azure.net/",
        "SIGNING_KEY": "invoices",
        "PARTNER_ENDPOINT": f"https://{NAME}.vault.azure.net/",
        "PARTNER_CERTIFICATE": "partner",
    }
    scopes = {scope.removeprefix(id.lower()) for _, _, scope in loop.grants()}
    assert scopes == {"/keys/invoices", "/certificates/partner", "/secrets/partner"}
    assert [line.partition(" may ")[2] for line in outputs["job.access"]] == [
        "encrypt, decrypt, wrap, unwrap, sign and verify with keys in key invoices (Key Vault Crypto User).",
        "see the names of secrets, keys and certificates, but no value, in certificate partner "
        "(Key Vault Reader).",
        "read the values of secrets in secret partner (Key Vault Secrets User).",
    ]

    holder = Holder(cloud.azure, signer)
    keys = f"https://{NAME}.vault.azure.net/keys"
    trust: dict[str, Any] = {
        "proxies": {"https": cloud.proxy_url},
        "connection_verify": cloud.environment()["SSL_CERT_FILE"],
    }
    invoices = CryptographyClient(f"{keys}/invoices", holder, **trust)
    signature = invoices.sign(SignatureAlgorithm.es256, DIGEST).signature
    assert invoices.verify(SignatureAlgorithm.es256, DIGEST, signature).is_valid
    with pytest.raises(HttpResponseError) as error:
        CryptographyClient(f"{keys}/backups", holder, **trust).unwrap_key(KeyWrapAlgorithm.rsa_oaep, b"1")
    assert error.value.status_code == 403

    state = json.dumps(loop.stack.export())
    assert "PRIVATE KEY" not in state
    assert '"keyUriWithVersion"' in state
    loop.stack.refresh("--expect-no-changes")
    loop.stack.preview("--expect-no-changes")

    # Another declaration changes nothing, and says so; one that is taken out leaves its key.
    changed = {
        "invoices": {"purpose": "sign", "kind": "P-384"},
        "backups": {**KEYS["backups"], "rotate_after_days": 30},
    }
    loop.declare(shop={"component": "KeyVault", "args": {**of_vault, "generated_keys": changed}}, job=job)
    said = loop.stack.preview("--expect-no-changes")
    assert "key invoices is declared as P-384, and was made as P-256" in str(said)
    assert "key backups is declared with rotate_after_days 30, and is rotated after 90 days" in str(said)
    loop.up_with(shop={"component": "KeyVault", "args": of_vault}, job=job)
    assert invoices.sign(SignatureAlgorithm.es256, DIGEST).key_id == invoices.key_id
    loop.stack.destroy()
    assert loop.grants() == set()
