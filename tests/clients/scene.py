"""One local Azure for the `az` commands, and what fills in their `{…}`."""

import json
import shlex
from collections.abc import Generator, Mapping
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
from tests.clients.command import Command
from tests.local_azure.app_service_stage import package
from tests.local_azure.container_apps_stage import ContainerAppsStage

GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-clients"
APP = "clients-of-keyless"
_APP = """
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]
"""
ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


class Scene:
    """The deployer and the officer, each with an `az` of their own, beside an image and who may pull it."""

    def __init__(self, local: LocalAzure, sessions: Mapping[Inhabitant, Session], folder: Path) -> None:
        self._local = local
        self._sessions = sessions
        stage = ContainerAppsStage(local)
        image = stage.image("print('hello', flush=True)")
        registry, _, repository = image.partition("/")
        self._kept = {
            "environment": stage.environment,
            "image": image,
            "puller": stage.puller(),
            "registry": registry.partition(".")[0],
            "repository": repository.partition(":")[0],
            "version": "",
        }
        self._package = folder / "app.zip"
        self._package.write_bytes(package({"app.py": _APP}))
        for person, one in sessions.items():
            ended = one.run(["login", *_who(person), "--password", self._password(person), *_ANYWAY])
            assert ended.status == 0, ended.errors

    def run(self, command: Command) -> Ended:
        words = shlex.split(self.filled(command.line))
        ended = self._sessions[command.by].run(words, given=command.given)
        if command.keeps:
            self._kept[command.keeps] = ended.output.strip().rpartition("/")[2]
        return ended

    def parsed(self, line: str) -> Ended:
        return self._sessions[DEPLOYER].run(shlex.split(self.filled(line)), only_parsed=True)

    def filled(self, text: str) -> str:
        """The text with what is known by now."""
        store = self._local.azure.store
        granted = [one.id for one in store.list(under=GROUP, type=ASSIGNMENTS)]
        return text.format(
            app=APP,
            assigned=json.dumps(
                {
                    "principalId": DEPLOYER.object_id,
                    "resourceId": self._kept.get("api"),
                    "appRoleId": "00000000-0000-0000-0000-000000000000",
                }
            ),
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
            trusted=json.dumps(
                {
                    "name": "shop",
                    "issuer": f"https://login.microsoftonline.com/{TENANT_ID}/v2.0",
                    "subject": DEPLOYER.object_id,
                    "audiences": ["api://AzureADTokenExchange"],
                }
            ),
            vault=f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-clients",
            **self._kept,
        )

    def _password(self, person: Inhabitant) -> str:
        return self._local.azure.entra.credentials()[person.name]


_ANYWAY = ("--allow-no-subscriptions", "--output", "none")


def _who(person: Inhabitant) -> list[str]:
    if person is DEPLOYER:
        return ["--service-principal", "--tenant", TENANT_ID, "--username", str(DEPLOYER.client_id)]
    return ["--username", person.name]


@contextmanager
def scene(folder: Path) -> Generator[Scene]:
    """Everything runs as long as the `with` block."""
    with ExitStack() as stack:
        local = stack.enter_context(LocalAzure(folder / "azure"))
        sessions = {
            person: stack.enter_context(session(folder / person.name, local.client_environment()))
            for person in (DEPLOYER, OFFICER)
        }
        yield Scene(local, sessions, folder)
