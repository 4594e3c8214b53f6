"""Who the stand-in for azure-native is: provider configuration first, then the `ARM_*` variables."""

import base64
import json
from collections.abc import Mapping
from typing import Final

from local_azure.plugins.arm_client import RESOURCE_MANAGER, ArmClient, Credentials
from local_azure.plugins.wire import PropertyMap

_SOURCES: Final = {
    "tenantId": "ARM_TENANT_ID",
    "clientId": "ARM_CLIENT_ID",
    "clientSecret": "ARM_CLIENT_SECRET",
    "subscriptionId": "ARM_SUBSCRIPTION_ID",
}


def credentials(configuration: Mapping[str, str], environment: Mapping[str, str]) -> Credentials:
    """The service principal to work as. Raises ValueError that names every missing value.

    The real plugin knows more ways to sign in; against the local Azure there is one, a client secret:
    https://www.pulumi.com/registry/packages/azure-native/installation-configuration/
    """
    found = {key: configuration.get(key) or environment.get(name, "") for key, name in _SOURCES.items()}
    missing = [f"{_SOURCES[key]} (or azure-native:{key})" for key, value in found.items() if not value]
    if missing:
        raise ValueError(
            "the stand-in for azure-native signs in with a client secret, and has no "
            + ", no ".join(missing)
            + "; `make env` prints the local Azure's"
        )
    return Credentials(
        tenant_id=found["tenantId"],
        client_id=found["clientId"],
        client_secret=found["clientSecret"],
        subscription_id=found["subscriptionId"],
    )


def client_config(client: ArmClient) -> PropertyMap:
    """What `getClientConfig` answers: the object id is the token's own."""
    payload = client.token(RESOURCE_MANAGER).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {
        "clientId": client.credentials.client_id,
        "objectId": claims["oid"],
        "subscriptionId": client.credentials.subscription_id,
        "tenantId": client.credentials.tenant_id,
    }
