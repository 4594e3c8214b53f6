"""What is not Azure's, such as a package registry: reached as this machine reaches it, so that whoever is led
here can still install packages. A name of Azure's is never let out."""

import asyncio
import base64
import importlib.util
import ipaddress
import os
import re
import socket
import ssl
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies_environment
from urllib.request import proxy_bypass_environment as _direct  # pyright: ignore

from components.azure_facts.domains import of_azure

_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_OF_THIS_MACHINE: Final = ("localhost", "localdomain", "internal", "local")
"""Last labels of names that lead nowhere but to this machine or its own network."""
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label that makes a name an address: systems take `0x7f000001` and `127.1` for the loopback.
https://url.spec.whatwg.org/#ends-in-a-number-checker"""
_OF_PLATFORMS: Final = frozenset(
    ipaddress.ip_address(one) for one in ("168.63.129.16", "100.100.100.200", "fd00:ec2::254")
)
"""Where clouds answer a machine of theirs as itself and that are no link-local addresses.
https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16"""
_SECONDS: Final = 20.0
_CERTIFICATE: Final = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_TRUST: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")

INSIDE: Final = "is no name of a host outside this machine, and only such names are led on to."

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def why_not(host: str) -> str:
    """Why nothing is let out to `host` (lower-case): the end of a sentence that begins with it; empty where
    it may be reached."""
    if of_azure(host):
        return "is a name of Azure's that the local Azure does not have. The real one is never asked."
    last = host.rpartition(".")[2]
    if not _NAME.fullmatch(host) or last in _OF_THIS_MACHINE or _NUMBER.fullmatch(last):
        return INSIDE
    return ""


def is_inside(address: str) -> bool:
    """Whether an address is this machine's own, or one at which its platform hands out what it knows of the
    machine, a token of its identity among it. A private address is not: companies' registries have them.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    one = mapped or found
    return (
        one.is_loopback or one.is_link_local or one.is_unspecified or one.is_multicast or one in _OF_PLATFORMS
    )


class LeadsInside(OSError):
    """A name leads to nothing but addresses that nobody is led to."""


class Outside:
    """How this machine reaches other hosts: through the HTTPS proxy of the variables that it was started
    with, where there is one, and else directly."""

    def __init__(self, trusted: Path) -> None:
        """`trusted` is the file that clients are told to trust. Where the variables name it, they are of a
        shell that was led here, and their proxy is our own of now or before, which would ask itself."""
        self._proxies = getproxies_environment()
        outer = self._proxies.get("https", "")
        led_here = os.environ.get("SSL_CERT_FILE") == str(trusted)
        self._outer = outer if "://" in outer or not outer else f"http://{outer}"
        if led_here:
            self._outer = ""

    async def connect(self, host: str, port: int) -> Connection:
        """Raises LeadsInside when `host` leads to this machine, and OSError when it, or the proxy before it,
        is not reached. What a name leads to behind a proxy is the proxy's to know."""
        async with asyncio.timeout(_SECONDS):  # its TimeoutError is an OSError
            if not self._outer or _direct(f"{host}:{port}", self._proxies):
                return await _directly(host, port)
            return await _through(self._outer, f"{host}:{port}")


async def _directly(host: str, port: int) -> Connection:
    """To an address that was looked at: a second question to the DNS might have another answer."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    outside = [
        address for address in dict.fromkeys(str(one[4][0]) for one in found) if not is_inside(address)
    ]
    failed: OSError = LeadsInside(host)
    for address in outside:
        try:
            return await asyncio.open_connection(address, port)
        except OSError as error:
            failed = error
    raise failed


def _read(address: str) -> tuple[SplitResult, int | None]:
    """Raises OSError for what is no address, without its text: a password with a `/` that is not written as
    `%2F` stands where the port is looked for, and `urlsplit` would quote it."""
    try:
        proxy = urlsplit(address)
        return proxy, proxy.port
    except ValueError:
        raise OSError("HTTPS_PROXY is no address") from None


async def _through(address: str, target: str) -> Connection:
    proxy, port = _read(address)
    if proxy.scheme not in ("http", "https"):
        raise OSError(f"a proxy with {proxy.scheme}:// is not spoken to")
    context = ssl.create_default_context() if proxy.scheme == "https" else None
    port = port or (443 if context else 80)
    reader, writer = await asyncio.open_connection(proxy.hostname, port, ssl=context)
    try:
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if proxy.username is not None:
            user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}")
        writer.write("\r\n".join((*lines, "", "")).encode())
        await writer.drain()
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (EOFError, asyncio.LimitOverrunError) as error:
            raise OSError("this machine's proxy gave no answer") from error
        status = head.split(b"\r\n", 1)[0].split(b" ")[1:2]
        if status != [b"200"]:
            raise OSError("this machine's proxy refused")
    except BaseException:
        writer.close()
        raise
    return reader, writer


def trusted_outside() -> list[str]:
    """The certificates, in PEM, of the authorities that clients on this machine trust: those of the system
    and of the variables that we were started with, and those that pip brings, as some systems keep none in
    a file."""
    named = [Path(os.environ[name]) for name in _TRUST if os.environ.get(name)]
    system = ssl.get_default_verify_paths().cafile
    pip = importlib.util.find_spec("pip")
    brought = [Path(pip.origin).parent / "_vendor/certifi/cacert.pem"] if pip and pip.origin else []
    return _certificates([*named, *([Path(system)] if system else []), *brought])


def _certificates(files: Iterable[Path]) -> list[str]:
    found: dict[str, None] = {}
    for file in dict.fromkeys(files):
        if file.is_file():
            found |= dict.fromkeys(_certificates_in(file, file.stat().st_mtime_ns))
    return list(found)


@cache
def _certificates_in(file: Path, changed: int) -> Sequence[str]:
    """Those in a file as it was when it was last `changed`: they are many, and each start reads them."""
    del changed
    return _CERTIFICATE.findall(file.read_text("utf-8", "replace"))
