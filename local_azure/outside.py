"""What is not Azure's, such as a package registry: reached as this machine reaches it, so that whoever is led
here can still install packages. A name of Azure's is never let out."""

import asyncio
import base64
import importlib.util
import os
import re
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies_environment
from urllib.request import proxy_bypass_environment as _direct  # pyright: ignore

from components.azure_facts.domains import of_azure

_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_OF_THIS_MACHINE: Final = ("localhost", "internal", "local")
"""Last labels of names that lead nowhere but to this machine or its own network."""
_SECONDS: Final = 20.0
_CERTIFICATE: Final = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_TRUST: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def why_not(host: str) -> str:
    """Why nothing is let out to `host` (lower-case): the end of a sentence that begins with it; empty where
    it may be reached."""
    if of_azure(host):
        return "is a name of Azure's that the local Azure does not have. The real one is never asked."
    if not _NAME.fullmatch(host) or host.rpartition(".")[2] in _OF_THIS_MACHINE:
        return "is no name of a host outside this machine, and only such names are led on to."
    return ""


class Outside:
    """How this machine reaches other hosts: through the HTTPS proxy of the variables that it was started
    with, where there is one, and else directly."""

    def __init__(self, trusted: Path) -> None:
        """`trusted` is the file that clients are told to trust. Where the variables name it, they are of a
        shell that was led here, and their proxy is our own of now or before, which would ask itself."""
        self._proxies = getproxies_environment()
        outer = self._proxies.get("https", "")
        led_here = os.environ.get("SSL_CERT_FILE") == str(trusted)
        address = outer if "://" in outer else f"http://{outer}"
        self._outer = urlsplit(address) if outer and not led_here else None

    async def connect(self, host: str, port: int) -> Connection:
        """Raises OSError when the host, or the proxy before it, is not reached."""
        async with asyncio.timeout(_SECONDS):  # its TimeoutError is an OSError
            if self._outer is None or _direct(host, self._proxies):
                return await asyncio.open_connection(host, port)
            return await _through(self._outer, f"{host}:{port}")


async def _through(proxy: SplitResult, target: str) -> Connection:
    if proxy.scheme not in ("http", "https"):
        raise OSError(f"a proxy with {proxy.scheme}:// is not spoken to")
    context = ssl.create_default_context() if proxy.scheme == "https" else None
    port = proxy.port or (443 if context else 80)
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
            found |= dict.fromkeys(_CERTIFICATE.findall(file.read_text("utf-8", "replace")))
    return list(found)
