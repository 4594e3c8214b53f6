"""What opens a vault: roles, or access policies, beside which no role has an effect.

Source: https://learn.microsoft.com/azure/key-vault/general/rbac-migration
"""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import keyvault

from ..errors import ConfigurationError, Problem, Step
from ..references import parse_id
from ..unknowns import once_checked


def opened_by_roles(component: str, id: pulumi.Output[str], vault: keyvault.Vault) -> pulumi.Output[str]:
    """The id that was given, once the vault that was read is known to be opened by roles: where it is not, a
    grant on it would do nothing.
    """

    def check(known: Sequence[str]) -> None:
        if known[1] != str(True):
            given, expected = "a vault that access policies open", "a vault that roles open"
            switch = f"az keyvault update --name {parse_id(known[0]).name} --enable-rbac-authorization true"
            step = Step(
                "let its owner give roles to everybody whom a policy lets in, and then switch it", (), switch
            )
            raise ConfigurationError(component, [Problem("existing_id", given, expected, step)])

    return once_checked(id, check, vault.properties.apply(lambda read: str(read.enable_rbac_authorization)))
