"""The arguments of a whole keyless app, and which of its parts' contradict each other."""

from dataclasses import dataclass
from typing import NotRequired, cast

import pulumi

from .arguments import Arguments
from .choices import Chosen, read_once
from .closed_vault import check_path_to_vault, check_windows_container
from .elsewhere import Elsewhere, read_elsewhere
from .errors import Give, Step, TakeOut
from .hosts.app_service.web_app_arguments import SiteArgs, WebAppChoices, read_web_app
from .locks import LockArgs
from .targets.key_vault_arguments import ANSWERS, NewVaultArgs, VaultChoices, read_key_vault


class KeylessWebAppArgs(SiteArgs, NewVaultArgs, LockArgs):
    """Arguments of KeylessWebApp: those of its parts, none of them required."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """Existing resource group for everything; left out, one is created: rg-<name>-<stack>-<random>."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region, such as westeurope; left out, the resource group's or the provider's."""
    vault_id: NotRequired[pulumi.Input[str]]
    """Resource id of an existing vault, together with vault_endpoint; left out, a vault is created."""
    vault_endpoint: NotRequired[pulumi.Input[str]]
    """Address of the existing vault, https://kv-team.vault.azure.net/, together with vault_id."""


@dataclass(frozen=True)
class KeylessWebAppChoices:
    """The arguments of the whole, read and checked; `vault` is None where there is one already."""

    app: WebAppChoices
    vault: VaultChoices | None
    elsewhere: Elsewhere
    has_group: bool
    is_locked: bool


def read_keyless_web_app(name: str, args: KeylessWebAppArgs) -> KeylessWebAppArgs:
    """The arguments of a KeylessWebApp that is declared later, read and checked now: give it these.

    Raises ConfigurationError with everything that is wrong with them. Nothing is declared.
    """
    return cast(KeylessWebAppArgs, Chosen(read_choices(name, args)))


def read_choices(name: str, args: KeylessWebAppArgs) -> KeylessWebAppChoices:
    return read_once("KeylessWebApp", name, args, KeylessWebAppArgs, _read, ANSWERS)


def _read(arguments: Arguments) -> KeylessWebAppChoices:
    has_vault = arguments.has("vault_id") or arguments.has("vault_endpoint")
    if has_vault:
        _exclude_new_vault(arguments)
    vault, app = read_key_vault(arguments), read_web_app(arguments, vault_follows=not has_vault)
    if not has_vault:
        has_secrets = bool(app.site.vault.secrets)
        check_path_to_vault(arguments, vault.network, has_secrets=has_secrets)
        if app.plan.hyper_v:
            check_windows_container(arguments, vault.network, has_secrets=has_secrets)
    _check_groups(arguments, vault)
    return KeylessWebAppChoices(
        app=app,
        vault=None if has_vault else vault,
        elsewhere=read_elsewhere(arguments, KeylessWebAppArgs),
        has_group=arguments.has("resource_group_name"),
        is_locked=_read_lock(arguments, vault, has_vault=has_vault),
    )


def _exclude_new_vault(arguments: Arguments) -> None:
    given = [key for key in ("vault_id", "vault_endpoint") if arguments.has(key)]
    for key in NewVaultArgs.__annotations__:
        if arguments.has(key):
            steps = (
                Step(f"take {key} out", (TakeOut(key),)),
                Step(f"take {' and '.join(given)} out", tuple(map(TakeOut, given))),
                Step("use KeyVault with existing_id, which lets people into a vault that there is"),
            )
            expected = f"one of the two: {key} shapes a vault that is created"
            arguments.refuse(f"{given[0]} and {key}", "both", expected, steps)


def _check_groups(arguments: Arguments, vault: VaultChoices) -> None:
    if arguments.raw("manage_vault_access") is not False:
        return
    for key, groups in vault.people.items():
        if groups:
            steps = (
                Step(f"take {key} out", (TakeOut(key),)),
                Step("set manage_vault_access to true", (Give("manage_vault_access", "true"),)),
            )
            expected = "no grants where access to the vault is not managed here"
            arguments.refuse(f"manage_vault_access and {key}", f"false, with {key}", expected, steps)


def _read_lock(arguments: Arguments, vault: VaultChoices, *, has_vault: bool) -> bool:
    if vault.is_locked and has_vault and arguments.has("resource_group_name"):
        subject = "delete_lock, resource_group_name and vault_id"
        expected = "a resource group or a vault of the component's own, which it can lock"
        step = "take delete_lock out: whoever owns the group and the vault locks them"
        arguments.refuse(subject, "all three", expected, step)
    return vault.is_locked
