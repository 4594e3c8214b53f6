"""Key vaults and, through Resource Manager, their secrets and keys."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_VAULT: Final = GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}"
_KEY_VAULT: Final = "2024-11-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:keyvault:Key": Row(
        api_version=_KEY_VAULT,
        path=f"{_VAULT}/keys/{{keyName}}",
        body=names("properties tags"),
        outputs=names(
            "name type location attributes curveName keyOps keySize keyUri keyUriWithVersion kty"
            " releasePolicy rotationPolicy"
        ),
        required=names("properties"),
        has_location=False,
        delete="in the vault",
        write_only=names("properties"),
        renames={
            "attributes.expires": "exp",
            "attributes.notBefore": "nbf",
            "properties.attributes.expires": "exp",
            "properties.attributes.notBefore": "nbf",
        },
    ),
    "azure-native:keyvault:Secret": Row(
        api_version=_KEY_VAULT,
        path=f"{_VAULT}/secrets/{{secretName}}",
        body=names("properties tags"),
        outputs=names(
            "name type location properties.secretUri properties.secretUriWithVersion"
            " properties.attributes.created properties.attributes.updated"
        ),
        required=names("properties"),
        has_location=False,
        delete="in the vault",
        renames={"properties.attributes.expires": "exp", "properties.attributes.notBefore": "nbf"},
    ),
    "azure-native:keyvault:Vault": Row(
        api_version=_KEY_VAULT,
        path=_VAULT,
        body=names("location properties tags"),
        outputs=names(
            "name type systemData properties.hsmPoolResourceId properties.privateEndpointConnections"
            " properties.provisioningState properties.vaultUri"
        ),
        required=names("location properties"),
    ),
}
