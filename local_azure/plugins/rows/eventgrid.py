"""Custom topics of Event Grid."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:eventgrid:Topic": Row(
        api_version="2025-02-15",
        path=GROUP + "/providers/Microsoft.EventGrid/topics/{topicName}",
        body=names(
            "dataResidencyBoundary disableLocalAuth eventTypeInfo identity inboundIpRules inputSchema"
            " inputSchemaMapping location minimumTlsVersionAllowed publicNetworkAccess tags"
        ),
        outputs=names(
            "name type endpoint metricResourceId privateEndpointConnections provisioningState systemData"
        ),
        replaces=names("location"),
    ),
}
