"""A local Azure in which workflows are written, called and looked at, by azure-mgmt-logic and by HTTP."""

import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.logic import LogicManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.logic.service import LogicApps
from local_azure.server import LocalAzure
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import GROUP, Json, VaultStage

REQUEST: Final[Json] = {"manual": {"type": "Request", "kind": "Http", "inputs": {}}}
ISSUER: Final = f"https://sts.windows.net/{TENANT_ID}/"
AUDIENCE: Final = "https://management.azure.com"


class LogicStage(VaultStage):
    """`logic` is azure-mgmt-logic as the deployer, `web` anybody's client that the proxy leads here."""

    def __init__(self, local: LocalAzure) -> None:
        super().__init__(local)
        environment = local.environment()
        secret = environment["AZURE_CLIENT_SECRET"]
        deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)
        self.logic: Any = LogicManagementClient(deployer, SUBSCRIPTION_ID, **self.trust)
        trust = ssl.create_default_context(cafile=local.addresses.authority)
        self.web = httpx.Client(proxy=local.proxy_url, verify=trust, timeout=60, trust_env=False)
        self.runs = self.azure.service(LogicApps).runs

    def made_identity(self) -> Json:
        path = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{self.name('id')}"
        return content(self.arm("PUT", path, {"location": "westeurope"}))

    def write(
        self,
        actions: Json,
        *,
        triggers: Json | None = None,
        identity: Json | None = None,
        control: Json | None = None,
        definition: Json | None = None,
        parameters: Json | None = None,
        name: str = "",
    ) -> str:
        """Write a workflow; its name."""
        name = name or self.name("logic")
        body: Json = {
            "location": "westeurope",
            "definition": {"triggers": triggers or REQUEST, "actions": actions, **(definition or {})},
            "parameters": parameters or {},
        }
        body |= {"access_control": control} if control else {}
        body |= {"identity": identity} if identity else {}
        self.logic.workflows.create_or_update(GROUP, name, body)
        return name

    def put(self, properties: Json, *, name: str = "", **more: Any) -> str:
        """Write a workflow as it stands, with what the client's models do not know."""
        id = f"{self.group}/providers/Microsoft.Logic/workflows/{name or self.name('logic')}"
        response = self.arm("PUT", id, {"location": "westeurope", "properties": properties, **more})
        content(response)
        return id.rpartition("/")[2]

    def workflow_id(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.Logic/workflows/{name}"

    def signed(self, name: str) -> str:
        """The address of the trigger with the workflow's signature in it."""
        return str(self.logic.workflow_triggers.list_callback_url(GROUP, name, "manual").value)

    def address(self, name: str) -> str:
        """The same without it."""
        endpoint = self.logic.workflows.get(GROUP, name).access_endpoint
        return f"{endpoint}/triggers/manual/paths/invoke?api-version=2016-10-01"

    def token(self, principal: Principal, audience: str = AUDIENCE) -> dict[str, str]:
        token, _ = self.azure.entra.issue(principal, audience)
        return {"Authorization": f"Bearer {token}"}

    def actions(self, name: str) -> Mapping[str, Any]:
        """What became of each action in the newest run."""
        self.runs.settle()
        run = next(iter(self.logic.workflow_runs.list(GROUP, name)))
        return {one.name: one for one in self.logic.workflow_run_actions.list(GROUP, name, run.name)}

    def newest(self, name: str) -> Any:
        self.runs.settle()
        return next(iter(self.logic.workflow_runs.list(GROUP, name)), None)

    def content(self, link: Any) -> Any:
        """What a link of the history leads to."""
        answer = self.web.get(link.uri)
        assert answer.status_code == 200, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text


def user_assigned(identity: Json) -> Json:
    return {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}


def by_identity(identity: Json | None, audience: str) -> Json:
    named = {} if identity is None else {"identity": identity["id"]}
    return {"type": "ManagedServiceIdentity", "audience": audience, **named}


def policy(*claims: tuple[str, str]) -> Json:
    """Access control that lets in a token with those claims."""
    wanted = [{"name": name, "value": value} for name, value in claims]
    return {
        "triggers": {"openAuthenticationPolicies": {"policies": {"one": {"type": "AAD", "claims": wanted}}}}
    }


def ranges(*given: str) -> Json:
    return {"allowedCallerIpAddresses": [{"addressRange": one} for one in given]}


def refused(act: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(HttpResponseError) as error:
        act()
    assert error.value.error is not None
    return int(error.value.status_code or 0), str(error.value.error.code)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def after(*names: str, how: Sequence[str] = ("Succeeded",)) -> Json:
    return {"runAfter": {name: list(how) for name in names}}
