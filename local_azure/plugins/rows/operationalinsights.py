"""Log Analytics workspaces, and tables that are made in them."""

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
    "azure-native:operationalinsights:Table": Row(
        api_version="2023-09-01",
        path=GROUP + "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}/tables/{tableName}",
        body=names("plan restoredLogs retentionInDays schema searchResults totalRetentionInDays"),
        outputs=names(
            "name type archiveRetentionInDays lastPlanModifiedDate provisioningState resultStatistics"
            " retentionInDaysAsDefault systemData totalRetentionInDaysAsDefault"
            " restoredLogs.azureAsyncOperationId schema.categories schema.labels schema.solutions"
            " schema.source schema.standardColumns schema.tableSubType schema.tableType"
            " searchResults.azureAsyncOperationId searchResults.sourceTable"
        ),
        has_location=False,
    ),
    "azure-native:operationalinsights:SavedSearch": Row(
        api_version="2023-09-01",
        path=GROUP
        + "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}/savedSearches/{savedSearchId}",
        body=names("category displayName functionAlias functionParameters query tags version"),
        outputs=names("name type etag"),
        required=names("category displayName query"),
        below_properties=names("tags"),
        autoname="uuid",
        has_location=False,
    ),
}
