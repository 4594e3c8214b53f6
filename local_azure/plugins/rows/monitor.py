"""Diagnostic settings, which hang on any resource, and how rows come into tables."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

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
    "azure-native:monitor:DataCollectionEndpoint": Row(
        api_version="2022-06-01",
        path=GROUP + "/providers/Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}",
        body=names("description identity immutableId kind location networkAcls tags"),
        outputs=names(
            "name type configurationAccess etag failoverConfiguration logsIngestion metadata"
            " metricsIngestion privateLinkScopedResources provisioningState systemData"
        ),
    ),
    "azure-native:monitor:DataCollectionRule": Row(
        api_version="2022-06-01",
        path=GROUP + "/providers/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}",
        body=names(
            "dataCollectionEndpointId dataFlows dataSources description destinations identity kind location"
            " streamDeclarations tags"
        ),
        outputs=names("name type etag immutableId metadata provisioningState systemData"),
    ),
    "azure-native:monitor:SubscriptionDiagnosticSetting": Row(
        api_version="2021-05-01-preview",
        path="/subscriptions/{subscriptionId}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        body=names(
            "eventHubAuthorizationRuleId eventHubName logs marketplacePartnerId serviceBusRuleId"
            " storageAccountId workspaceId"
        ),
        outputs=names("name type systemData"),
        has_location=False,
    ),
    "azure-native:monitor:ScheduledQueryRule": Row(
        api_version="2025-01-01-preview",
        path=GROUP + "/providers/Microsoft.Insights/scheduledQueryRules/{ruleName}",
        body=names(
            "actions autoMitigate checkWorkspaceAlertsStorageConfigured criteria description displayName"
            " enabled evaluationFrequency identity kind location muteActionsDuration overrideQueryTimeRange"
            " resolveConfiguration scopes severity skipQueryValidation tags targetResourceTypes windowSize"
        ),
        outputs=names(
            "name type createdWithApiVersion etag isLegacyLogAnalyticsRule"
            " isWorkspaceAlertsStorageConfigured systemData"
        ),
    ),
    "azure-native:monitor:ActivityLogAlert": Row(
        api_version="2020-10-01",
        path=GROUP + "/providers/Microsoft.Insights/activityLogAlerts/{activityLogAlertName}",
        body=names("actions condition description enabled location scopes tags"),
        outputs=names("name type"),
        required=names("actions condition scopes"),
    ),
    "azure-native:monitor:ActionGroup": Row(
        api_version="2024-10-01-preview",
        path=GROUP + "/providers/Microsoft.Insights/actionGroups/{actionGroupName}",
        body=names(
            "armRoleReceivers automationRunbookReceivers azureAppPushReceivers azureFunctionReceivers"
            " emailReceivers enabled eventHubReceivers groupShortName identity incidentReceivers"
            " itsmReceivers location logicAppReceivers smsReceivers tags voiceReceivers webhookReceivers"
        ),
        outputs=names("name type systemData identity.principalId identity.tenantId"),
        required=names("enabled groupShortName"),
    ),
}
