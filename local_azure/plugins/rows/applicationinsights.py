"""Application Insights, and workbooks, which are of the same API."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_ARM_NAMES: Final = {
    "applicationType": "Application_Type",
    "flowType": "Flow_Type",
    "requestSource": "Request_Source",
} | {
    name: name[0].upper() + name[1:]
    for name in names(
        "appId applicationId connectionString creationDate disableIpMasking disableLocalAuth"
        " forceCustomerStorageForProfiler hockeyAppId hockeyAppToken immediatePurgeDataOn30Days"
        " ingestionMode instrumentationKey laMigrationDate privateLinkScopedResources retentionInDays"
        " samplingPercentage tenantId workspaceResourceId"
    )
}
"""This API is older than the habit of small first letters:
https://learn.microsoft.com/rest/api/application-insights/components/create-or-update"""

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:applicationinsights:Component": Row(
        api_version="2020-02-02",
        path=GROUP + "/providers/Microsoft.Insights/components/{resourceName}",
        body=names(
            "applicationType disableIpMasking disableLocalAuth flowType forceCustomerStorageForProfiler"
            " hockeyAppId immediatePurgeDataOn30Days ingestionMode kind location"
            " publicNetworkAccessForIngestion publicNetworkAccessForQuery requestSource retentionInDays"
            " samplingPercentage tags workspaceResourceId"
        ),
        outputs=names(
            "name type appId applicationId connectionString creationDate etag hockeyAppToken"
            " instrumentationKey laMigrationDate privateLinkScopedResources provisioningState tenantId"
        ),
        required=names("kind"),
        renames={f"properties.{name}": arm_name for name, arm_name in _ARM_NAMES.items()},
    ),
    "azure-native:applicationinsights:Workbook": Row(
        api_version="2023-06-01",
        path=GROUP + "/providers/Microsoft.Insights/workbooks/{resourceName}",
        body=names(
            "category description displayName identity kind location serializedData sourceId storageUri tags"
            " version"
        ),
        outputs=names(
            "name type etag revision systemData timeModified userId identity.principalId identity.tenantId"
        ),
        required=names("category displayName serializedData"),
        autoname="uuid",
    ),
}
