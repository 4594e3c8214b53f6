"""Where a vault's certificates are kept: each with a key and a secret of its name, which go with it.

https://learn.microsoft.com/azure/key-vault/certificates/about-certificates
"""

import base64
import uuid
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from typing_extensions import override

from local_azure.bodies import section
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault import certificate_material, key_material
from local_azure.key_vault.answers import refusal
from local_azure.key_vault.certificate_material import PEM, PKCS12
from local_azure.key_vault.key_material import CURVES, EC, OPERATIONS, RSA, SIZES, PrivateKey
from local_azure.key_vault.key_versions import VaultKeys
from local_azure.key_vault.secret_versions import VaultSecrets
from local_azure.key_vault.vault_objects import VaultObjects, Version
from local_azure.rules import Rule

_POLICY: Final = "policy"
_REQUEST: Final = "request"

RULES: Final = [
    Rule(
        "C6",
        "behaviour",
        "A certificate has a secret and a key of its name, whose scopes are their own: a role on the "
        "certificate alone opens neither.",
        held_by="c6_a_role_on_a_certificate_opens_neither_its_secret_nor_its_key",
        source="Azure/azure-sdk-for-python#19919 vcsjones/AzureSignTool#296",
    ),
    Rule(
        "C7",
        "assumed",
        "The secret and the key of a certificate are not deleted alone: 403.",
        held_by="c7_the_secret_and_the_key_of_a_certificate_go_with_it_and_not_alone",
    ),
    Rule(
        "C7",
        "assumed",
        "Nobody writes a version of them, or recovers or purges them, but with the certificate: 403.",
        held_by="c7_nobody_writes_into_the_secret_or_the_key_of_a_certificate",
    ),
    Rule(
        "C7",
        "assumed",
        "A certificate is not made over a key or a secret of its name: 409.",
        held_by="c7_a_certificate_is_not_made_over_a_key_or_a_secret_of_its_name",
    ),
    Rule(
        "C8",
        "behaviour",
        "A key that may not leave the vault is not in the certificate's secret.",
        held_by="c8_a_key_that_may_not_leave_the_vault_is_not_in_the_secret",
        source="https://learn.microsoft.com/azure/key-vault/certificates/about-certificates",
    ),
]


@dataclass(frozen=True)
class CertificateVersion(Version):
    """One version of a certificate."""

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(base64.b64decode(self.body["cer"]))


class VaultCertificates(VaultObjects[CertificateVersion]):
    """The certificates of every vault."""

    def __init__(self, ground: Ground, keys: VaultKeys, secrets: VaultSecrets) -> None:
        super().__init__(ground, "certificates", "Certificate", CertificateVersion)
        self._keys = keys
        self._secrets = secrets

    def create(self, vault: str, name: str, given: JsonObject) -> CertificateVersion:
        """A new version by its policy, which is kept, with a new key. Raises Refusal 400, and 409 while
        something deleted holds the name, or a key or secret that is no certificate's (C7)."""
        policy = _checked(given.get("policy") or {})
        for objects in (self, self._keys, self._secrets):
            objects.require_free(vault, name)
        for part in (self._keys, self._secrets):
            newest = part.find(vault, name, None)
            if newest is not None and not newest.managed:
                raise refusal(409, "Conflict", f"A {part.noun.lower()} has the name {name} already.")
        properties: JsonObject = policy["key_props"]
        key = key_material.made(properties["kty"], properties["key_size"], properties["crv"])
        try:
            made = certificate_material.issued(key, policy["x509_props"], self.ground.clock.now())
        except (ValueError, TypeError) as error:
            raise refusal(400, "BadParameter", "Property x509_props has invalid value.") from error
        written = self._keep_new(vault, name, made, key, policy, given)
        self.keep(vault, name, _POLICY, policy)
        request = certificate_material.request_for(key, policy["x509_props"])
        self.keep(vault, name, _REQUEST, {"csr": base64.b64encode(request).decode()})
        return written

    def _keep_new(
        self,
        vault: str,
        name: str,
        made: x509.Certificate,
        key: PrivateKey,
        policy: JsonObject,
        given: JsonObject,
    ) -> CertificateVersion:
        version = uuid.uuid4().hex
        wanted: JsonObject = given.get("attributes") or {}
        said: JsonObject = {
            "attributes": {**wanted, **certificate_material.lifetime(made)},
            "tags": given.get("tags"),
        }
        operations = list(OPERATIONS[policy["key_props"]["kty"]])
        self._keys.keep_new(vault, name, key, operations, said, version)
        content_type = policy["secret_props"]["contentType"]
        leaves = key if policy["key_props"]["exportable"] else None
        value = certificate_material.with_key(made, leaves, content_type)
        secret: JsonObject = {"value": value, "contentType": content_type, "managed": True}
        self._secrets.add(vault, name, said, secret, version)
        own: JsonObject = {"cer": base64.b64encode(certificate_material.bare(made)).decode()}
        return self.add(vault, name, said, own, version)

    def policy(self, vault: str, name: str) -> JsonObject:
        return self.kept(vault, name, _POLICY) or {}

    def set_policy(self, vault: str, name: str, change: JsonObject) -> JsonObject:
        """What the next version is made by. Raises Refusal 400."""
        wanted = {**self.policy(vault, name), **{key: one for key, one in change.items() if one is not None}}
        policy = _checked(wanted)
        self.keep(vault, name, _POLICY, policy)
        return policy

    def request(self, vault: str, name: str) -> str:
        return str((self.kept(vault, name, _REQUEST) or {}).get("csr", ""))

    @override
    def delete(self, vault: str, name: str, days: int) -> None:
        for objects in (self._keys, self._secrets):
            objects.delete(vault, name, days)
        super().delete(vault, name, days)

    @override
    def recover(self, vault: str, name: str) -> None:
        for objects in (self._keys, self._secrets):
            objects.recover(vault, name)
        super().recover(vault, name)

    @override
    def purge(self, vault: str, name: str) -> None:
        for objects in (self._keys, self._secrets):
            objects.purge(vault, name)
        super().purge(vault, name)


def _checked(policy: JsonObject) -> JsonObject:
    """The policy with what Azure adds to it. Raises Refusal 400."""
    key = section(policy, "key_props")
    kind = key.get("kty") or RSA
    size, curve = key.get("key_size") or SIZES[0], key.get("crv") or CURVES[0]
    content_type = section(policy, "secret_props").get("contentType") or PKCS12
    issuer = section(policy, "issuer").get("name")
    if kind not in (RSA, EC) or size not in SIZES or curve not in CURVES:
        raise refusal(400, "BadParameter", "Property key_props has invalid value.")
    if content_type not in (PKCS12, PEM):
        raise refusal(400, "BadParameter", "Property contentType has invalid value.")
    if issuer != "Self":
        text = f"The local Azure has no issuer named {issuer}: its certificates are issued by Self."
        raise refusal(400, "BadParameter", text)
    return {
        **policy,
        "key_props": {
            "reuse_key": False,
            **key,
            "exportable": key.get("exportable") is not False,
            "kty": kind,
            "key_size": size,
            "crv": curve,
        },
        "secret_props": {"contentType": content_type},
        "x509_props": section(policy, "x509_props"),
        "issuer": {"name": issuer},
    }
