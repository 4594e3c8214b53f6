"""Every credential of the loop, and the files in which one lies that do not keep it.

What only a running process knows (an app's identity header) or hands out (tokens, shared access signatures)
is found by its form; all else by its value, in every spelling of `loop.leaks`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from local_azure.control_credential import HEADER_FILE
from local_azure.control_credential import read as control_credential
from local_azure.store_seal import KEY_FILE
from loop.leaks import content_of, files_below, spellings

_GUID: Final = rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_SIGNED: Final = rb"eyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{40,}"
FORMS: Final[Mapping[str, re.Pattern[bytes]]] = {
    "an app's identity header": re.compile(
        rb"(?:IDENTITY[_-]HEADER|MSI_SECRET)[^0-9A-Za-z]{1,12}(?:3D|3A|22)*" + _GUID, re.IGNORECASE
    ),
    "a token": re.compile(_SIGNED),
    "a shared access signature": re.compile(
        rb"(?:\b|%26|%3F|u0026|u003f)sig(?:=|%3D|\\u003d)[\w+/%-]{40,}", re.IGNORECASE
    ),
}
_BEGINS_WITH: Final[Mapping[str, str]] = {
    "an app's identity header": "IDENTITY_HEADER",
    "a token": "eyJhbGciOiJSUzI1Ni",  # {"alg":"RS256 as the head of every token is written
}
"""Whose encoded form gives them away, too: nobody else encodes these words."""
_NOTHING_SECRET_IS_WRITTEN_TO: Final = ("engine", "pulumi/plugins")
"""The engine's files and the plugins' launchers: made before there is any credential, and large."""

_LOGINS_OF_AZ: Final = ("msal_http_cache.bin", "msal_token_cache.json", "service_principal_entries.json")


@dataclass(frozen=True)
class Credential:
    """`values` are what gives it away, `home` the file that keeps it."""

    kind: str
    values: tuple[str | bytes, ...]
    home: Path


def credentials(work: Path, azure: Path) -> list[Credential]:
    """Those that lie in files of the loop in `work` and of the local Azure in `azure`, as far as they are
    there."""
    found = [
        Credential(f"what {name} signs in with", (value,), azure / "credentials.json")
        for name, value in _inhabitants(azure / "credentials.json").items()
    ]
    for kind, file in (
        ("the key that signs tokens", azure / "entra-key.pem"),
        ("the certificate authority's key", azure / "certificates" / "authority.key"),
    ):
        if file.exists():
            found.append(Credential(kind, tuple(_private_parts(file.read_bytes())), file))
    for kind, file in (
        ("the store's key", azure / KEY_FILE),
        ("the passphrase of the stack's secrets", work / "passphrase"),
    ):
        if file.exists():
            found.append(Credential(kind, (file.read_text().strip(),), file))
    if (azure / HEADER_FILE).exists():
        found.append(
            Credential("the control side's credential", (control_credential(azure),), azure / HEADER_FILE)
        )
    return found


def credential_leaks(work: Path, azure: Path) -> list[str]:
    """A sentence for each file below both folders in which a credential lies that is not at home there."""
    known = [(one, _needles(one.values)) for one in credentials(work, azure)]
    found: list[str] = []
    encoded = [(kind, form) for kind, word in _BEGINS_WITH.items() for form in _encoded(word)]
    skipped = {work / name for name in _NOTHING_SECRET_IS_WRITTEN_TO}
    for file in files_below(*{work, azure}):
        if skipped.intersection(file.parents) or is_login_of_az(file, azure):
            continue
        content = content_of(file)
        found += [
            f"{one.kind} lies in {file}"
            for one, needles in known
            if file != one.home and any(needle in content for needle in needles)
        ]
        found += [f"{kind} lies in {file}" for kind, form in FORMS.items() if form.search(content)]
        found += [f"{kind} lies in {file}" for kind, form in encoded if form in content]
    return sorted(set(found))


def is_login_of_az(file: Path, azure: Path) -> bool:
    """Whether the Azure CLI keeps its logins in the file, as in `~/.azure` for everybody else.
    https://learn.microsoft.com/cli/azure/msal-based-azure-cli"""
    folder, config = file.parent.parent.parent, file.parent.name
    return file.name in _LOGINS_OF_AZ and config == "config" and folder == azure / "az"


def _inhabitants(file: Path) -> Mapping[str, str]:
    return json.loads(file.read_text()) if file.exists() else {}


def _needles(values: Iterable[str | bytes]) -> list[bytes]:
    return [spelling for value in values for spelling in spellings(value)]


def _encoded(word: str) -> set[bytes]:
    return spellings(word) - {word.encode()}


def _private_parts(pem: bytes) -> Iterator[str | bytes]:
    """Of a key in PEM: the number that is secret, and the lines of the file that hold a part of it. The rest
    is public, and stands in every certificate or key document."""
    # Not looked into, which takes most of a search: the loop made it.
    key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, rsa.RSAPrivateKey):
        secret = key.private_numbers().d
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        secret = key.private_numbers().private_value
    else:
        raise TypeError(f"{type(key).__name__} is no kind of key that the loop makes")
    number = secret.to_bytes((secret.bit_length() + 7) // 8, "big")
    yield number
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    start = key.private_bytes(serialization.Encoding.DER, form, plain).index(number)
    per_line = 48  # bytes, which are 64 characters
    lines = [line for line in pem.decode().splitlines() if line and not line.startswith("-")]
    yield from lines[start // per_line : (start + len(number) - 1) // per_line + 1]
