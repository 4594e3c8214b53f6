"""Microsoft.OperationalInsights/workspaces/tables: the tables of a workspace that somebody makes.

https://learn.microsoft.com/azure/azure-monitor/logs/create-custom-table
"""

import re
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule

TABLES: Final = f"{WORKSPACES}/tables"
TIME: Final = "TimeGenerated"
TYPES: Final = ("boolean", "dateTime", "dynamic", "guid", "int", "long", "real", "string")

RULES: Final = [
    Rule(
        "O7",
        "behaviour",
        "A table that is made has a name that ends with _CL and a column TimeGenerated of type dateTime: "
        "400 otherwise.",
        held_by="o7_a_table_has_its_ending_and_its_time",
    ),
]


class Table(ResourceType):
    """A table for rows of one's own. Those that Azure has in each workspace are not here."""

    type = TABLES

    def __init__(self, ground: Ground, rows: WorkspaceRows) -> None:
        super().__init__(ground)
        self._rows = rows

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        schema = section(given, "schema") or section(properties_of(old), "schema")
        if not re.fullmatch(r"[A-Za-z][0-9A-Za-z_]*_CL", id.name) or schema.get("name") != id.name:
            raise _bad(
                f"The table '{id.name}' has another name in its schema, or one without _CL at its end."
            )
        types = {str(one.get("name")): str(one.get("type")).lower() for one in items(schema, "columns")}
        if types.get(TIME) != "datetime":
            raise _bad(f"The column {TIME} of type dateTime is missing.")
        if unknown := [one for one in types.values() if one not in {known.lower() for known in TYPES}]:
            raise _bad(f"Columns of type {unknown[0]}: there are {', '.join(TYPES)}.")
        days = given.get("retentionInDays") or 30
        return {
            "properties": {
                "plan": "Analytics",
                **{key: value for key, value in given.items() if value is not None},
                "archiveRetentionInDays": 0,
                "provisioningState": "Succeeded",
                "retentionInDays": days,
                "schema": {
                    **schema,
                    "tableSubType": "DataCollectionRuleBased",
                    "tableType": "CustomLog",
                },
                "totalRetentionInDays": given.get("totalRetentionInDays") or days,
            }
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._rows.forget(id.parent, id.name)

    @override
    def created_status(self) -> int:
        return 200  # the specification has no 201


def _bad(message: str) -> Refusal:
    return Refusal(400, "InvalidParameter", message)
