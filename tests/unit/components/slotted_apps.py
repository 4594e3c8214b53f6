"""Web apps with slots for the tests, and what belongs to one of the slots."""

from typing import Any

from tests.unit.components.answering_azure import GROUP, Mode
from tests.unit.components.recorded_azure import Deployment, Recorded
from tests.unit.components.web_apps import WITH_SECRET, web_app

SITES = f"{GROUP}/providers/Microsoft.Web/sites"
APP, NAMES = "app-shop-dev-abc123", ("staging", "canary")
STICKY = ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "DB_PASSWORD"]


def with_slots(mode: Mode = "up", /, *names: str, **args: Any) -> Deployment:
    given = {**WITH_SECRET, "size": "S1", "slots": list(names or NAMES), **args}
    return web_app(mode, **given)


def of_slot(deployment: Deployment, type_: str, slot: str = "staging") -> Recorded:
    (found,) = [one for one in deployment.all(type_) if one.inputs.get("slot") == slot]
    return found
