"""Logic apps for the tests: the least that is needed, and what is refused."""

from typing import Any, Final

from components import LogicApp
from tests.unit.components.answering_azure import (
    ENDPOINT,
    STORAGE,
    STORAGE_ENDPOINT,
    VAULT,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

NIGHTLY: Final[dict[str, Any]] = {
    "nightly": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}
}
CALLED: Final[dict[str, Any]] = {"manual": {"type": "Request", "kind": "Http", "inputs": {}}}
SHOP: Final = {
    "object_id": "0b1ec700-0000-4000-8000-0000000000aa",
    "audience": "c11e4700-0000-4000-8000-0000000000aa",
}
BLOBS: Final = {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT, "container": "reports"}}
SECRETS: Final = {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB": "db-password"}}}


def http(link: str = "", uri: str = "https://example.com", **inputs: Any) -> dict[str, Any]:
    """An HTTP action, which authenticates for a link."""
    given: dict[str, Any] = {"method": "GET", "uri": uri, **inputs}
    return {"type": "Http", "inputs": {**given, "authentication": {"link": link}} if link else given}


def compose(inputs: Any) -> dict[str, Any]:
    return {"type": "Compose", "inputs": inputs}


def definition(triggers: dict[str, Any] | None = None, /, **actions: Any) -> dict[str, Any]:
    return {"triggers": triggers or NIGHTLY, "actions": actions or {"Say": compose("hello")}}


def logic_app(mode: Mode = "up", /, **args: Any) -> Deployment:
    given = {"resource_group_name": "rg-team", "definition": definition(), **args}
    return deploy_component(LogicApp, given, mode)


refusal = refusal_of(logic_app)


def workflow_of(deployment: Deployment) -> dict[str, Any]:
    return dict(deployment.one("logic:Workflow").inputs)


def action_of(deployment: Deployment, name: str) -> dict[str, Any]:
    return workflow_of(deployment)["definition"]["actions"][name]
