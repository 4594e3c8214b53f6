"""AI Search's services."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:search:Service": Row(
        api_version="2025-05-01",
        path=GROUP + "/providers/Microsoft.Search/searchServices/{searchServiceName}",
        body=names(
            "authOptions computeType dataExfiltrationProtections disableLocalAuth encryptionWithCmk endpoint"
            " hostingMode identity location networkRuleSet partitionCount publicNetworkAccess replicaCount"
            " semanticSearch sku tags upgradeAvailable"
        ),
        outputs=names(
            "name type eTag privateEndpointConnections provisioningState serviceUpgradedAt"
            " sharedPrivateLinkResources status statusDetails systemData"
            " encryptionWithCmk.encryptionComplianceStatus identity.principalId identity.tenantId"
        ),
        replaces=names("location hostingMode"),
    ),
}
