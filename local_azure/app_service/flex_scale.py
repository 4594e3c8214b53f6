"""How far Flex Consumption lets a site scale.

https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#always-ready-instances
"""

import re
from collections.abc import Sequence
from typing import Any, Final, cast

from local_azure.app_service.refusals import INVALID, bad_request
from local_azure.bodies import section
from local_azure.http import JsonObject
from local_azure.rules import Rule

_MEMORY: Final = (512, 2048, 4096)
_MOST: Final = 1000
_NAME: Final = re.compile(r"http|durable|blob|function:.+", re.IGNORECASE)
_WHERE: Final = "Site.FunctionAppConfig.ScaleAndConcurrency"

RULES: Final = [
    Rule(
        "F14",
        "refusal",
        "An instance has 512, 2048 or 4096 MB there (400).",
        held_by="f14_memory_instances_and_runtime_are_those_that_there_are",
        source="Azure/azure-rest-api-specs#40898",
    ),
    Rule(
        "F14",
        "assumed",
        "There are 1 to 1000 instances, and each takes 1 to 1000 calls of HTTP at once (400).",
        held_by="f14_memory_instances_and_runtime_are_those_that_there_are",
        source="hashicorp/terraform-provider-azurerm#29023",
    ),
    Rule(
        "F14",
        "assumed",
        "Always ready are instances of http, durable, blob or function:<name>, and in all no more than there "
        "may be (400).",
        held_by="f14_instances_are_kept_ready_of_groups_and_functions_and_no_more_than_there_may_be",
        source="hashicorp/terraform-provider-azurerm#29023",
    ),
    Rule(
        "F14",
        "behaviour",
        "The names of what is always ready are kept in lower case.",
        held_by="f14_instances_are_kept_ready_of_groups_and_functions_and_no_more_than_there_may_be",
        source="Azure/azure-rest-api-specs#33095",
    ),
]


def check_scale(scale: JsonObject) -> None:
    """Raises Refusal for what there is not. The names in `scale` are spelt as Azure keeps them afterwards."""
    memory, most = scale.get("instanceMemoryMB"), scale.get("maximumInstanceCount")
    calls = section(section(scale, "triggers"), "http").get("perInstanceConcurrency")
    if memory is not None and memory not in _MEMORY:
        words = f"The allowed values are {', '.join(str(one) for one in _MEMORY)}."
        raise bad_request(INVALID, f"{_WHERE}.InstanceMemoryMB", words)
    if not _is_number(most):
        raise bad_request(INVALID, f"{_WHERE}.MaximumInstanceCount", f"It is from 1 to {_MOST}.")
    if not _is_number(calls):
        where = f"{_WHERE}.Triggers.Http.PerInstanceConcurrency"
        raise bad_request(INVALID, where, f"It is from 1 to {_MOST}.")
    _check_ready(cast(Sequence[JsonObject], scale.get("alwaysReady") or ()), most or _MOST)


def _check_ready(ready: Sequence[JsonObject], most: int) -> None:
    where = f"{_WHERE}.AlwaysReady"
    for one in ready:
        name, count = str(one.get("name") or ""), one.get("instanceCount")
        if not _NAME.fullmatch(name):
            raise bad_request(INVALID, f"{where}.Name", "It is http, durable, blob or function:<name>.")
        if count is None or (count != 0 and not _is_number(count)):
            raise bad_request(INVALID, f"{where}.InstanceCount", f"It is from 0 to {_MOST}.")
        one["name"] = name.lower()
    if sum(one["instanceCount"] for one in ready) > most:
        raise bad_request(INVALID, where, "In all it is no more than MaximumInstanceCount.")


def _is_number(value: Any) -> bool:
    """Whether it is left out, or a number that there is."""
    return value is None or (isinstance(value, int) and 1 <= value <= _MOST)
