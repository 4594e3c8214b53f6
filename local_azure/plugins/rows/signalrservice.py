"""Services of SignalR and Web PubSub."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_PROVIDER: Final = GROUP + "/providers/Microsoft.SignalRService"
_VERSION: Final = "2024-03-01"
_BODY: Final = (
    "disableAadAuth disableLocalAuth identity kind liveTraceConfiguration location networkACLs"
    " publicNetworkAccess regionEndpointEnabled resourceLogConfiguration resourceStopped sku tags tls"
)
_OUTPUTS: Final = (
    "name type externalIP hostName hostNamePrefix privateEndpointConnections provisioningState publicPort"
    " serverPort sharedPrivateLinkResources systemData version identity.principalId identity.tenantId"
    " sku.family sku.size"
)

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:signalrservice:SignalR": Row(
        api_version=_VERSION,
        path=f"{_PROVIDER}/signalR/{{resourceName}}",
        body=names(f"{_BODY} cors features serverless upstream"),
        outputs=names(_OUTPUTS),
        replaces=names("location"),
    ),
    "azure-native:webpubsub:WebPubSub": Row(
        api_version=_VERSION,
        path=f"{_PROVIDER}/webPubSub/{{resourceName}}",
        body=names(f"{_BODY} socketIO"),
        outputs=names(_OUTPUTS),
        replaces=names("location"),
    ),
}
