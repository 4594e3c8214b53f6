"""The link to the secrets of a vault: grant and references exist together, or not at all."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, NotRequired, Self, TypedDict

import pulumi

from .. import contract
from ..arguments import Arguments
from ..contract import secret_grant_key
from ..endpoints import normal_endpoint
from ..errors import Give, Rename, Step
from ..names.everywhere import ENVIRONMENT_VARIABLE
from ..names.vaults import SECRET_NAME
from ..plain import is_plain
from ..references import secret_id
from ..roles import Role
from ..shown import VARIABLE, described, entry
from .link import IdentityIds, SecretRef, Told, Variables
from .needs import Need
from .record import Record
from .role_need import RoleNeed
from .scope import Scope
from .vault import read_vault

SHORT: Final = "vault"
"""The name of the link that `secrets` and `vault_id` are the short form of."""
_OF_A_SECRET: Final = re.compile(r"(?:^|=)https?://[^/]+/secrets/[^/?#)]|[(;]SecretName=[^;)]", re.IGNORECASE)
"""The address of a secret, or a reference to one as an app setting spells it."""


class SecretAccess(StrEnum):
    """How much of a vault an app that reads secrets from it may read."""

    VAULT = "vault"
    """All secrets that are in it: one grant."""
    SECRET = "secret"
    """Exactly the secrets that the app names: a grant for each."""


class KeyVaultLinkArgs(TypedDict):
    """The secrets of a vault that code reads, each as a variable. Code is told the vault's address, too;
    without secrets it is told that alone, and asks the vault itself.
    """

    id: pulumi.Input[str]
    """Resource id of the vault, as a KeyVault outputs it."""
    endpoint: pulumi.Input[str]
    """Address of that vault, https://kv-team.vault.azure.net/."""
    secrets: NotRequired[Mapping[str, str]]
    """What code may read, as variable to secret name, plain; left out, code asks the vault itself."""
    secret_access: NotRequired[SecretAccess]
    """Whether the whole vault may be read or exactly its secrets; left out, vault: one grant."""


class SecretsArgs(TypedDict):
    """The secrets to read, and where they are: the short form of a link named vault."""

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
    """The arguments of the link, read and checked. `vault` is None where none was given: then there are no
    secrets, or the caller creates one and says so with `in_vault`.
    """

    name: str
    source: str
    grants_here: bool
    prefix: str
    secrets: Mapping[str, str]
    entries: str
    """How a message calls the map of secrets."""
    access: SecretAccess
    vault: Scope | None
    endpoint: pulumi.Output[str] | None
    is_for_code: bool = False
    """Whether code is let in and told the address also where it reads nothing as a variable."""

    def in_vault(self, id: pulumi.Output[str], endpoint: pulumi.Output[str]) -> Self:
        return replace(self, vault=Scope.of(id, id), endpoint=endpoint)

    @property
    def variables(self) -> Variables:
        told = [(one, entry(self.entries, one, self.secrets, VARIABLE)) for one in self.secrets]
        return [(self._address, self.source), *told] if self._opens else []

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return [self._address, *self.secrets]

    @property
    def later_grants(self) -> Mapping[str, str]:
        """The names of the grants that follow once the caller has created the vault, to their source."""
        follow = self.vault is None and self.grants_here
        return dict.fromkeys(self._grants, self.source) if follow else {}

    def needs(self) -> Sequence[Need]:
        vault, role = self.vault, Role.KEY_VAULT_SECRETS_USER
        if vault is None:
            return []
        return [
            RoleNeed(key, role, vault if secret is None else vault.within(secret, secret_id), self.source)
            for key, secret in self._grants.items()
        ]

    @property
    def _grants(self) -> Mapping[str, str | None]:
        """The key of each grant, to the one secret that it is for; None for the whole vault."""
        if not self._opens:
            return {}
        if self.access is SecretAccess.VAULT:
            return {self.name: None}
        # Two variables may carry one secret, which Azure knows by its name in lower case.
        link = "" if self.name == SHORT else self.name
        return {secret_grant_key(secret, link): secret for secret in self.secrets.values()}

    def tells(self, _ids: IdentityIds, /) -> Mapping[str, Told]:
        endpoint = self.endpoint
        if not self._opens or endpoint is None:
            return {}
        references = {variable: SecretRef(endpoint, secret) for variable, secret in self.secrets.items()}
        # The address is for code that asks the vault itself.
        return {self._address: endpoint.apply(normal_endpoint), **references}

    def known(self) -> Mapping[str, Any]:
        if self.name == SHORT:
            return {contract.SECRETS: dict(self.secrets)}
        return {contract.LINKS: {self.name: dict(self.secrets)}}

    @property
    def _address(self) -> str:
        return f"{self.prefix}_ENDPOINT"

    @property
    def _opens(self) -> bool:
        return bool(self.secrets) or self.is_for_code


def read_link(record: Record) -> VaultLink:
    arguments = record.arguments
    id, endpoint = read_vault(arguments, ("id", "endpoint"))
    if not arguments.has("id") and not arguments.has("endpoint"):
        arguments.require("id", "the vault that holds the secrets")
    secrets = _read_secrets(arguments)
    access = arguments.choice("secret_access", SecretAccess, SecretAccess.VAULT)
    if access is SecretAccess.SECRET and not secrets:
        named = Step("name the secrets in secrets, or take secret_access out")
        expected = "the secrets that each grant is for"
        arguments.refuse(arguments.at("secret_access"), "secret, with no secret named", expected, named)
    return VaultLink(
        name=record.name,
        source=arguments.path,
        grants_here=record.grants_here,
        prefix=record.prefix,
        secrets=secrets,
        entries=arguments.at("secrets"),
        access=access,
        vault=None if id is None else Scope.of(arguments.raw("id"), id),
        endpoint=endpoint,
        is_for_code=True,
    )


def read_short_form(arguments: Arguments, *, vault_follows: bool) -> VaultLink:
    """With `vault_follows` the caller creates the vault, so secrets need none given."""
    secrets = _read_secrets(arguments)
    keys = ("vault_id", "vault_endpoint")
    id, endpoint = read_vault(arguments, keys)
    if secrets and not vault_follows and not any(arguments.has(key) for key in keys):
        step = "give vault_id and vault_endpoint, as a KeyVault outputs them"
        arguments.refuse("secrets", "secrets without a vault", "the vault that holds them", step)
    return VaultLink(
        name=SHORT,
        source="secrets",
        grants_here=arguments.flag("manage_vault_access", True),
        prefix="AZURE_KEY_VAULT",
        secrets=secrets,
        entries="secrets",
        access=arguments.choice("secret_access", SecretAccess, SecretAccess.VAULT),
        vault=None if id is None else Scope.of(arguments.raw("vault_id"), id),
        endpoint=endpoint,
    )


def _read_secrets(arguments: Arguments) -> dict[str, str]:
    """Environment variable to the name of a secret. Shapes what is created, so all of it is plain."""
    secrets: dict[str, str] = {}
    entries = arguments.at("secrets")
    given = arguments.plain_map("secrets", "environment variables to secret names")
    for variable, secret in given.items():
        subject = entry(entries, variable, given, VARIABLE)
        if not is_plain(secret):
            step = "write the secret's name in the program or its configuration"
            expected = "a plain secret name, known before anything is created"
            arguments.refuse(subject, "an Output", expected, step)
        else:
            if not SECRET_NAME.holds(secret):
                step = _next_step(subject, str(secret))
                arguments.refuse(subject, SECRET_NAME.refused(secret), SECRET_NAME.words, step)
            secrets[variable] = str(secret)  # a refused one, too: the rest of what is wrong is said with it
        if not ENVIRONMENT_VARIABLE.holds(variable):
            step = Step("rename the variable, here and in the app", (Rename(subject, "<NAME>"),))
            said = described(variable, ENVIRONMENT_VARIABLE.begins, "name")
            arguments.refuse(subject, said, ENVIRONMENT_VARIABLE.words, step)
    return secrets


def _next_step(subject: str, given: str) -> Step:
    if _OF_A_SECRET.search(given):
        words = "write its name alone: the link says in which vault it is, and the newest version is read"
    else:
        words = "write the name that the secret has in the vault, never its value"
    return Step(words, (Give(subject),))
