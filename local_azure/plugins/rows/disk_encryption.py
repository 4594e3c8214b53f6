"""Disk encryption sets."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:compute:DiskEncryptionSet": Row(
        api_version="2024-03-02",
        path=GROUP + "/providers/Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}",
        body=names(
            "activeKey encryptionType federatedClientId identity location rotationToLatestKeyVersionEnabled"
            " tags"
        ),
        outputs=names(
            "name type autoKeyRotationError lastKeyRotationTimestamp previousKeys provisioningState"
            " systemData identity.principalId identity.tenantId"
        ),
        replaces=names("location"),
    ),
}
