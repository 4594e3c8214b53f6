"""Log Analytics workspaces."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:operationalinsights:Workspace": Row(
        api_version="2023-09-01",
        path=GROUP + "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
        body=names(
            "defaultDataCollectionRuleResourceId features forceCmkForQuery identity location"
            " publicNetworkAccessForIngestion publicNetworkAccessForQuery retentionInDays sku tags"
            " workspaceCapping"
        ),
        outputs=names(
            "name type createdDate customerId etag modifiedDate privateLinkScopedResources"
            " provisioningState systemData features.unifiedSentinelBillingOnly identity.principalId"
            " identity.tenantId sku.lastSkuUpdate workspaceCapping.dataIngestionStatus"
            " workspaceCapping.quotaNextResetTime"
        ),
        below_properties=names("sku"),
    ),
}
