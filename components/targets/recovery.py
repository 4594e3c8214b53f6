"""Bringing a deleted vault back, with the secrets that are in it."""

from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import keyvault

from ..arguments import Arguments
from ..existing import first_error

_FIND: Final = "find it with `az keyvault list-deleted --resource-type vault`, or take recover out"


class RecoveryArgs(TypedDict):
    """How a vault that is created comes to be."""

    recover: NotRequired[bool]
    """Whether the first run brings the deleted vault of this name back; left out, false; for one run."""


def read_recover(arguments: Arguments) -> bool:
    recover = arguments.flag("recover", False)
    for key, what in (("vault_name", "name"), ("resource_group_name", "resource group")):
        if recover and not arguments.has(key):
            expected = f"the {what} of the deleted vault; a derived one is new after every destroy"
            arguments.refuse(f"recover and {key}", f"true, without {key}", expected, _FIND)
    return recover


def recover_deleted(properties: keyvault.VaultPropertiesArgs) -> None:
    """Ask for the deleted vault. It comes back with its old settings; when `recover` is taken out, the next
    run writes the declared ones (https://learn.microsoft.com/azure/key-vault/general/key-vault-recovery).
    """
    properties.create_mode = keyvault.CreateMode.RECOVER
    # The retention is the old one's. Unsaid here, it stays unsaid, as changes to it are ignored.
    properties.soft_delete_retention_in_days = None


def explain_deleted(failed: pulumi.ErrorHookArgs) -> str | None:
    """What to do about a vault of that name that was deleted, or about none."""
    error, name = first_error(failed), (failed.new_inputs or {}).get("vaultName")
    if "already exists in deleted state" in error:
        return (
            f"The name {name} belongs to a deleted vault until its retention ends. Next: one run with "
            f"recover: true brings {name} back with its secrets, or give another vault_name, or leave it out."
        )
    if "SoftDeletedVaultDoesNotExist" in error:
        return (
            f"No deleted vault named {name} is in this resource group and region. Take recover out to create "
            "one, or find it with `az keyvault list-deleted --resource-type vault`."
        )
    return None
