"""A closed vault and the app that reads from it: refused where nothing leads from one to the other."""

from collections.abc import Mapping
from typing import cast

from .arguments import Arguments
from .plain import is_plain
from .targets.vault_network import VaultNetworkChoices


def check_path_to_vault(arguments: Arguments, vault: VaultNetworkChoices, *, has_secrets: bool) -> None:
    """Refuse a vault that the app cannot reach: its references would fail silently.

    That Azure's own services may pass does not help: App Service reads references as the app, from the app's
    place. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    if not has_secrets or not vault.is_closed:
        return
    subnet_id = arguments.raw("subnet_id")
    if subnet_id is None or arguments.is_taken_back("subnet_id"):
        step = (
            "give subnet_id, a subnet for the app in the network of the vault's private endpoint, or one that"
            " vault_allowed_subnet_ids names; or leave the vault open"
        )
        expected = "a path from the app to the vault that its secrets are in"
        arguments.refuse("secrets", "secrets in a closed vault, and an app in no network", expected, step)
    elif vault.endpoint is None and not _names(arguments.raw("vault_allowed_subnet_ids"), subnet_id):
        step = (
            "give vault_private_endpoint_subnet_id in the same network, or add the app's subnet_id to"
            " vault_allowed_subnet_ids"
        )
        expected = "rules that let the app's subnet in"
        arguments.refuse("vault_allowed_subnet_ids", "a vault closed to the app's subnet", expected, step)


def check_windows_container(arguments: Arguments, vault: VaultNetworkChoices, *, has_secrets: bool) -> None:
    """Refuse a closed vault of a Windows container: its references are read from public addresses only.

    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#access-network-restricted-vaults
    """
    if has_secrets and vault.is_closed:
        step = "run the container on Linux, or leave the vault open"
        expected = "an open vault, as a Windows container's references do not go through a network"
        arguments.refuse("secrets", "secrets of a Windows container in a closed vault", expected, step)


def _names(subnets: object, subnet_id: object) -> bool:
    """Whether a map of subnets has this one. What is not known yet may be it."""
    ids = list(cast(Mapping[str, object], subnets).values()) if isinstance(subnets, Mapping) else []
    if not is_plain(subnet_id) or not all(is_plain(id) for id in ids):
        return bool(ids)
    return str(subnet_id).lower() in {str(id).lower() for id in ids}
