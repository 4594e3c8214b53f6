"""The host names of Azure that are served here; no other is reached, so nothing leaks to the real cloud."""

import re
from typing import Final

RESOURCE_MANAGER: Final = "management.azure.com"
LOGIN: Final = "login.microsoftonline.com"
CONTROL: Final = "local-azure.internal"
"""The local Azure about itself; the only name that Azure does not have."""
VAULTS: Final = ".vault.azure.net"
SCM: Final = ".scm.azurewebsites.net"
SITES: Final = ".azurewebsites.net"
BLOBS: Final = ".blob.core.windows.net"

_SUFFIXES: Final = (VAULTS, SCM, SITES, BLOBS)
CERTIFICATE_NAMES: Final = (RESOURCE_MANAGER, LOGIN, CONTROL, *(f"*{suffix}" for suffix in _SUFFIXES))
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def is_served(host: str) -> bool:
    """Whether `host` (lower-case, without a port) is a name that this process answers for."""
    if host in (RESOURCE_MANAGER, LOGIN, CONTROL):
        return True
    return any(_LABEL.fullmatch(host.removesuffix(suffix)) for suffix in _SUFFIXES if host.endswith(suffix))
