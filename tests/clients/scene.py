"""One local Azure for the `az` commands, and what fills in their `{…}`."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local_azure.constants import (
    DEPLOYER,
    OFFICER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    TENANT_ID,
    VAULT_OFFICERS,
    Inhabitant,
)
from local_azure.server import LocalAzure
from tests.clients.azure_cli import Ended, Session, session
from tests.clients.commands import Command
from tests.local_azure.app_service_stage import package

GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-clients"
APP = "clients-of-keyless"
ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


class Scene:
    """The deployer and the officer, each with an `az` of their own."""

    def __init__(self, local: LocalAzure, sessions: Mapping[Inhabitant, Session], folder: Path) -> None:
        self._local = local
        self._sessions = sessions
        self._package = folder / "app.zip"
        self._package.write_bytes(package({"app.py": "app = None\n"}))
        for person, one in sessions.items():
            ended = one.run(["login", *_who(person), "--password", self._password(person), *_ANYWAY])
            assert ended.status == 0, ended.errors

    def run(self, command: Command) -> Ended:
        words = shlex.split(self.filled(command.line))
        return self._sessions[command.by].run(words, given=command.given)

    def parsed(self, line: str) -> Ended:
        return self._sessions[DEPLOYER].run(shlex.split(self.filled(line)), only_parsed=True)

    def filled(self, text: str) -> str:
        """The text with what is known by now."""
        store = self._local.azure.store
        secrets = store.get(
            f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-clients/secrets/database-password"
        )
        uri = str(secrets.body["properties"].get("secretUriWithVersion", "")) if secrets else ""
        granted = [one.id for one in store.list(under=GROUP, type=ASSIGNMENTS)]
        return text.format(
            app=APP,
            assignment=granted[-1] if granted else "",
            client=DEPLOYER.client_id,
            deployer=DEPLOYER.object_id,
            group=GROUP,
            officer=OFFICER.object_id,
            officers=VAULT_OFFICERS.object_id,
            package=self._package,
            site=f"{GROUP}/providers/Microsoft.Web/sites/{APP}",
            subscription=SUBSCRIPTION_ID,
            tenant=TENANT_ID,
            vault=f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-clients",
            version=uri.rpartition("/")[2],
        )

    def _password(self, person: Inhabitant) -> str:
        return self._local.azure.entra.credentials()[person.name]


_ANYWAY = ("--allow-no-subscriptions", "--output", "none")


def _who(person: Inhabitant) -> list[str]:
    if person is DEPLOYER:
        return ["--service-principal", "--tenant", TENANT_ID, "--username", str(DEPLOYER.client_id)]
    return ["--username", person.name]


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Everything runs as long as the `with` block."""
    with ExitStack() as stack:
        local = stack.enter_context(LocalAzure(folder / "azure"))
        sessions = {
            person: stack.enter_context(session(folder / person.name, local.client_environment()))
            for person in (DEPLOYER, OFFICER)
        }
        yield Scene(local, sessions, folder)
