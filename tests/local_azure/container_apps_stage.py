"""What the tests of container apps need: an environment, images with programs, and Microsoft's client."""

from pathlib import Path
from typing import Any

from azure.mgmt.appcontainers import ContainerAppsAPIClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.container_apps.service import ContainerApps
from local_azure.server import LocalAzure
from tests.local_azure.arm import content
from tests.local_azure.images import push_program
from tests.local_azure.registry_stage import RegistryStage
from tests.local_azure.vault_stage import GROUP, Json
from tests.patience import PATIENCE

SERVER = """
import json, os, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

def token(query):
    url = os.environ["IDENTITY_ENDPOINT"] + "?api-version=2019-08-01&resource=https://vault.azure.net" + query
    asked = urllib.request.Request(url, headers={"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]})
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(opener.open(asked))["client_id"]
    except urllib.error.HTTPError as error:
        return str(error.code)

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        said = token(self.path[7:]) if self.path.startswith("/token/") else json.dumps(dict(os.environ))
        self.wfile.write(said.encode())
    def log_message(self, *_):
        pass

HTTPServer(("0.0.0.0", 8000), Answer).serve_forever()
"""
"""Answers `/` with its environment, and `/token/&client_id=…` with whose token it was given."""


class ContainerAppsStage(RegistryStage):
    """One running local Azure with an environment and the registry of its images."""

    def __init__(self, local: LocalAzure) -> None:
        super().__init__(local)
        self.registry_id, self.host = self.registry()
        self.builder: Any = self.images(self.host, self.with_role("AcrPush", self.registry_id))
        self.environment = self.new_environment()

    def sign_in(self) -> None:
        super().sign_in()
        self.client: Any = ContainerAppsAPIClient(
            self.holder_of_deployer(), SUBSCRIPTION_ID, retry_total=0, **self.trust
        )

    def holder_of_deployer(self) -> Any:
        from local_azure.constants import DEPLOYER

        return self.holder(self.person(DEPLOYER))

    def settle(self) -> None:
        """Wait for what was started."""
        self.azure.service(ContainerApps).running.settle()

    def new_environment(self, **properties: Any) -> str:
        """The id of a new environment."""
        name = self.name("cae")
        body = {"location": "westeurope", "properties": {"workloadProfiles": None, **properties}}
        return str(self.client.managed_environments.begin_create_or_update(GROUP, name, body).result().id)

    def attached(self) -> tuple[str, str, str]:
        """A new user-assigned identity: its id, principal id and client id."""
        id = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{self.name('id')}"
        made = content(self.arm("PUT", id, {"location": "westeurope"}, api_version="2024-11-30"))
        return made["id"], made["properties"]["principalId"], made["properties"]["clientId"]

    def image(self, code: str = SERVER, **config: Any) -> str:
        """The name of a new image whose program is that code."""
        repository = self.name("shop")
        push_program(self.builder, repository, "1", {"app.py": code}, **config)
        return f"{self.host}/{repository}:1"

    def puller(self) -> str:
        """The id of a new identity that may pull."""
        id, principal, _ = self.attached()
        self.grant(self.registry_id, "AcrPull", principal)
        return id

    def secret(self) -> tuple[str, str]:
        """A new vault with the secret `db`, whose value is `of the vault`: its id, and the secret's
        address."""
        vault = self.vault()
        officer: Any = self.officer_of(vault)
        officer.set_secret("db", "of the vault")
        return self.id(vault), f"https://{vault}.vault.azure.net/secrets/db"

    def body(self, image: str, *identities: str, **configuration: Any) -> Json:
        """Of an app whose image the first identity pulls."""
        pulls = [{"server": self.host, "identity": identities[0]}] if identities else []
        attached: Json = {"type": "UserAssigned", "userAssignedIdentities": {one: {} for one in identities}}
        return {
            "location": "westeurope",
            "identity": attached if identities else None,
            "properties": {
                "environmentId": self.environment,
                "configuration": {"registries": pulls, **configuration},
                "template": {"containers": [{"name": "app", "image": image}]},
            },
        }

    def app(self, body: Json, name: str | None = None) -> Any:
        """Write an app."""
        name = name or self.name("ca")
        return self.client.container_apps.begin_create_or_update(GROUP, name, body).result()

    def job(self, body: Json, name: str | None = None) -> Any:
        name = name or self.name("caj")
        return self.client.jobs.begin_create_or_update(GROUP, name, body).result()

    def get(self, app: Any, path: str = "/") -> tuple[int, str]:
        self.settle()
        with self.http() as client:
            answer = client.get(
                f"https://{app.properties.configuration.ingress.fqdn}{path}", timeout=PATIENCE
            )
        return answer.status_code, answer.text

    def log(self, job: str) -> str:
        file = Path(self.azure.state) / "logs" / f"container-job-{job}.log"
        return file.read_text() if file.exists() else ""
