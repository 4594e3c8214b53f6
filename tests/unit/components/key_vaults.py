"""Key vaults for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import KeyVault
from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of


def key_vault(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(KeyVault, args, mode)


refusal = refusal_of(key_vault)
