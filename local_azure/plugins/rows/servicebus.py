"""Namespaces of Service Bus, their rules for networks, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_NAMESPACE: Final = GROUP + "/providers/Microsoft.ServiceBus/namespaces/{namespaceName}"
_VERSION: Final = "2026-01-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:servicebus:Namespace": Row(
        api_version=_VERSION,
        path=_NAMESPACE,
        body=names(
            "alternateName disableLocalAuth encryption geoDataReplication identity ipAddressType"
            " location minimumTlsVersion platformCapabilities premiumMessagingPartitions"
            " privateEndpointConnections publicNetworkAccess sku tags zoneRedundant"
        ),
        outputs=names(
            "name type createdAt metricId provisioningState serviceBusEndpoint status systemData"
            " updatedAt identity.principalId identity.tenantId"
        ),
        replaces=names("location"),
        own_resources=names("privateEndpointConnections"),
    ),
    "azure-native:servicebus:NamespaceNetworkRuleSet": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/networkRuleSets/default",
        body=names(
            "defaultAction ipRules publicNetworkAccess trustedServiceAccessEnabled virtualNetworkRules"
        ),
        outputs=names("name type location systemData"),
        autoname=None,
        has_location=False,
        default_body={"properties": {"defaultAction": "Deny"}},
    ),
    "azure-native:servicebus:Queue": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/queues/{{queueName}}",
        body=names(
            "autoDeleteOnIdle deadLetteringOnMessageExpiration defaultMessageTimeToLive"
            " duplicateDetectionHistoryTimeWindow enableBatchedOperations enableExpress"
            " enablePartitioning forwardDeadLetteredMessagesTo forwardTo lockDuration"
            " maxDeliveryCount maxMessageSizeInKilobytes maxSizeInMegabytes"
            " requiresDuplicateDetection requiresSession status userMetadata"
        ),
        outputs=names(
            "name type accessedAt countDetails createdAt location messageCount sizeInBytes"
            " systemData updatedAt"
        ),
        has_location=False,
    ),
    "azure-native:servicebus:Topic": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/topics/{{topicName}}",
        body=names(
            "autoDeleteOnIdle defaultMessageTimeToLive duplicateDetectionHistoryTimeWindow"
            " enableBatchedOperations enableExpress enablePartitioning maxMessageSizeInKilobytes"
            " maxSizeInMegabytes requiresDuplicateDetection status supportOrdering userMetadata"
        ),
        outputs=names(
            "name type accessedAt countDetails createdAt location sizeInBytes subscriptionCount"
            " systemData updatedAt"
        ),
        has_location=False,
    ),
    "azure-native:servicebus:Subscription": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/topics/{{topicName}}/subscriptions/{{subscriptionName}}",
        body=names(
            "autoDeleteOnIdle clientAffineProperties deadLetteringOnFilterEvaluationExceptions"
            " deadLetteringOnMessageExpiration defaultMessageTimeToLive"
            " duplicateDetectionHistoryTimeWindow enableBatchedOperations"
            " forwardDeadLetteredMessagesTo forwardTo isClientAffine lockDuration maxDeliveryCount"
            " requiresSession status userMetadata"
        ),
        outputs=names(
            "name type accessedAt countDetails createdAt location messageCount systemData updatedAt"
        ),
        has_location=False,
    ),
}
