"""How the clients of this process come to a local Azure."""

import pytest

from local_azure.server import LocalAzure


def lead_here(patch: pytest.MonkeyPatch, cloud: LocalAzure) -> None:
    """By the variables that a local Azure tells, without a credential, and with its authority as all that is
    trusted: Azure's names are all that is asked for here, and a client takes 20 ms to read the rest.
    """
    told = cloud.client_environment()
    for key, value in told.items():
        patch.setenv(key, cloud.addresses.authority if value == told["SSL_CERT_FILE"] else value)
