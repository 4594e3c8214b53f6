"""Azure Monitor as a service: where logs go, which, and how rows of one's own come in."""

from typing import Final

from typing_extensions import override

from local_azure.control_values import body_of, number_in
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.monitor.activity_export import ActivityExport
from local_azure.monitor.activity_log import ActivityLog
from local_azure.monitor.alert_rules import ActionGroup, ActivityAlert, QueryRule
from local_azure.monitor.collection import HOSTS, CollectionEndpoint, CollectionRule
from local_azure.monitor.components import Component
from local_azure.monitor.deleted_workspaces import DeletedWorkspaces
from local_azure.monitor.diagnostic_settings import DiagnosticSetting
from local_azure.monitor.directory_logs import DirectoryLogs
from local_azure.monitor.directory_settings import DirectorySetting
from local_azure.monitor.fired_alerts import FiredAlerts
from local_azure.monitor.ingestion import AUDIENCE, Ingestion
from local_azure.monitor.query_api import HOSTS as QUERY_HOSTS
from local_azure.monitor.query_api import QUERY_AUDIENCES, Queries
from local_azure.monitor.resource_logs import ResourceLogs
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.saved_searches import SavedSearch
from local_azure.monitor.tables import Table
from local_azure.monitor.workbooks import Workbook
from local_azure.monitor.workspaces import WORKSPACES, DeletedWorkspace, Workspace
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services

_UNSERVED: Final = {
    f"{WORKSPACES}/linkedServices": "services linked to a workspace",
}


class Monitor(Service):
    """The namespaces Microsoft.Insights and Microsoft.OperationalInsights. `rows` are what is in the tables
    of workspaces: what code sends by data collection rules, and what happened to resources whose diagnostic
    settings lead there."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        self._deleted = DeletedWorkspaces(ground)
        self.rows = WorkspaceRows(ground.store, ground.clock)
        ResourceLogs(ground, self.rows)
        ActivityExport(ground)
        DirectoryLogs(ground, services, self.rows)
        self.types = (
            Workspace(ground, self._deleted, self.rows),
            Table(ground, self.rows),
            CollectionEndpoint(ground),
            CollectionRule(ground),
            DeletedWorkspace(ground, self._deleted),
            Component(ground),
            DiagnosticSetting(ground, services.types),
            DirectorySetting(ground),
            QueryRule(ground),
            ActivityAlert(ground),
            ActionGroup(ground),
            SavedSearch(ground),
            Workbook(ground),
            ActivityLog(ground),
        )
        self._fired = FiredAlerts(ground, self.rows)
        plane = HttpPlane(
            hosts=HOSTS,
            audiences=(AUDIENCE,),
            envelope="plain",
            handle=Ingestion(ground, self.rows).handle,
        )
        queries = Queries(ground, self.rows)
        asked = (
            HttpPlane(hosts=host, audiences=QUERY_AUDIENCES, envelope="plain", handle=queries.handle)
            for host in QUERY_HOSTS
        )
        self.planes = (plane, *asked)

    @override
    def control(self, request: Request) -> Response | None:
        """POST /ingestion {"seconds": 300}: how late rows of now on are found by queries; GET /alerts: which
        alerts there are now."""
        match request.method, request.path.strip("/"):
            case "POST", "ingestion":
                seconds = number_in(body_of(request), "seconds")
                self.rows.delay(seconds)
                return Response(200, {"seconds": seconds})
            case "GET", "alerts":
                return Response(200, {"alerts": self._fired.now()})
            case _:
                return None

    @override
    def leftovers(self) -> JsonObject:
        """The ids of deleted workspaces, which Azure keeps for two weeks."""
        return {"deleted_workspaces": [kept["id"] for kept in self._deleted.every()]}
