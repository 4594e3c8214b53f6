"""Virtual machines and scale sets for the tests: the least that is needed, and what is refused."""

import base64
from typing import Any

from components import VirtualMachine, VirtualMachineScaleSet
from tests.unit.components.answering_azure import SUBNET, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import problems_of

LEAST: dict[str, Any] = {"resource_group_name": "rg-team", "subnet_id": SUBNET}


def machine(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(VirtualMachine, {**LEAST, **args}, mode)


def scale_set(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(VirtualMachineScaleSet, {**LEAST, **args}, mode)


def decoded(text: str) -> str:
    return base64.b64decode(text).decode()


problems, problems_of_set = problems_of(machine), problems_of(scale_set)
