"""What opens `local-azure.internal`: a credential that is drawn when the local Azure starts.

It lies in a file that only its owner reads, as the header in which it is sent, so that nobody has to write it
into a command: `curl --header @.keyless/azure/control.header https://local-azure.internal/status`.
"""

import secrets
from collections.abc import Generator
from pathlib import Path
from typing import Final

import httpx
from typing_extensions import override

from local_azure.private_files import write_private

HEADER_FILE: Final = "control.header"
_NAME: Final = "Authorization"
_SCHEME: Final = "Bearer "


class NoCredentialError(RuntimeError):
    """The local Azure of a state folder has drawn none."""


def draw(state: Path) -> str:
    """A new credential, written to the state folder in the place of the last one."""
    credential = secrets.token_urlsafe(32)
    write_private(state / HEADER_FILE, f"{_NAME}: {_SCHEME}{credential}\n".encode())
    return credential


def read(state: Path) -> str:
    """The one of the local Azure that runs, or ran last. Raises NoCredentialError."""
    file = state / HEADER_FILE
    try:
        return file.read_text().strip().removeprefix(f"{_NAME}: {_SCHEME}")
    except FileNotFoundError:
        raise NoCredentialError(
            f"{file} is not there. Expected the credential that a local Azure draws when it starts: one of an"
            f" earlier version has none; stop it with `python -m local_azure stop --state {state}`, and start"
            " it again"
        ) from None


class ControlAuth(httpx.Auth):
    """Signs in to the control side of the local Azure in `state`; it reads the file for each request, as a
    restart draws another one."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers[_NAME] = _SCHEME + read(self._state)
        yield request
