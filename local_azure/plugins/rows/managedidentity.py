"""User-assigned identities, and whose tokens count as one of them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_IDENTITY: Final = GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:managedidentity:FederatedIdentityCredential": Row(
        api_version="2023-01-31",
        path=f"{_IDENTITY}/federatedIdentityCredentials/{{federatedIdentityCredentialResourceName}}",
        body=names("audiences issuer subject"),
        outputs=names("name type systemData"),
        required=names("audiences issuer subject"),
        has_location=False,
    ),
    "azure-native:managedidentity:UserAssignedIdentity": Row(
        api_version="2023-01-31",
        path=_IDENTITY,
        body=names("location tags"),
        outputs=names("name type systemData clientId principalId tenantId"),
        required=names("location"),
        replaces=names("location"),
    ),
}
