"""App Configuration's stores, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_STORE: Final = GROUP + "/providers/Microsoft.AppConfiguration/configurationStores/{configStoreName}"
_VERSION: Final = "2024-05-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:appconfiguration:ConfigurationStore": Row(
        api_version=_VERSION,
        path=_STORE,
        body=names(
            "createMode dataPlaneProxy disableLocalAuth enablePurgeProtection encryption identity location"
            " publicNetworkAccess sku softDeleteRetentionInDays tags"
        ),
        outputs=names(
            "name type creationDate endpoint privateEndpointConnections provisioningState systemData"
            " identity.principalId identity.tenantId"
        ),
        required=names("sku"),
        replaces=names("location softDeleteRetentionInDays"),
        write_only=names("createMode"),
    ),
    "azure-native:appconfiguration:KeyValue": Row(
        api_version=_VERSION,
        path=f"{_STORE}/keyValues/{{keyValueName}}",
        body=names("contentType tags value"),
        outputs=names("name type eTag key label lastModified locked"),
        has_location=False,
        below_properties=names("tags"),
    ),
}
