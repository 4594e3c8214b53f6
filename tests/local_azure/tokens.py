"""Whom tokens are for, where they come from, and one for anybody without signing in."""

from local_azure.azure import Azure

ARM = "https://management.azure.com"
VAULT = "https://vault.azure.net"
LOGIN = "https://login.microsoftonline.com"


def issue(azure: Azure, object_id: str, audience: str = ARM) -> str:
    principal = azure.entra.principal(object_id)
    assert principal
    return azure.entra.issue(principal, audience)[0]
