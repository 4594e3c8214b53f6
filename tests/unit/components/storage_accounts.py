"""Storage accounts for the tests: the least that is needed, and what is refused."""

from typing import Any

import pytest

from components import ConfigurationError, StorageAccount
from tests.unit.components.answering_azure import SUFFIX, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component

NAME = f"stshopdev{SUFFIX}"


def storage_account(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(StorageAccount, args, mode)


def refusal(**args: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        storage_account(**args)
    return str(refused.value)
