"""The arguments of a vault: what they mean, and what is read from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..elsewhere import Elsewhere, read_elsewhere
from ..locks import LockArgs, read_lock
from ..names.vaults import KEY_VAULT
from ..naming import read_name
from ..placement import Placement, read_placement
from ..references import TENANT, VAULT, id_form
from ..roles import Role
from ..tags import ForeignTagsArgs, read_foreign_tags
from .generated_keys import GeneratedKeys, GeneratedKeysArgs, read_generated_keys
from .generated_secrets import GeneratedSecrets, GeneratedSecretsArgs, read_generated_secrets
from .groups import Groups, read_groups
from .recovery import RecoveryArgs, read_recover
from .vault_network import VaultNetworkArgs, VaultNetworkChoices, read_vault_network


class NewVaultArgs(GeneratedSecretsArgs, GeneratedKeysArgs, RecoveryArgs, VaultNetworkArgs):
    """A vault that is created, wherever it is put, and the people who are let in."""

    vault_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the vault, 3 to 24 characters; left out, kv-<name>-<stack>-<random>."""
    purge_protection: NotRequired[bool]
    """Whether nobody can purge a deleted vault before its retention ends; left out, true. Irrevocable."""
    soft_delete_retention_days: NotRequired[int]
    """Days for which what was deleted can be recovered, 7 to 90, fixed at creation; left out, 90."""
    protect_vault: NotRequired[bool]
    """Whether the engine refuses to delete or replace the vault until this is false; left out, false."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Entra tenant of those who may be let in; left out, the one the deployment is signed in to."""
    secret_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read secrets, as display name to object id; left out, none."""
    secret_officers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write secrets, as display name to object id; left out, none."""
    key_users: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may use keys, as display name to object id; left out, none."""
    key_officers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may make and delete keys, as display name to object id; left out, none."""
    certificate_officers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may make certificates, as display name to object id; left out, none."""


class KeyVaultArgs(NewVaultArgs, DiagnosticsArgs, ForeignTagsArgs, LockArgs):
    """Arguments of KeyVault: either what to create, or `existing_id`; and the people who are let in."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create the vault in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of a vault to adopt: nothing is created, its address is read; left out, one is created."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the vault; left out, none."""


PEOPLE: Final[Mapping[str, tuple[str, Role]]] = {
    "secret_readers": ("reader", Role.KEY_VAULT_SECRETS_USER),
    "secret_officers": ("officer", Role.KEY_VAULT_SECRETS_OFFICER),
    "key_users": ("key-user", Role.KEY_VAULT_CRYPTO_USER),
    "key_officers": ("key-officer", Role.KEY_VAULT_CRYPTO_OFFICER),
    "certificate_officers": ("certificate-officer", Role.KEY_VAULT_CERTIFICATES_OFFICER),
}
"""Argument that names groups, to what their grants' names have and the role that they get."""
CREATING: Final = tuple(
    key for key in KeyVaultArgs.__annotations__ if key != "existing_id" and key not in PEOPLE
)
"""Arguments of a vault that is created; they are refused together with one that exists."""


_ROLES_ALONE: Final = (
    "roles: access policies let whoever may write the vault let themselves in",
    "take it out; people are let in with secret_readers and secret_officers, apps with secrets, others with "
    "an AccessGrant",
)
ANSWERS: Final = {"access_policies": _ROLES_ALONE, "enable_rbac_authorization": _ROLES_ALONE}
"""https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy"""


@dataclass(frozen=True)
class VaultChoices:
    """The arguments of a vault, read and checked. `component` is what messages call it."""

    component: str
    place: Placement
    elsewhere: Elsewhere
    foreign_tags: tuple[str, ...]
    is_locked: bool
    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    purge_protection: bool
    retention_days: int
    recover: bool
    generated: GeneratedSecrets
    is_protected: bool
    tenant_id: pulumi.Output[str] | None
    keys: GeneratedKeys
    people: Mapping[str, Groups]
    """By the argument that names them."""
    network: VaultNetworkChoices
    diagnostics_workspace_id: pulumi.Output[str] | None


def read_key_vault(arguments: Arguments) -> VaultChoices:
    """Read a vault's arguments from those of a component that has one; problems are noted in `arguments`."""
    return VaultChoices(
        component=arguments.component,
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, KeyVaultArgs),
        foreign_tags=read_foreign_tags(arguments),
        is_locked=read_lock(arguments),
        existing_id=arguments.text("existing_id", id_form(VAULT)),
        name=read_name(arguments, "vault_name", KEY_VAULT),
        purge_protection=arguments.flag("purge_protection", True),
        retention_days=arguments.whole_number("soft_delete_retention_days", 90, lowest=7, highest=90),
        recover=read_recover(arguments),
        generated=read_generated_secrets(arguments),
        is_protected=arguments.flag("protect_vault", False),
        tenant_id=arguments.text("tenant_id", TENANT),
        keys=read_generated_keys(arguments),
        people={key: read_groups(arguments, key) for key in PEOPLE},
        network=read_vault_network(arguments),
        diagnostics_workspace_id=read_diagnostics(arguments),
    )
