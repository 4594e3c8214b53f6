"""Azure Monitor as a service: where logs go, and which."""

from typing import Final

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.monitor.activity_log import ActivityLog
from local_azure.monitor.components import Component
from local_azure.monitor.deleted_workspaces import DeletedWorkspaces
from local_azure.monitor.diagnostic_settings import DiagnosticSetting
from local_azure.monitor.workspaces import WORKSPACES, DeletedWorkspace, Workspace
from local_azure.service import Service, Services

_UNSERVED: Final = {
    f"{WORKSPACES}/linkedServices": "services linked to a workspace",
    f"{WORKSPACES}/savedSearches": "searches that a workspace keeps",
    f"{WORKSPACES}/tables": "the tables of a workspace, which nothing is written into",
}


class Monitor(Service):
    """The namespaces Microsoft.Insights and Microsoft.OperationalInsights. Nothing is written into a
    workspace here."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        self._deleted = DeletedWorkspaces(ground)
        self.types = (
            Workspace(ground, self._deleted),
            DeletedWorkspace(ground, self._deleted),
            Component(ground),
            DiagnosticSetting(ground, services.types),
            ActivityLog(ground),
        )

    @override
    def leftovers(self) -> JsonObject:
        """The ids of deleted workspaces, which Azure keeps for two weeks."""
        return {"deleted_workspaces": [kept["id"] for kept in self._deleted.every()]}
