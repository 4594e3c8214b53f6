"""Container groups of Container Instances."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:containerinstance:ContainerGroup": Row(
        api_version="2024-05-01-preview",
        path=GROUP + "/providers/Microsoft.ContainerInstance/containerGroups/{containerGroupName}",
        body=names(
            "confidentialComputeProperties containerGroupProfile containers diagnostics dnsConfig"
            " encryptionProperties extensions identity imageRegistryCredentials initContainers ipAddress"
            " location osType priority restartPolicy sku standbyPoolProfile subnetIds tags zones volumes"
        ),
        outputs=names(
            "name type instanceView isCreatedFromStandbyPool provisioningState identity.principalId"
            " identity.tenantId ipAddress.fqdn"
        ),
        required=names("containers"),
        replaces=names("location"),
        wrapped=("containers", "initContainers", "extensions"),
    ),
}
