"""The environment variables that lead a client to the local Azure, whatever language it is written in."""

from pathlib import Path

from local_azure.certificates import trusted_file
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID

# The engine's gRPC and an app's own identity endpoint are on the loopback and must not go through the proxy.
_DIRECT = "127.0.0.1,localhost,::1"


def client_environment(proxy_url: str, authority: Path) -> dict[str, str]:
    """What any client needs: the proxy, and whom to trust, which is more than the `authority` (the path of a
    PEM file) as the proxy also leads to hosts that are not Azure's. No credential."""
    trusted = str(trusted_file(authority.resolve()))
    return {
        "HTTPS_PROXY": proxy_url,
        "https_proxy": proxy_url,
        "NO_PROXY": _DIRECT,
        "no_proxy": _DIRECT,
        "SSL_CERT_FILE": trusted,
        "REQUESTS_CA_BUNDLE": trusted,
        "CURL_CA_BUNDLE": trusted,
        "NODE_EXTRA_CA_CERTS": trusted,
    }


def deployer_environment(secret: str) -> dict[str, str]:
    """The deployer's credentials, as azure-native (`ARM_*`) and azure-identity (`AZURE_*`) read them."""
    client_id = DEPLOYER.client_id or ""
    return {
        "ARM_TENANT_ID": TENANT_ID,
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION_ID,
        "ARM_CLIENT_ID": client_id,
        "ARM_CLIENT_SECRET": secret,
        "AZURE_TENANT_ID": TENANT_ID,
        "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION_ID,
        "AZURE_CLIENT_ID": client_id,
        "AZURE_CLIENT_SECRET": secret,
    }
