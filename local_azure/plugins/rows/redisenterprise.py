"""Azure Managed Redis, its database, and who is let into that."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_CLUSTER: Final = GROUP + "/providers/Microsoft.Cache/redisEnterprise/{clusterName}"
_DATABASE: Final = f"{_CLUSTER}/databases/{{databaseName}}"
_VERSION: Final = "2025-07-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:redisenterprise:RedisEnterprise": Row(
        api_version=_VERSION,
        path=_CLUSTER,
        body=names(
            "encryption highAvailability identity location minimumTlsVersion publicNetworkAccess sku tags"
            " zones"
        ),
        outputs=names(
            "name type hostName kind privateEndpointConnections provisioningState redisVersion"
            " redundancyMode resourceState identity.principalId identity.tenantId"
        ),
        required=names("publicNetworkAccess sku"),
        replaces=names("location"),
    ),
    "azure-native:redisenterprise:Database": Row(
        api_version=_VERSION,
        path=_DATABASE,
        body=names(
            "accessKeysAuthentication clientProtocol clusteringPolicy deferUpgrade evictionPolicy"
            " geoReplication modules persistence port"
        ),
        outputs=names("name type provisioningState redisVersion resourceState systemData"),
        has_location=False,
    ),
    "azure-native:redisenterprise:AccessPolicyAssignment": Row(
        api_version=_VERSION,
        path=f"{_DATABASE}/accessPolicyAssignments/{{accessPolicyAssignmentName}}",
        body=names("accessPolicyName user"),
        outputs=names("name type provisioningState"),
        required=names("accessPolicyName user"),
        has_location=False,
    ),
}
