"""Function apps for the tests: the least that is needed, and what is refused."""

from typing import Any

import pytest

from components import ConfigurationError, FunctionApp
from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component


def function_app(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(FunctionApp, {"resource_group_name": "rg-team", **args}, mode)


def refusal(**args: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        function_app(**args)
    return str(refused.value)
