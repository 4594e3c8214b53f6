"""How the clients of this process come to a local Azure."""

from collections.abc import Mapping

import pytest

from local_azure.server import LocalAzure


def lead_here(patch: pytest.MonkeyPatch, cloud: LocalAzure, told: Mapping[str, str] | None = None) -> None:
    """By the variables that are `told`, else those of a client without a credential, and with its authority
    as all that is trusted: only Azure's names are asked for, and a client takes 20 ms to read the rest.
    """
    told = told or cloud.client_environment()
    for key, value in told.items():
        patch.setenv(key, cloud.addresses.authority if value == told["SSL_CERT_FILE"] else value)
