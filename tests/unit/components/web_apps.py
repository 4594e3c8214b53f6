"""Web apps for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import WebApp
from tests.unit.components.answering_azure import ENDPOINT, IDENTITY, VAULT, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

WITH_SECRET: dict[str, Any] = {
    "secrets": {"DB_PASSWORD": "db-password"},
    "vault_id": VAULT,
    "vault_endpoint": ENDPOINT,
}
REFERENCE = f"@Microsoft.KeyVault(SecretUri={ENDPOINT}secrets/db-password)"
KINDS: dict[str, dict[str, Any]] = {
    "user-assigned": {"identity": "user-assigned"},
    "system-assigned": {"identity": "system-assigned"},
    "existing": {"identity": "existing", "identity_id": IDENTITY},
    "none": {"identity": "none"},
}


def web_app(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(WebApp, {"resource_group_name": "rg-team", **args}, mode)


refusal = refusal_of(web_app)


def settings_of(deployment: Deployment) -> dict[str, str]:
    return deployment.one("WebAppApplicationSettings").inputs["properties"]


def site_of(deployment: Deployment) -> dict[str, Any]:
    return dict(deployment.one("web:WebApp").inputs)
