"""A vault whose log goes to a workspace, and Microsoft's client for whoever queries it."""

from datetime import timedelta
from typing import Any

from azure.monitor.query import LogsQueryClient

from local_azure.entra.directory import Principal
from local_azure.monitor.service import Monitor
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

DAY = timedelta(days=1)
READER = "Log Analytics Reader"
SETTING = "providers/Microsoft.Insights/diagnosticSettings/keyless"


class LogsStage(VaultStage):
    """One running local Azure with workspaces and what sends logs there."""

    def workspace(self) -> str:
        """The id of a new one."""
        id = f"{self.group}/providers/Microsoft.OperationalInsights/workspaces/{self.name('log')}"
        content(self.arm("PUT", id, {"location": "westeurope", "properties": {}}))
        return id

    def customer_id(self, workspace_id: str) -> str:
        return content(self.arm("GET", workspace_id))["properties"]["customerId"]

    def send_logs(self, resource_id: str, workspace_id: str, *, own_tables: bool = True, **log: Any) -> str:
        """A diagnostic setting, of all logs unless told; its id."""
        properties: Json = {"workspaceId": workspace_id}
        properties["logs"] = [{"enabled": True, **(log or {"categoryGroup": "allLogs"})}]
        if own_tables:
            properties["logAnalyticsDestinationType"] = "Dedicated"
        id = f"{resource_id}/{SETTING}"
        content(self.arm("PUT", id, {"properties": properties}))
        return id

    def logged_vault(self, *, own_tables: bool = True) -> tuple[str, str]:
        """The name of a vault with the secret `password`, and the workspace that its log goes to."""
        vault, workspace = self.vault(), self.workspace()
        self.officer_of(vault).set_secret("password", "p1anted-value")
        self.send_logs(self.id(vault), workspace, own_tables=own_tables)
        return vault, workspace

    def rows(self, workspace_id: str, table: str = "AZKVAuditLogs") -> list[Json]:
        return self.azure.service(Monitor).rows.of(workspace_id, table)

    def logs_client(self, who: Principal, **options: Any) -> Any:
        """azure-monitor-query, unmodified."""
        return LogsQueryClient(self.holder(who), **self.trust, **options)

    def log_reader(self, workspace_id: str) -> Principal:
        return self.with_role(READER, workspace_id)

    def query(self, workspace_id: str, text: str, who: Principal | None = None, **options: Any) -> list[Json]:
        """The rows that a query finds, each by its columns."""
        client = self.logs_client(who or self.log_reader(workspace_id))
        found = client.query_workspace(self.customer_id(workspace_id), text, **{"timespan": DAY, **options})
        (table,) = found.tables
        return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
