"""Storage accounts for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import StorageAccount
from tests.unit.components.answering_azure import SUFFIX, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

NAME = f"stshopdev{SUFFIX}"


def storage_account(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(StorageAccount, args, mode)


refusal = refusal_of(storage_account)
