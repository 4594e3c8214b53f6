"""Settings of the directory's logs, which are in no subscription."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:aadiam:DiagnosticSetting": Row(
        api_version="2017-04-01",
        path="/providers/microsoft.aadiam/diagnosticSettings/{name}",
        body=names(
            "eventHubAuthorizationRuleId eventHubName logs serviceBusRuleId storageAccountId workspaceId"
        ),
        outputs=names("name type"),
        has_location=False,
    ),
}
