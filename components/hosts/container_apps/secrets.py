"""Secrets as Container Apps reads them: from a vault with the identity, when the app is written.

https://learn.microsoft.com/azure/container-apps/manage-secrets#reference-secret-from-key-vault
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import app

from ...links.link import SecretRef, Told
from ..given_settings import SettingsInput


def secret_name(variable: str) -> str:
    """What the secret behind a variable is called in the app: lower-case letters, digits and hyphens. Two
    variables never share one."""
    plain = re.sub(r"[^0-9a-z]+", "-", variable.lower()).strip("-") or "secret"
    if plain.replace("-", "_").upper() == variable:
        return plain
    return f"{plain}-{hashlib.sha256(variable.encode()).hexdigest()[:6]}"


def secrets_of(told: Mapping[str, Told], identity: pulumi.Input[str]) -> list[app.SecretArgs]:
    """Without a version, so that a new value is found within half an hour. No value is ever written."""
    return [
        app.SecretArgs(
            identity=identity,
            key_vault_url=one.endpoint.apply(
                lambda endpoint, secret=one.secret: f"{endpoint.rstrip('/')}/secrets/{secret}"
            ),
            name=secret_name(variable),
        )
        for variable, one in sorted(told.items())
        if isinstance(one, SecretRef)
    ]


def environment_of(
    told: Mapping[str, Told], plain: SettingsInput
) -> pulumi.Input[Sequence[pulumi.Input[app.EnvironmentVarArgs]]]:
    """The variables of a container, by name; `plain` are all but the secrets."""
    secrets = [
        app.EnvironmentVarArgs(name=variable, secret_ref=secret_name(variable))
        for variable, one in sorted(told.items())
        if isinstance(one, SecretRef)
    ]

    def every(values: Mapping[str, pulumi.Input[str]]) -> list[app.EnvironmentVarArgs]:
        return [
            *(app.EnvironmentVarArgs(name=name, value=value) for name, value in sorted(values.items())),
            *secrets,
        ]

    if isinstance(plain, pulumi.Output):
        return plain.apply(lambda known: every(known))
    return list(every(plain))
