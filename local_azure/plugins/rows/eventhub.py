"""Namespaces of Event Hubs, their rules for networks, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_NAMESPACE: Final = GROUP + "/providers/Microsoft.EventHub/namespaces/{namespaceName}"
_VERSION: Final = "2024-01-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:eventhub:Namespace": Row(
        api_version=_VERSION,
        path=_NAMESPACE,
        body=names(
            "alternateName clusterArmId disableLocalAuth encryption identity isAutoInflateEnabled"
            " kafkaEnabled location maximumThroughputUnits minimumTlsVersion"
            " privateEndpointConnections publicNetworkAccess sku tags zoneRedundant"
        ),
        outputs=names(
            "name type createdAt metricId provisioningState serviceBusEndpoint status systemData"
            " updatedAt identity.principalId identity.tenantId"
        ),
        replaces=names("location"),
        own_resources=names("privateEndpointConnections"),
    ),
    "azure-native:eventhub:NamespaceNetworkRuleSet": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/networkRuleSets/default",
        body=names(
            "defaultAction ipRules publicNetworkAccess trustedServiceAccessEnabled virtualNetworkRules"
        ),
        outputs=names("name type location systemData"),
        autoname=None,
        has_location=False,
        default_body={"properties": {"defaultAction": "Deny", "publicNetworkAccess": "Disabled"}},
    ),
    "azure-native:eventhub:EventHub": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/eventhubs/{{eventHubName}}",
        body=names(
            "captureDescription messageRetentionInDays partitionCount retentionDescription status"
            " userMetadata"
        ),
        outputs=names("name type createdAt location partitionIds systemData updatedAt"),
        has_location=False,
    ),
    "azure-native:eventhub:ConsumerGroup": Row(
        api_version=_VERSION,
        path=f"{_NAMESPACE}/eventhubs/{{eventHubName}}/consumergroups/{{consumerGroupName}}",
        body=names("userMetadata"),
        outputs=names("name type createdAt location systemData updatedAt"),
        has_location=False,
    ),
}
