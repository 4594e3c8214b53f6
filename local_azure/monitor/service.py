"""Azure Monitor as a service: where logs go, and which."""

from local_azure.ground import Ground
from local_azure.monitor.components import Component
from local_azure.monitor.diagnostic_settings import DiagnosticSetting
from local_azure.monitor.workspaces import Workspace
from local_azure.service import Service, Services


class Monitor(Service):
    """The namespaces Microsoft.Insights and Microsoft.OperationalInsights. Nothing is written into a
    workspace here."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self.types = (Workspace(ground), Component(ground), DiagnosticSetting(ground, services.types))
