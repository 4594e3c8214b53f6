"""An app that calls another with its identity through the real engine: it is let in, and nobody else is."""

import re
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.identity import ClientSecretCredential

from local_azure.constants import TENANT_ID
from local_azure.server import LocalAzure
from readiness.command_line import NOT_READY, READY
from readiness.command_line import main as readiness
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.app_service_stage import package
from toolchain.paths import ROOT

REGISTRATION = "c11e4700-0000-4000-8000-0000000000aa"
AUDIENCE = f"api://{REGISTRATION}"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import WebApp, WorkloadAccess

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
sign_in = {{"client_id": "{REGISTRATION}", "callers": {{}}, "excluded_paths": ["/health"]}}
api = WebApp("api", {{**where, "sign_in": sign_in}})
web = WebApp("web", {{**where, "plan_id": api.plan_id, "links": {{"api": api.call_link()}}}})
link = {{**api.call_link(), "grant": config.get_bool("other") or False}}
other = WebApp("other", {{**where, "plan_id": web.plan_id, "links": {{"api": link}}}})
if config.get_bool("elsewhere"):
    # By texts: as if the app were of another stack.
    given = {{"id": config.require("id"), "endpoint": config.require("url"), "audience": "{AUDIENCE}"}}
    client = {{"principal_id": other.identity.principal_id, "client_id": other.identity.client_id}}
    WorkloadAccess("elsewhere", {{**client, "links": {{"api": {{"app": given}}}}}})
pulumi.export("app_id", api.app_id)
for name, app in (("api", api), ("web", web), ("other", other)):
    pulumi.export(name, app.url)
    pulumi.export(f"{{name}}_id", app.principal_id)
pulumi.export("access", pulumi.Output.all(web.access, other.access))
"""
API = """
def app(environ, start_response):
    start_response("200 OK", [])
    return [environ.get("HTTP_X_MS_CLIENT_PRINCIPAL_ID", "nobody").encode()]
"""
CALLER = """
import os
import httpx
from azure.identity import DefaultAzureCredential
def app(environ, start_response):
{lines}
    start_response(f"{{answer.status_code}} answered", [])
    return [answer.content]
"""


def lines_of_the_guide() -> str:
    """The two lines of code, as they are printed."""
    guide = (ROOT / "docs" / "guides" / "calling-apps.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^## Two lines of code\n.*?^```python\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    lines = block.splitlines()
    assert len(lines) == 2
    return "\n".join(f"    {line}" for line in lines)


class Shop(Loop):
    """An API, an app that calls it, and another one."""

    def deploy(self, code: dict[str, str]) -> None:
        """Publish code, as a pipeline does."""
        environment = self.cloud.environment()
        given = (TENANT_ID, environment["AZURE_CLIENT_ID"], environment["AZURE_CLIENT_SECRET"])
        token = ClientSecretCredential(*given).get_token("https://management.azure.com/.default").token
        for name, text in code.items():
            url = f"{self.url(name).replace('.azurewebsites', '.scm.azurewebsites')}/api/publish?type=zip"
            headers = {"Authorization": f"Bearer {token}"}
            answer = self.client().post(url, content=package({"app.py": text}), headers=headers)
            answer.raise_for_status()

    def url(self, name: str) -> str:
        return str(self.stack.outputs()[name])

    def get(self, name: str, path: str = "/") -> tuple[int, str]:
        answer = self.client().get(f"{self.url(name)}{path}")
        return answer.status_code, answer.text

    def client(self) -> httpx.Client:
        verify = ssl.create_default_context(cafile=self.cloud.environment()["SSL_CERT_FILE"])
        return httpx.Client(proxy=self.cloud.proxy_url, verify=verify, trust_env=False, timeout=60)

    def callers(self) -> Any:
        bodies = [one["properties"] for one in self.resources("Microsoft.Web/sites/config")]
        (providers,) = [one["identityProviders"] for one in bodies if "identityProviders" in one]
        validation = providers["azureActiveDirectory"]["validation"]
        return validation["defaultAuthorizationPolicy"]["allowedApplications"]


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = given_program(Shop, engine, cloud, tmp_path, PROGRAM)
    for key, value in shop.stack.environment().items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(shop.stack.program)
    return shop


def test_an_app_calls_another_with_two_lines_of_code_and_one_that_is_not_let_in_is_forbidden(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.stack.up("--skip-preview")
    caller = CALLER.format(lines=lines_of_the_guide())
    shop.deploy({"api": API, "web": caller, "other": caller})
    outputs = shop.stack.outputs()
    assert shop.get("web") == (200, outputs["web_id"])
    assert shop.get("other") == (403, "")
    assert shop.get("api") == (401, "")
    assert shop.get("api", "/health") == (200, "nobody")
    assert len(shop.callers()) == 1
    shop.stack.preview("--refresh", "--expect-no-changes")

    elsewhere = {"elsewhere": "true", "id": outputs["app_id"], "url": outputs["api"]}
    shop.stack.write_configuration(elsewhere)
    shop.stack.up("--skip-preview")
    assert readiness(("--stack", shop.stack.name)) == NOT_READY
    assert f"NOT elsewhere: {outputs['app_id'].rpartition('/')[2]} does not let in" in capsys.readouterr().out

    shop.stack.write_configuration({**elsewhere, "other": "true"})
    shop.stack.up("--skip-preview")
    assert readiness(("--stack", shop.stack.name)) == READY
    assert shop.get("other") == (200, outputs["other_id"])
    assert len(shop.callers()) == 2

    shop.stack.write_configuration({**elsewhere, "other": "false"})
    shop.stack.up("--skip-preview")
    assert shop.get("other") == (403, "")
    assert shop.get("web") == (200, outputs["web_id"])
    shop.stack.destroy()
    assert shop.session.control("/leftovers")["resources"] == []
