"""The token service of Arc's agent: who may read a file of the machine's owner is the machine.

https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
"""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.with_identity.table import MACHINES

PATH: Final = "/arc/"
_VERSIONS: Final = ("2019-11-01", "2020-06-01")
_ON_LINUX: Final = Path("/var/opt/azcmagent/tokens")
_ON_WINDOWS: Final = ("AzureConnectedMachineAgent", "Tokens")
_UNANSWERED: Final = 100
"""Files that nobody has answered with, the oldest of which goes for a new one: anybody may ask."""

RULES: Final = [
    Rule(
        "I23",
        "behaviour",
        "The agent answers 401 with a file that only the machine's administrators read; its content, sent "
        "once, is good for one token.",
        held_by="i23_the_content_of_the_file_is_good_once",
    ),
    Rule(
        "I23",
        "behaviour",
        "Azure's client finds the agent by IDENTITY_ENDPOINT and IMDS_ENDPOINT, and is the machine.",
        held_by="i23_code_on_a_connected_machine_gets_tokens_as_the_machine",
    ),
    Rule(
        "I23",
        "assumed",
        "Without the header Metadata, or for a machine that is not connected: 400.",
        held_by="i23_a_request_without_the_header_is_refused",
    ),
]


def keys_folder() -> Path:
    """Where the agent keeps its files, and the client looks: said by neither."""
    if sys.platform.startswith("win"):
        return Path(os.environ.get("PROGRAMDATA", "")).joinpath(*_ON_WINDOWS)
    return _ON_LINUX


def is_writable() -> bool:
    """Whether this machine lets the local agent keep its files where the client looks."""
    try:
        keys_folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(keys_folder(), os.W_OK)


class Agent:
    """The agents of all machines. A machine is in the path, as each has an agent of its own."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._portal = ""
        self._asked: dict[tuple[str, str], Path] = {}

    def bind(self, portal: str) -> None:
        self._portal = portal

    def environment(self, machine_id: str) -> Mapping[str, str]:
        """What a machine's code is told. Raises LookupError where there is no such machine."""
        machine = self._ground.store.get(machine_id)
        if machine is None or machine.type.lower() != MACHINES.lower():
            raise LookupError(f"there is no machine {machine_id}")
        address = f"{self._portal}{PATH.rstrip('/')}{machine.id}"
        return {"IDENTITY_ENDPOINT": f"{address}/metadata/identity/oauth2/token", "IMDS_ENDPOINT": address}

    def handle(self, request: Request) -> Response:
        """Raises Refusal 501 where this machine has no place for the agent's files."""
        id = f"/{request.path.removeprefix(PATH).partition('/metadata/')[0]}"
        machine = self._ground.store.get(id)
        own = section(machine.body if machine else None, "identity").get("principalId")
        principal = self._ground.entra.principal(str(own)) if own else None
        said = request.headers.get("metadata", "").lower() == "true"
        if not said or principal is None or request.query.get("api-version") not in _VERSIONS:
            return _refused(
                "invalid_request", "The header Metadata, a connected machine or a version is missing."
            )
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        if not self._take(id, given):
            return self._challenge(id)
        try:
            token, expires_on = self._ground.entra.issue(principal, request.query.get("resource", ""))
        except Refusal as refusal:
            return _refused("invalid_resource", refusal.message)
        lasts = int(expires_on - self._ground.clock.now())
        answer: JsonObject = {
            "access_token": token,
            "client_id": principal.client_id,
            "expires_in": str(lasts),
            "expires_on": str(int(expires_on)),
            "resource": request.query.get("resource", ""),
            "token_type": "Bearer",
        }
        return Response(200, answer)

    def forget(self) -> None:
        """Take away the files that nobody has answered with."""
        for file in self._asked.values():
            file.unlink(missing_ok=True)
        self._asked.clear()

    def _challenge(self, machine_id: str) -> Response:
        if not is_writable():
            text = f"This machine has no folder {keys_folder()} that the local agent may write."
            raise Refusal(501, "NotServedByLocalAzure", text)
        secret = secrets.token_hex(16)
        file = keys_folder() / f"{secrets.token_hex(8)}.key"
        file.touch(0o600)
        file.write_text(secret, encoding="utf-8")
        self._asked[machine_id.lower(), secret] = file
        if len(self._asked) > _UNANSWERED:
            self._asked.pop(next(iter(self._asked))).unlink(missing_ok=True)
        return Response(401, {}, {"WWW-Authenticate": f"Basic realm={file}"})

    def _take(self, machine_id: str, secret: str) -> bool:
        """Whether this is the content of a file that this machine was asked with, which is gone then."""
        file = self._asked.pop((machine_id.lower(), secret), None)
        if file is not None:
            file.unlink(missing_ok=True)
        return file is not None


def _refused(error: str, description: str) -> Response:
    return Response(400, {"error": error, "error_description": description})
