"""What is kept of a run and shown of a workflow: never what is secured.

https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app
"""

from dataclasses import dataclass
from typing import Any

from local_azure.bodies import section
from local_azure.http import JsonObject
from local_azure.logic.definition import SECURE


@dataclass
class Done:
    """What the history has of one action. `hidden` are those of inputs and outputs that it does not show."""

    status: str
    start: str
    end: str = ""
    inputs: Any = None
    outputs: Any = None
    code: str = ""
    error: JsonObject | None = None
    hidden: frozenset[str] = frozenset()

    def kept(self) -> JsonObject:
        kept: JsonObject = {
            "status": self.status,
            "startTime": self.start,
            "endTime": self.end,
            "code": self.code,
        }
        if self.error:
            kept["error"] = self.error
        for part, value in (("inputs", self.inputs), ("outputs", self.outputs)):
            if value is not None and part not in self.hidden:
                kept[part] = value
        return kept


def without_secure_values(properties: JsonObject) -> JsonObject:
    """A workflow's properties as Azure answers them: no value of a secured parameter."""
    declared = section(section(properties, "definition"), "parameters")
    secured = {name.lower() for name, one in declared.items() if str(one.get("type", "")).lower() in SECURE}
    shown: JsonObject = {}
    for name, one in section(properties, "parameters").items():
        is_shown = name.lower() not in secured
        shown[name] = one if is_shown else {key: value for key, value in one.items() if key != "value"}
    return {**properties, "parameters": shown} if shown else properties
