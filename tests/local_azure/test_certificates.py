"""The authority that people trust on their machine: for what, how long, and that OpenSSL agrees."""

import ipaddress
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from local_azure.authority import Authority, utc_now
from local_azure.certificates import Certificates
from local_azure.server import LocalAzure
from tests.patience import PATIENCE

HOSTS = ("local-azure.internal", "login.microsoftonline.com", "*.vault.azure.net")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def handshake(trusted: Authority, chain: bytes, key: bytes, name: str, folder: Path) -> str | None:
    """Connect, as a client that trusts an authority, to a server that has this certificate; why that was
    refused."""
    (folder / "server.pem").write_bytes(key + chain)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(folder / "server.pem")
    client_side = ssl.create_default_context(cadata=trusted.certificate_pem.decode())
    client_side.verify_flags |= ssl.VERIFY_X509_STRICT  # as from Python 3.13
    one, other = socket.socketpair()
    one.settimeout(PATIENCE)

    def serve() -> None:
        try:
            with server_side.wrap_socket(other, server_side=True) as line:
                line.recv(1)
        except OSError:
            other.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client_side.wrap_socket(one, server_hostname=name) as line:
            line.sendall(b"x")
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    else:
        return None
    finally:
        one.close()
        thread.join(PATIENCE)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new(HOSTS, utc_now())


@pytest.mark.parametrize(
    ("hosts", "name"),
    [
        (["*.vault.azure.net"], "kv-a.vault.azure.net"),
        (["login.microsoftonline.com"], "login.microsoftonline.com"),
        (["local-azure.internal"], "local-azure.internal"),
        (["localhost"], "localhost"),
        (list(HOSTS), "kv-a.vault.azure.net"),
    ],
)
def test_a_client_accepts_what_the_authority_is_for(
    authority: Authority, tmp_path: Path, hosts: list[str], name: str
) -> None:
    assert handshake(authority, *authority.issue(hosts, utc_now()), name, tmp_path) is None


@pytest.mark.parametrize(
    ("hosts", "name"),
    [
        (["bank.example"], "bank.example"),
        (["*.azure.net"], "other.azure.net"),
        (["microsoftonline.com"], "microsoftonline.com"),
        (["graph.microsoft.com"], "graph.microsoft.com"),
        (["evilvault.azure.net"], "evilvault.azure.net"),
        (["kv-a.vault.azure.net", "bank.example"], "kv-a.vault.azure.net"),
    ],
)
def test_a_client_refuses_all_else_that_the_authority_signs(
    authority: Authority, tmp_path: Path, hosts: list[str], name: str
) -> None:
    assert (
        handshake(authority, *authority.issue(hosts, utc_now()), name, tmp_path)
        == "permitted subtree violation"
    )


def test_no_address_but_the_loopback_is_vouched_for(authority: Authority) -> None:
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    networks = constraints.value.permitted_subtrees or []
    assert [one.value for one in networks if isinstance(one, x509.IPAddress)] == [
        ipaddress.ip_network("127.0.0.0/8"),
        ipaddress.ip_network("::1/128"),
    ]
    assert [one.value for one in networks if isinstance(one, x509.DNSName)] == [
        "local-azure.internal",
        "localhost",
        "login.microsoftonline.com",
        "vault.azure.net",
    ]


def key_identifier(issuer: Authority) -> x509.Extension[x509.AuthorityKeyIdentifier]:
    value = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return x509.Extension(value.oid, critical=False, value=value)


def test_another_authority_below_it_is_refused(authority: Authority, tmp_path: Path) -> None:
    below = Authority.new(HOSTS, utc_now())
    signed = x509.CertificateBuilder(
        authority.certificate.subject,
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "below")]),
        below.key.public_key(),
        x509.random_serial_number(),
        utc_now() - timedelta(hours=1),
        utc_now() + timedelta(days=1),
        [*below.certificate.extensions, key_identifier(authority)],
    ).sign(authority.key, hashes.SHA256())
    chain, key = Authority(signed, below.key).issue(["kv-a.vault.azure.net"], utc_now())
    chain += authority.certificate_pem
    refused = handshake(authority, chain, key, "kv-a.vault.azure.net", tmp_path)
    assert refused == "path length constraint exceeded"


def test_it_is_valid_for_a_year_and_what_it_signs_no_longer() -> None:
    made = Authority.new(HOSTS, NOW)
    assert made.certificate.not_valid_after_utc == NOW + timedelta(days=365)
    later = NOW + timedelta(days=100)
    leaf = x509.load_pem_x509_certificate(made.issue(HOSTS, later)[0])
    assert leaf.not_valid_after_utc == made.certificate.not_valid_after_utc


@pytest.mark.parametrize(("days", "kept"), [(0, True), (334, True), (336, False), (400, False)])
def test_it_is_renewed_in_the_month_before_its_end(tmp_path: Path, days: int, kept: bool) -> None:
    first = Certificates(tmp_path, HOSTS, lambda: NOW).authority_file.read_bytes()
    again = Certificates(tmp_path, HOSTS, lambda: NOW + timedelta(days=days))
    assert (again.authority_file.read_bytes() == first) is kept
    again.server_context()


def test_it_is_renewed_when_another_name_is_served_or_its_key_is_another(tmp_path: Path) -> None:
    first = Certificates(tmp_path, HOSTS).authority_file.read_bytes()
    assert Certificates(tmp_path, HOSTS).authority_file.read_bytes() == first
    second = Certificates(tmp_path, [*HOSTS, "*.weather.azure.net"]).authority_file.read_bytes()
    assert second != first
    (tmp_path / "authority.pem").write_bytes(first)  # not that of the key any more
    assert Certificates(tmp_path, HOSTS).authority_file.read_bytes() not in (first, second)


def test_one_of_an_earlier_version_which_vouched_for_every_name_is_replaced(tmp_path: Path) -> None:
    made = Authority.new(HOSTS, utc_now())
    of = made.certificate
    kept = [one for one in of.extensions if not isinstance(one.value, x509.NameConstraints)]
    older = x509.CertificateBuilder(
        of.issuer, of.subject, made.key.public_key(), of.serial_number, of.not_valid_before_utc,
        of.not_valid_after_utc, kept,
    ).sign(made.key, hashes.SHA256())  # fmt: skip
    (tmp_path / "authority.pem").write_bytes(older.public_bytes(Encoding.PEM))
    (tmp_path / "authority.key").write_bytes(made.key_pem)
    now = x509.load_pem_x509_certificate(Certificates(tmp_path, HOSTS).authority_file.read_bytes())
    assert now.serial_number != older.serial_number
    assert now.extensions.get_extension_for_class(x509.NameConstraints).critical


def test_no_key_stays_behind_but_the_authoritys_own(tmp_path: Path) -> None:
    Certificates(tmp_path, HOSTS).server_context()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"authority.pem": 0o600, "authority.key": 0o600}


def test_the_local_azure_serves_under_such_an_authority(local_azure: LocalAzure) -> None:
    certificate = x509.load_pem_x509_certificate(Path(local_azure.addresses.authority).read_bytes())
    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    names = {one.value for one in constraints.permitted_subtrees or [] if isinstance(one, x509.DNSName)}
    served = {plane.domain for plane in local_azure.azure.services.planes()}
    assert names == served | {"localhost", "local-azure.internal"}
