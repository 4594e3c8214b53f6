"""Secrets that nobody needs to know: drawn once by the deployment, and written into the vault it creates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NotRequired, TypedDict

import pulumi
import pulumi_random as random
from pulumi_azure_native import keyvault

from ..arguments import Arguments
from ..existing import explained, first_error
from ..names.vaults import SECRET_NAME
from ..plain import as_whole_number, is_plain
from ..shown import compared
from .generated_names import GeneratedNames

SHORTEST: Final = 16
LONGEST: Final = 256
USUAL: Final = 48
CONTENT_TYPE: Final = "text/plain; generated"
"""What the value is, for whoever finds it in the vault, and for the policy that asks each secret for one.
https://learn.microsoft.com/azure/key-vault/secrets/secrets-best-practices"""
YEAR: Final = 365


class GeneratedSecretsArgs(TypedDict):
    """Values that the deployment draws."""

    generated_secrets: NotRequired[Mapping[str, int]]
    """Secrets drawn at random, as name to length in characters, 16 to 256, plain; left out, none."""
    generated_secrets_valid_days: NotRequired[int]
    """Days after which a new one is due to be rotated, 1 to 3650; left out, 365. It stays readable."""


@dataclass(frozen=True)
class GeneratedSecrets:
    """The arguments, read and checked: the length of each secret by its name, and how long they are valid."""

    lengths: Mapping[str, int]
    valid_days: int


def read_generated_secrets(arguments: Arguments) -> GeneratedSecrets:
    """It shapes what is created, so all of it is plain."""
    days = arguments.whole_number("generated_secrets_valid_days", YEAR, lowest=1, highest=3650)
    return GeneratedSecrets(_read_lengths(arguments), days)


def _read_lengths(arguments: Arguments) -> dict[str, int]:
    read: dict[str, int] = {}
    given = arguments.plain_map("generated_secrets", "secret names to lengths in characters")
    step = "write the name that the secret shall have in the vault, never its value"
    names = GeneratedNames(arguments, "generated_secrets", given, SECRET_NAME, step)
    for name, length in given.items():
        subject = names.checked(name)
        expected = (
            f"a whole number of characters from {SHORTEST} to {LONGEST}, known before anything is created"
        )
        number = as_whole_number(length)
        if number is not None and SHORTEST <= number <= LONGEST:
            read[name] = number
        else:
            said = compared(length, SHORTEST, LONGEST) if is_plain(length) else "an Output"
            arguments.refuse(subject, said, expected, f"give such a number, {USUAL} for instance")
    return read


def generate_secrets(
    parent: pulumi.ComponentResource,
    name: str,
    wanted: GeneratedSecrets,
    vault: keyvault.Vault,
    resource_group_name: pulumi.Input[str],
) -> list[keyvault.Secret]:
    """One value and one secret for each name. Resource Manager writes it, so no role on data and no way
    through the vault's firewall is needed (https://learn.microsoft.com/azure/key-vault/secrets/quick-create-bicep).
    """
    return [
        _secret(parent, name, secret, length, wanted.valid_days, vault, resource_group_name)
        for secret, length in wanted.lengths.items()
    ]


def _secret(
    parent: pulumi.ComponentResource,
    name: str,
    secret: str,
    length: int,
    valid_days: int,
    vault: keyvault.Vault,
    resource_group_name: pulumi.Input[str],
) -> keyvault.Secret:
    drawn = random.RandomPassword(
        f"{name}-{secret}",
        length=length,
        # Letters and digits need no quoting in an address, a connection string or a shell.
        special=False,
        # The secret keeps its first value, so another draw would only be a value that opens nothing.
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["length"]),
    )
    return keyvault.Secret(
        f"{name}-{secret}",
        properties=keyvault.SecretPropertiesArgs(
            attributes=keyvault.SecretAttributesArgs(expires=_expiry(drawn, valid_days)),
            content_type=CONTENT_TYPE,
            value=drawn.result,
        ),
        resource_group_name=resource_group_name,
        secret_name=secret,
        vault_name=vault.name,
        opts=pulumi.ResourceOptions(
            parent=parent,
            hooks=explained(parent, f"{name}-{secret}", "keyvault:Secret", _explain),
            additional_secret_outputs=["properties"],  # the SDK does not mark the value
            # Written once: any later write would bring the first value back over a rotated one.
            ignore_changes=["properties", "tags"],
            # A secret is deleted at the vault itself, for which a deployer has neither role nor network.
            retain_on_delete=True,
        ),
    )


def _expiry(drawn: random.RandomPassword, days: int) -> pulumi.Output[int]:
    """The second, since 1970, in which the value is due to be rotated: so long after it is drawn.

    Key Vault gives the value out after that, too: what expires is reported, and nothing stops.
    https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-attributes
    """
    # The id is known when the value is drawn, so that a preview promises no date.
    return drawn.id.apply(lambda _: expiry(datetime.now(UTC), days))


def expiry(drawn: datetime, days: int) -> int:
    return int((drawn + timedelta(days=days)).timestamp())


def _explain(failed: pulumi.ErrorHookArgs) -> str | None:
    if "in a deleted but recoverable state" not in first_error(failed):
        return None
    given = failed.new_inputs or {}
    vault, secret = given.get("vaultName"), given.get("secretName")
    return (
        f"Secret {secret} was deleted in vault {vault}, which keeps its name. An officer recovers it, with "
        f"its value:\n  az keyvault secret recover --vault-name {vault} --name {secret}\n"
        "Then run the same command again; it prints the line that takes the secret over."
    )
