"""Container registries."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:containerregistry:Registry": Row(
        api_version="2023-01-01-preview",
        path=GROUP + "/providers/Microsoft.ContainerRegistry/registries/{registryName}",
        body=names(
            "adminUserEnabled anonymousPullEnabled dataEndpointEnabled encryption identity location"
            " networkRuleBypassOptions networkRuleSet policies publicNetworkAccess sku tags zoneRedundancy"
        ),
        outputs=names(
            "name type creationDate dataEndpointHostNames loginServer privateEndpointConnections"
            " provisioningState status systemData encryption.keyVaultProperties.keyRotationEnabled"
            " encryption.keyVaultProperties.lastKeyRotationTimestamp"
            " encryption.keyVaultProperties.versionedKeyIdentifier policies.retentionPolicy.lastUpdatedTime"
            " policies.softDeletePolicy.lastUpdatedTime sku.tier"
        ),
        required=names("location sku"),
        replaces=names("location"),
        renames={"properties.networkRuleSet.ipRules[].iPAddressOrRange": "value"},
    ),
}
