"""Namespaces of Service Bus and of Event Hubs, their rules for networks, and what is in them."""

from collections.abc import Mapping
from typing import Any, Final

from local_azure.plugins.row import GROUP, Row, names

_SERVICE_BUS: Final = GROUP + "/providers/Microsoft.ServiceBus/namespaces/{namespaceName}"
_SERVICE_BUS_VERSION: Final = "2026-01-01"
_EVENT_HUBS: Final = GROUP + "/providers/Microsoft.EventHub/namespaces/{namespaceName}"
_EVENT_HUBS_VERSION: Final = "2024-01-01"


def _namespace(version: str, path: str, own: str) -> Row:
    """`own` are the inputs that only this service's namespaces have."""
    return Row(
        api_version=version,
        path=path,
        body=names(
            "alternateName disableLocalAuth encryption identity location minimumTlsVersion"
            f" privateEndpointConnections publicNetworkAccess sku tags zoneRedundant {own}"
        ),
        outputs=names(
            "name type createdAt metricId provisioningState serviceBusEndpoint status systemData"
            " updatedAt identity.principalId identity.tenantId"
        ),
        replaces=names("location"),
        own_resources=names("privateEndpointConnections"),
    )


def _rules(version: str, namespace: str, when_deleted: Mapping[str, Any]) -> Row:
    return Row(
        api_version=version,
        path=f"{namespace}/networkRuleSets/default",
        body=names(
            "defaultAction ipRules publicNetworkAccess trustedServiceAccessEnabled virtualNetworkRules"
        ),
        outputs=names("name type location systemData"),
        autoname=None,
        has_location=False,
        default_body={"properties": when_deleted},
    )


def _content(version: str, path: str, body: str, outputs: str = "") -> Row:
    """What is in a namespace. `outputs` are those that only this type has."""
    return Row(
        api_version=version,
        path=path,
        body=names(body),
        outputs=names(f"name type createdAt location systemData updatedAt {outputs}"),
        has_location=False,
    )


ROWS: Final[Mapping[str, Row]] = {
    "azure-native:servicebus:Namespace": _namespace(
        _SERVICE_BUS_VERSION,
        _SERVICE_BUS,
        "geoDataReplication ipAddressType platformCapabilities premiumMessagingPartitions",
    ),
    "azure-native:servicebus:NamespaceNetworkRuleSet": _rules(
        _SERVICE_BUS_VERSION, _SERVICE_BUS, {"defaultAction": "Deny"}
    ),
    "azure-native:servicebus:Queue": _content(
        _SERVICE_BUS_VERSION,
        f"{_SERVICE_BUS}/queues/{{queueName}}",
        "autoDeleteOnIdle deadLetteringOnMessageExpiration defaultMessageTimeToLive"
        " duplicateDetectionHistoryTimeWindow enableBatchedOperations enableExpress"
        " enablePartitioning forwardDeadLetteredMessagesTo forwardTo lockDuration"
        " maxDeliveryCount maxMessageSizeInKilobytes maxSizeInMegabytes"
        " requiresDuplicateDetection requiresSession status userMetadata",
        "accessedAt countDetails messageCount sizeInBytes",
    ),
    "azure-native:servicebus:Topic": _content(
        _SERVICE_BUS_VERSION,
        f"{_SERVICE_BUS}/topics/{{topicName}}",
        "autoDeleteOnIdle defaultMessageTimeToLive duplicateDetectionHistoryTimeWindow"
        " enableBatchedOperations enableExpress enablePartitioning maxMessageSizeInKilobytes"
        " maxSizeInMegabytes requiresDuplicateDetection status supportOrdering userMetadata",
        "accessedAt countDetails sizeInBytes subscriptionCount",
    ),
    "azure-native:servicebus:Subscription": _content(
        _SERVICE_BUS_VERSION,
        f"{_SERVICE_BUS}/topics/{{topicName}}/subscriptions/{{subscriptionName}}",
        "autoDeleteOnIdle clientAffineProperties deadLetteringOnFilterEvaluationExceptions"
        " deadLetteringOnMessageExpiration defaultMessageTimeToLive"
        " duplicateDetectionHistoryTimeWindow enableBatchedOperations"
        " forwardDeadLetteredMessagesTo forwardTo isClientAffine lockDuration maxDeliveryCount"
        " requiresSession status userMetadata",
        "accessedAt countDetails messageCount",
    ),
    "azure-native:eventhub:Namespace": _namespace(
        _EVENT_HUBS_VERSION,
        _EVENT_HUBS,
        "clusterArmId isAutoInflateEnabled kafkaEnabled maximumThroughputUnits",
    ),
    "azure-native:eventhub:NamespaceNetworkRuleSet": _rules(
        _EVENT_HUBS_VERSION, _EVENT_HUBS, {"defaultAction": "Deny", "publicNetworkAccess": "Disabled"}
    ),
    "azure-native:eventhub:EventHub": _content(
        _EVENT_HUBS_VERSION,
        f"{_EVENT_HUBS}/eventhubs/{{eventHubName}}",
        "captureDescription messageRetentionInDays partitionCount retentionDescription status userMetadata",
        "partitionIds",
    ),
    "azure-native:eventhub:ConsumerGroup": _content(
        _EVENT_HUBS_VERSION,
        f"{_EVENT_HUBS}/eventhubs/{{eventHubName}}/consumergroups/{{consumerGroupName}}",
        "userMetadata",
    ),
}
