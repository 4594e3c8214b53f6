"""What happened to resources, as rows in the workspaces that their diagnostic settings lead to.

https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs
"""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, cast

from components.azure_facts.log_categories import ALL_LOGS
from components.azure_facts.log_tables import LogTable, log_tables, table_of
from local_azure.arm import ResourceId
from local_azure.bodies import items, properties_of
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.monitor.diagnostic_settings import SETTINGS
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.tables import TIME
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule
from local_azure.trail import Happened

DIAGNOSTICS: Final = "AzureDiagnostics"
_DEDICATED: Final = "dedicated"
_ENDINGS: Final = {"bool": "b", "datetime": "t", "guid": "g", "int": "d", "long": "d", "real": "d"}

RULES: Final = [
    Rule(
        "O11",
        "behaviour",
        "What happens to a resource is a row in the workspace that a diagnostic setting with its category or "
        "its group names at that time; without one it is nowhere.",
        held_by="o11_a_call_is_a_row_where_a_setting_says_so_and_only_from_then_on",
    ),
    Rule(
        "O11",
        "behaviour",
        "The setting says whether rows land in the table of their category or in AzureDiagnostics.",
        held_by="o11_without_a_table_of_its_own_a_row_is_in_azurediagnostics",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics",
    ),
    Rule(
        "O11",
        "assumed",
        "In AzureDiagnostics a column's name begins small and ends with a letter for its type.",
        held_by="o11_without_a_table_of_its_own_a_row_is_in_azurediagnostics",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics",
    ),
]


class ResourceLogs:
    """Hears what services tell, and keeps what a setting asks for."""

    def __init__(self, ground: Ground, rows: WorkspaceRows) -> None:
        self._ground, self._rows = ground, rows
        ground.trail.listen(self._take)

    def _take(self, happened: Happened) -> None:
        id = ResourceId.parse(happened.resource_id)
        table = table_of(id.type, happened.category)
        if table is None:
            raise LookupError(f"no table is known for {happened.category} of {id.type}")
        for setting in self._settings(id):
            if not _asks(setting, happened.category, table):
                continue
            workspace = self._ground.store.get(str(setting.get("workspaceId") or ""))
            if workspace is None or workspace.type != WORKSPACES:
                continue
            row = {
                **self._said_of_every(id, properties_of(workspace.body)["customerId"]),
                **happened.row,
                "Type": table.name,
            }
            asked = str(setting.get("logAnalyticsDestinationType") or "").lower()
            if asked == _DEDICATED or table.is_always_used:
                self._rows.add(workspace.id, table.name, [row])
            else:
                row = {**in_diagnostics(table, id, row), "Category": happened.category}
                self._rows.add(workspace.id, DIAGNOSTICS, [row])

    def _settings(self, id: ResourceId) -> Iterator[JsonObject]:
        for one in self._ground.store.list(under=id.text, type=SETTINGS):
            if ResourceId.parse(one.id).scope.lower() == id.key:
                yield properties_of(one.body)

    def _said_of_every(self, id: ResourceId, customer_id: str) -> JsonObject:
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC)
        return {
            TIME: now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "CorrelationId": str(uuid.uuid4()),
            "SourceSystem": "Azure",
            "TenantId": customer_id,
            "_IsBillable": "True",
            "_ResourceId": id.key,
            "_SubscriptionId": id.subscription_id,
        }


def _asks(setting: JsonObject, category: str, table: LogTable) -> bool:
    for log in items(setting, "logs"):
        group = log.get("categoryGroup")
        asked = log.get("category") == category or group == ALL_LOGS or (group == "audit" and table.is_audit)
        if asked and log.get("enabled"):
            return True
    return False


def in_diagnostics(table: LogTable, id: ResourceId, row: JsonObject) -> JsonObject:
    """The same row with the columns of AzureDiagnostics: what all resources have is as it is, and each other
    column says its type."""
    shared = log_tables()[DIAGNOSTICS].columns
    told: JsonObject = {key: row[key] for key in row if key in shared} | {
        "CallerIPAddress": row.get("CallerIpAddress"),
        "ResourceId": id.text.upper(),
        "Resource": id.name.upper(),
        "ResourceGroup": (id.resource_group or "").upper(),
        "ResourceProvider": id.type.partition("/")[0].upper(),
        "ResourceType": id.type.partition("/")[2].upper(),
        "SubscriptionId": id.subscription_id,
        "Type": DIAGNOSTICS,
    }
    for key, value in row.items():
        if key not in told and key != "CallerIpAddress":
            told |= _flat(key[0].lower() + key[1:], value, table.columns.get(key, "string"))
    return {key: value for key, value in told.items() if value is not None}


def _flat(name: str, value: object, type: str) -> JsonObject:
    if isinstance(value, dict):
        inner = cast(JsonObject, value)
        told: JsonObject = {}
        for key, one in inner.items():
            told |= _flat(f"{name}_{re.sub(r'[^0-9A-Za-z]+', '_', key)}", one, "string")
        return told
    if type == "string" and re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", str(value)):
        type = "guid"
    return {f"{name}_{_ENDINGS.get(type, 's')}": value}
