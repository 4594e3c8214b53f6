"""The two ways in which a secret reaches the app, and what became of each. Values do not leave this file."""

import hmac
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.keyvault.secrets import SecretClient

Way = Literal["reference", "client"]
Outcome = Literal[
    "arrived",
    "outdated",
    "unresolved",
    "not-set",
    "forbidden",
    "firewall",
    "not-found",
    "unreachable",
    "failed",
]
UNRESOLVED = "@Microsoft.KeyVault("


@dataclass(frozen=True)
class Reading:
    """What became of one way of reading one secret. `version` is the secret's version when the client read
    it, `azure_says` the vault's own words when it refused."""

    way: Way
    outcome: Outcome
    version: str = ""
    azure_says: str = ""

    @property
    def arrived(self) -> bool:
        """True when the app holds a value, even one that has been rotated since."""
        return self.outcome in ("arrived", "outdated")


def read(
    secrets: Mapping[str, str], environment: Mapping[str, str], vault: SecretClient, with_references: bool
) -> dict[str, list[Reading]]:
    """Read every secret by client, all at once, and by reference where the host resolves references."""
    names = sorted(set(secrets.values()))
    with ThreadPoolExecutor(max_workers=8) as pool:
        by_client = dict(zip(names, pool.map(partial(_by_client, vault), names), strict=True))
    readings: dict[str, list[Reading]] = {}
    for variable, name in secrets.items():
        reading, newest = by_client[name]
        readings[variable] = [reading]
        if with_references:
            readings[variable].insert(0, _by_reference(environment.get(variable, ""), newest))
    return readings


def _by_reference(value: str, newest: str | None) -> Reading:
    """App Service resolves references before the app starts; what it cannot resolve it hands over as text.
    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references"""
    if not value:
        return Reading("reference", "not-set")
    if value.startswith(UNRESOLVED):
        return Reading("reference", "unresolved")
    if newest is not None and not hmac.compare_digest(value.encode(), newest.encode()):
        return Reading("reference", "outdated")
    return Reading("reference", "arrived")


def _by_client(vault: SecretClient, name: str) -> tuple[Reading, str | None]:
    """The newest version, asked for now. A page is waiting, so it gives up after a few seconds."""
    reading = Reading("client", "arrived")
    try:
        secret = vault.get_secret(name, retry_total=1, connection_timeout=3, read_timeout=5)
    except ResourceNotFoundError as error:
        return replace(reading, outcome="not-found", azure_says=_azure_says(error)), None
    except ClientAuthenticationError as error:
        return replace(reading, outcome="failed", azure_says=_azure_says(error)), None
    except HttpResponseError as error:
        return replace(reading, outcome=_refusal(error), azure_says=_azure_says(error)), None
    except (ServiceRequestError, ServiceResponseError):
        return replace(reading, outcome="unreachable"), None
    return replace(reading, version=secret.properties.version or ""), secret.value


def _refusal(error: HttpResponseError) -> Outcome:
    """Key Vault says 403 for three things; its inner error tells them apart.
    https://learn.microsoft.com/azure/key-vault/general/rest-error-codes"""
    if error.status_code != 403 or "SecretDisabled" in str(error):
        return "failed"
    return "firewall" if "ForbiddenByFirewall" in str(error) else "forbidden"


def _azure_says(error: HttpResponseError) -> str:
    return error.error.message if error.error and error.error.message else (error.message or "")
