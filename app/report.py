"""What the page and /status.json tell: the facts, and for what did not arrive the reason and what to do."""

import os
from dataclasses import asdict, dataclass
from typing import Any, Literal

from advice import Advice, access_missing, explain, not_configured, not_signed_in
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.keyvault.secrets import SecretClient
from caller import Caller
from configuration import Configuration
from readings import Reading, read

State = Literal["ready", "no-secrets", "not-configured", "not-signed-in", "access-missing", "incomplete"]

HEADLINES: dict[State, str] = {
    "ready": "Every secret arrived",
    "no-secrets": "This app uses no secrets",
    "not-configured": "The app is not configured",
    "not-signed-in": "Nobody is signed in",
    "access-missing": "Access is missing",
    "incomplete": "Not every secret arrived",
}


@dataclass(frozen=True)
class Row:
    """One way of reading one secret. `why` is empty when there is nothing to explain."""

    variable: str
    secret: str
    reading: Reading
    why: str

    def as_json(self) -> dict[str, Any]:
        """`reason` ends with the vault's own words when it refused."""
        said = f"Azure says: {self.reading.azure_says}" if self.reading.azure_says else ""
        return {
            "arrived": self.reading.arrived,
            "outcome": self.reading.outcome,
            "version": self.reading.version or None,
            "reason": f"{self.why} {said}".strip() or None,
        }


@dataclass(frozen=True)
class Report:
    """Everything there is to show, free of values."""

    state: State
    configuration: Configuration
    caller: Caller | None = None
    rows: tuple[Row, ...] = ()
    advice: Advice | None = None

    @property
    def by_variable(self) -> dict[str, list[Row]]:
        """The rows of each environment variable, in the order of the configuration."""
        rows: dict[str, list[Row]] = {}
        for row in self.rows:
            rows.setdefault(row.variable, []).append(row)
        return rows

    @property
    def headline(self) -> str:
        if self.state == "not-signed-in" and self.configuration.on_app_service:
            return "The app has no identity"
        return HEADLINES[self.state]

    @property
    def arrived(self) -> bool:
        """True when every secret arrived in every way; also when there is none to read."""
        return self.state in ("ready", "no-secrets")

    def as_json(self) -> dict[str, Any]:
        """The body of /status.json. `reference` is null outside App Service, where there are none."""
        return {
            "state": self.state,
            "arrived": self.arrived,
            "vault": self.configuration.vault_host,
            "identity": asdict(self.caller) if self.caller else None,
            "secrets": [
                {
                    "environment_variable": variable,
                    "secret_name": rows[0].secret,
                    "reference": None,
                    **{row.reading.way: row.as_json() for row in rows},
                }
                for variable, rows in self.by_variable.items()
            ],
            "advice": asdict(self.advice) if self.advice else None,
        }


def read_all(configuration: Configuration, connection: tuple[TokenCredential, SecretClient] | None) -> Report:
    """Ask for a token, read every secret, and explain. `connection` is None when there is nothing to read."""
    if configuration.problems:
        return Report("not-configured", configuration, advice=not_configured(configuration))
    if connection is None:
        return Report("no-secrets", configuration)
    credential, vault = connection
    try:
        caller = Caller.from_token(credential.get_token(configuration.token_scope).token)
    except ClientAuthenticationError:
        return Report("not-signed-in", configuration, advice=not_signed_in(configuration))
    except AzureError:
        return Report("not-signed-in", configuration, advice=not_signed_in(configuration, reachable=False))
    readings = read(configuration.secrets, os.environ, vault, with_references=configuration.on_app_service)
    rows = tuple(
        Row(variable, configuration.secrets[variable], reading, explain(reading, ways, configuration))
        for variable, ways in readings.items()
        for reading in ways
    )
    refused = next((row.reading for row in rows if row.reading.outcome == "forbidden"), None)
    if refused:
        advice = access_missing(configuration, caller, refused.azure_says)
        return Report("access-missing", configuration, caller, rows, advice)
    state: State = "ready" if all(row.reading.arrived for row in rows) else "incomplete"
    return Report(state, configuration, caller, rows)
