"""The local Azure's own certificate authority. It can vouch for the names that the local Azure serves and for
the loopback, and for nothing else: a stolen key opens no other site to a person who trusts it.

https://datatracker.ietf.org/doc/html/rfc5280#section-4.2.1.10
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local_azure.planes import domain_of

VALID_FOR: Final = timedelta(days=365)
RENEWED_BEFORE_ITS_END: Final = timedelta(days=30)
_CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
_LOOPBACK_NAME: Final = "localhost"


@dataclass(frozen=True)
class Authority:
    """An authority and its key. `certificate` is what clients trust."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls, hosts: Sequence[str], now: datetime) -> Self:
        """One for `hosts`, names as a plane has them (`*.vault.azure.net`): valid for a year, and of no other
        authority below it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Keyless local Azure")
        builder = _builder(name, name, key.public_key(), now - _CLOCKS_DIFFER_BY, now + VALID_FOR)
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_constraints(hosts), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        return cls(builder.sign(key, hashes.SHA256()), key)

    @classmethod
    def read(cls, certificate: bytes, key: bytes) -> Self:
        """From PEM. Raises ValueError for what is none, or no pair."""
        read, private = x509.load_pem_x509_certificate(certificate), load_pem_private_key(key, None)
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != read.public_key():
            raise ValueError("the certificate is not that of the key")
        return cls(read, private)

    def serves(self, hosts: Sequence[str], now: datetime) -> bool:
        """Whether it is for exactly these hosts and for a while yet."""
        try:
            known = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        except x509.ExtensionNotFound:
            return False
        return known == _constraints(hosts) and self._lasts(now)

    def issue(self, hosts: Sequence[str], now: datetime) -> tuple[bytes, bytes]:
        """A server's certificate for `hosts`, followed by the authority's, and its key: both PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate
        end = min(now + VALID_FOR, issuer.not_valid_after_utc)
        builder = _builder(
            _name("local Azure"), issuer.subject, key.public_key(), now - _CLOCKS_DIFFER_BY, end
        )
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False
            )
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        return certificate.public_bytes(Encoding.PEM) + self.certificate_pem, _pem(key)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return _pem(self.key)

    def _lasts(self, now: datetime) -> bool:
        begin, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        return begin <= now < end - RENEWED_BEFORE_ITS_END


def utc_now() -> datetime:
    """What the clients' clocks say, which tests of the local Azure do not move."""
    return datetime.now(UTC)


def _constraints(hosts: Sequence[str]) -> x509.NameConstraints:
    """A name stands for itself and for all names below it."""
    names = sorted({_LOOPBACK_NAME, *(domain_of(host) for host in hosts)})
    addresses = [x509.IPAddress(ipaddress.ip_network(network)) for network in _LOOPBACK]
    return x509.NameConstraints([*map(x509.DNSName, names), *addresses], None)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        content_commitment=False,
        crl_sign=signs_certificates,
        data_encipherment=False,
        decipher_only=False,
        digital_signature=not signs_certificates,
        encipher_only=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        key_encipherment=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
