"""`python -m database_grants` on a state, whatever kind of database it is for."""

import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.credentials import TokenCredential

from database_grants.command_line import main
from local_azure.entra.directory import Principal

GRANT = "keyless:index:DatabaseGrant"


def grant_of(
    dialect: str, host: str, who: Principal, privilege: str, kind: str, **more: str
) -> dict[str, Any]:
    """One grant, as a component registers it in the state."""
    outputs = {
        "dialect": dialect, "host": host, "database": "shop", "schema": "", "privilege": privilege,
        "principalId": who.object_id, "principalName": who.name, "principalType": kind,
        "clientId": who.client_id, **more,
    }  # fmt: skip
    return {"name": f"{who.name}-{privilege}", "outputs": outputs}


class Runs:
    """The command on a state that has these grants, with what it printed last. Each test has a stack of its
    own, and so marks of its own.
    """

    def __init__(
        self,
        server_type: str,
        credential: Callable[[], TokenCredential],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self._type, self._credential = server_type, credential
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self.printed = self.said = ""
        self.owner = f"shop-{uuid.uuid4().hex[:8]}/dev"

    def __call__(self, host: str, *grants: dict[str, Any], how: str = "", role: str = "deployer") -> int:
        made = {"name": "db", "outputs": {"fullyQualifiedDomainName": host}}
        every = [(self._type, made), *((GRANT, one) for one in grants)]
        project, name = self.owner.split("/")
        resources = [
            {"urn": f"urn:pulumi:{name}::{project}::{type_}::{one['name']}", "type": type_, **one}
            for type_, one in every
        ]
        state = json.dumps({"version": 3, "deployment": {"resources": resources}})
        self._monkeypatch.setattr("sys.stdin", io.StringIO(state))
        arguments = ["--state", "-", *([how] if how else []), *(["--as", role] if role else [])]
        status = main(arguments, self._credential)
        self.printed, self.said = self._capsys.readouterr()
        return status
