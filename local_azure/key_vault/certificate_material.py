"""A self-signed certificate by a policy, and how it is handed out with its key. Nothing here knows of vaults.

https://learn.microsoft.com/azure/key-vault/certificates/about-certificates
"""

import base64
import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from local_azure.http import JsonObject
from local_azure.key_vault.key_material import PrivateKey

PKCS12: Final = "application/x-pkcs12"
PEM: Final = "application/x-pem-file"
_MONTHS: Final = 12
_NAMES: Final[Mapping[str, Callable[[str], x509.GeneralName]]] = {
    "dns_names": x509.DNSName,
    "emails": x509.RFC822Name,
    "uris": x509.UniformResourceIdentifier,
}
_USAGES: Final = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
}


def issued(key: PrivateKey, properties: JsonObject, now: float) -> x509.Certificate:
    """By its own key, valid for `validity_months` from `now` on. Raises ValueError for a subject, a name or a
    usage that no certificate can have."""
    begins = datetime.fromtimestamp(now, UTC).replace(microsecond=0)
    subject = x509.Name.from_rfc4514_string(str(properties.get("subject") or ""))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(_later(begins, int(properties.get("validity_months") or _MONTHS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
    )
    sans: JsonObject = properties.get("sans") or {}
    names = [make(one) for field, make in _NAMES.items() for one in sans.get(field) or ()]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if usages := properties.get("key_usage"):
        said = {_USAGES[one]: True for one in usages if one in _USAGES}
        unsaid = dict.fromkeys([*_USAGES.values(), "encipher_only", "decipher_only"], False)
        builder = builder.add_extension(x509.KeyUsage(**{**unsaid, **said}), critical=True)
    if extended := properties.get("ekus"):
        purposes = [x509.ObjectIdentifier(one) for one in extended]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return builder.sign(key, hashes.SHA256())


def with_key(certificate: x509.Certificate, key: PrivateKey | None, content_type: str) -> str:
    """What the certificate's secret holds: with its key, where that may leave the vault."""
    if content_type == PEM:
        shown = certificate.public_bytes(serialization.Encoding.PEM).decode()
        return (_pem(key) if key else "") + shown
    packed = pkcs12.serialize_key_and_certificates(None, key, certificate, None, serialization.NoEncryption())
    return base64.b64encode(packed).decode()


def bare(certificate: x509.Certificate) -> bytes:
    """The certificate alone."""
    return certificate.public_bytes(serialization.Encoding.DER)


def thumbprint(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(hashes.SHA1())


def lifetime(certificate: x509.Certificate) -> JsonObject:
    """As attributes have it, in seconds."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return {"nbf": int(begins.timestamp()), "exp": int(ends.timestamp())}


def request_for(key: PrivateKey, properties: JsonObject) -> bytes:
    """The signing request that an operation shows."""
    subject = x509.Name.from_rfc4514_string(str(properties.get("subject") or ""))
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.DER)


def _pem(key: PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _later(begins: datetime, months: int) -> datetime:
    years, month = divmod(begins.month - 1 + months, 12)
    year, month = begins.year + years, month + 1
    return begins.replace(year=year, month=month, day=min(begins.day, calendar.monthrange(year, month)[1]))
