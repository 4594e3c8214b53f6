"""Workflows of Logic Apps' Consumption plan."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:logic:Workflow": Row(
        api_version="2019-05-01",
        path=GROUP + "/providers/Microsoft.Logic/workflows/{workflowName}",
        body=names(
            "accessControl definition endpointsConfiguration identity integrationAccount"
            " integrationServiceEnvironment location parameters state tags"
        ),
        outputs=names(
            "name type accessEndpoint changedTime createdTime provisioningState sku version"
            " identity.principalId identity.tenantId integrationAccount.name integrationAccount.type"
            " integrationServiceEnvironment.name integrationServiceEnvironment.type"
        ),
        replaces=names("location"),
    ),
}
