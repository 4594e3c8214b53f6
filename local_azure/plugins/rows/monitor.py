"""Diagnostic settings, which hang on any resource."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:monitor:DiagnosticSetting": Row(
        api_version="2021-05-01-preview",
        path="/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        body=names(
            "eventHubAuthorizationRuleId eventHubName logAnalyticsDestinationType logs marketplacePartnerId"
            " metrics serviceBusRuleId storageAccountId workspaceId"
        ),
        outputs=names("name type systemData"),
        has_location=False,
    ),
}
