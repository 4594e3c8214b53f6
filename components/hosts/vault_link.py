"""The link from a host to the secrets it reads: grant and references exist together, or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..app_settings import CLIENT_ID
from ..arguments import Arguments, is_plain
from ..identity import IdentityKind
from ..names import (
    ENVIRONMENT_VARIABLE,
    SECRET_NAME,
    is_environment_variable,
    is_secret_name,
    suggested_secret_name,
)
from ..references import (
    VAULT,
    expected_id,
    is_endpoint,
    is_id_of,
    normal_endpoint,
    secret_id,
    secret_reference,
)
from ..roles import Role
from .link import IdentityIds, Need

VAULT_ENDPOINT: Final = "AZURE_KEY_VAULT_ENDPOINT"


class SecretAccess(StrEnum):
    """How much of a vault an app that reads secrets from it may read."""

    VAULT = "vault"
    """All secrets that are in it: one grant."""
    SECRET = "secret"
    """Exactly the secrets that the app names: a grant for each."""


class VaultLinkArgs(TypedDict):
    """The secrets to read, and where they are."""

    secrets: NotRequired[Mapping[str, str]]
    """What the app may read, as environment variable to secret name, plain; left out, nothing."""
    vault_id: NotRequired[pulumi.Input[str]]
    """Resource id of the vault that holds the secrets, with vault_endpoint; required with secrets."""
    vault_endpoint: NotRequired[pulumi.Input[str]]
    """Address of that vault, https://kv-team.vault.azure.net/, with vault_id; required with secrets."""
    secret_access: NotRequired[SecretAccess]
    """Whether the app may read the whole vault or exactly its secrets; left out, vault: one grant."""
    manage_vault_access: NotRequired[bool]
    """Whether the app is granted here; left out, true. With false, whoever governs the vault does it."""


@dataclass(frozen=True)
class VaultLink:
    """The arguments of the link, read and checked."""

    secrets: Mapping[str, str]
    vault_id: pulumi.Output[str] | None
    vault_endpoint: pulumi.Output[str] | None
    access: SecretAccess
    manages_access: bool

    @property
    def variables(self) -> Collection[str]:
        return (VAULT_ENDPOINT, *self.secrets)

    def needs(self) -> Sequence[Need]:
        if not self.secrets or not self.manages_access or self.vault_id is None:
            return []
        role, vault_id = Role.KEY_VAULT_SECRETS_USER, self.vault_id
        if self.access is SecretAccess.VAULT:
            return [Need("vault", role, vault_id)]
        # Two variables may carry one secret, which Azure knows by its name in lower case.
        named = {secret.lower(): secret for secret in self.secrets.values()}
        return [Need(f"secret-{key}", role, _secret_id(vault_id, secret)) for key, secret in named.items()]

    def settings(self, _ids: IdentityIds) -> Mapping[str, pulumi.Input[str]]:
        endpoint = self.vault_endpoint
        if not self.secrets or endpoint is None:
            return {}
        references = {variable: _reference(endpoint, secret) for variable, secret in self.secrets.items()}
        # The address is for code that asks the vault itself.
        return {VAULT_ENDPOINT: endpoint.apply(normal_endpoint), **references}


def read_vault_link(
    arguments: Arguments, identity: IdentityKind, *, vault_follows: bool = False
) -> VaultLink:
    """With `vault_follows` the caller creates the vault, so secrets need none given."""
    if identity is IdentityKind.NONE and arguments.has("secrets") and arguments.raw("secrets"):
        step = "set identity to user-assigned, or take secrets out"
        expected = "an identity that can read the secrets"
        arguments.refuse("identity and secrets", "none, with secrets", expected, step)
    secrets = _read_secrets(arguments)
    arguments.pair("vault_id", "vault_endpoint")
    if secrets and not vault_follows and not (arguments.has("vault_id") or arguments.has("vault_endpoint")):
        step = "give vault_id and vault_endpoint, as a KeyVault outputs them"
        arguments.refuse("secrets", "secrets without a vault", "the vault that holds them", step)
    return VaultLink(
        secrets=secrets,
        vault_id=arguments.text("vault_id", lambda id: is_id_of(VAULT, id), expected_id(VAULT)),
        vault_endpoint=arguments.text("vault_endpoint", is_endpoint, "https://<vault>.vault.azure.net/"),
        access=arguments.choice("secret_access", SecretAccess, SecretAccess.VAULT),
        manages_access=arguments.flag("manage_vault_access", True),
    )


def _read_secrets(arguments: Arguments) -> dict[str, str]:
    """The link: environment variable to the name of a secret. Shapes what is created, so all of it is
    plain.
    """
    secrets: dict[str, str] = {}
    seen: dict[str, str] = {}
    for variable, secret in arguments.plain_map("secrets", "environment variables to secret names").items():
        subject = f"secrets[{variable}]"
        if not is_plain(secret):
            step = "write the secret's name in the program or its configuration"
            arguments.refuse(
                subject, "an Output", "a plain secret name, known before anything is created", step
            )
        elif not isinstance(secret, str) or not is_secret_name(secret):
            step = f"write {suggested_secret_name(str(secret))}, and name the secret so in the vault"
            arguments.refuse(subject, repr(secret), f"a secret's name: {SECRET_NAME}", step)
        else:
            secrets[variable] = secret
        if not is_environment_variable(variable):
            step = "rename the variable, here and in the app"
            arguments.refuse(
                subject, repr(variable), f"an environment variable: {ENVIRONMENT_VARIABLE}", step
            )
        elif variable.upper() in (CLIENT_ID, VAULT_ENDPOINT):
            step = "choose another variable: the component sets this one"
            arguments.refuse(subject, variable, "a variable that is not derived", step)
        elif variable.upper() in seen:
            step = f"keep one of {seen[variable.upper()]} and {variable}: Azure does not tell them apart"
            arguments.refuse(subject, variable, "a variable that no other differs from in case only", step)
        seen.setdefault(variable.upper(), variable)
    return secrets


def _secret_id(vault_id: pulumi.Output[str], secret: str) -> pulumi.Output[str]:
    return vault_id.apply(lambda id: secret_id(id, secret))


def _reference(vault_endpoint: pulumi.Output[str], secret: str) -> pulumi.Output[str]:
    return vault_endpoint.apply(lambda endpoint: secret_reference(endpoint, secret))
