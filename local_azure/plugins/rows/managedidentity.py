"""User-assigned identities."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:managedidentity:UserAssignedIdentity": Row(
        api_version="2023-01-31",
        path=GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
        body=names("location tags"),
        outputs=names("name type systemData clientId principalId tenantId"),
        required=names("location"),
        replaces=names("location"),
    ),
}
