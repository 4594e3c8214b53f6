"""What the environment tells the app: which secrets it uses, where they are kept, and where it runs."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Configuration:
    """`secrets` maps each environment variable to its secret's name in the vault. `problems` are sentences
    for a person: when there is one, nothing is read."""

    secrets: Mapping[str, str]
    vault_endpoint: str
    on_app_service: bool
    problems: tuple[str, ...] = ()

    @property
    def vault_host(self) -> str:
        """For example `kv-shop.vault.azure.net`, or an empty string."""
        return urlsplit(self.vault_endpoint).hostname or ""

    @property
    def vault_name(self) -> str:
        return self.vault_host.partition(".")[0]

    @property
    def token_scope(self) -> str:
        """The audience of the vault's cloud: `https://vault.azure.net/.default` in the public one."""
        return f"https://{self.vault_host.partition('.')[2]}/.default"

    @staticmethod
    def from_environment(environment: Mapping[str, str] = os.environ) -> "Configuration":
        """Read KEYLESS_SECRETS (JSON, {ENVIRONMENT_VARIABLE: secret-name}) and AZURE_KEY_VAULT_ENDPOINT."""
        problems: list[str] = []
        secrets = _secrets(environment.get("KEYLESS_SECRETS", ""), problems)
        endpoint = environment.get("AZURE_KEY_VAULT_ENDPOINT", "")
        parts = urlsplit(endpoint)
        if secrets and not endpoint:
            problems.append(
                "AZURE_KEY_VAULT_ENDPOINT is not set. It holds the vault's address, such as "
                "https://kv-shop.vault.azure.net/."
            )
        elif endpoint and (parts.scheme != "https" or "." not in (parts.hostname or "")):
            problems.append(
                "AZURE_KEY_VAULT_ENDPOINT is not the https address of a vault, such as "
                "https://kv-shop.vault.azure.net/."
            )
        # App Service sets WEBSITE_SITE_NAME for every app; https://learn.microsoft.com/azure/app-service/reference-app-settings
        on_app_service = "WEBSITE_SITE_NAME" in environment or "IDENTITY_ENDPOINT" in environment
        return Configuration(secrets, endpoint, on_app_service, tuple(problems))


def _secrets(text: str, problems: list[str]) -> dict[str, str]:
    expected = 'a JSON object of names, such as {"DATABASE_PASSWORD": "database-password"}'
    try:
        value: object = json.loads(text or "{}")
    except ValueError:
        problems.append(f"KEYLESS_SECRETS is not JSON. Expected: {expected}.")
        return {}
    if not isinstance(value, dict):
        problems.append(f"KEYLESS_SECRETS is not an object. Expected: {expected}.")
        return {}
    pairs = cast(dict[str, object], value)
    if not all(isinstance(name, str) and name for name in pairs.values()):
        problems.append(f"KEYLESS_SECRETS has a secret without a name. Expected: {expected}.")
        return {}
    return cast(dict[str, str], pairs)
