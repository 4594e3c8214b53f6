"""A Key Vault as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import authorization, keyvault

from ..arguments import Arguments
from ..deployer import deployer_contract
from ..diagnostics import DiagnosticsArgs, read_diagnostics, send_diagnostics
from ..existing import explained
from ..locks import LockArgs, delete_lock, read_lock
from ..names import KEY_VAULT
from ..naming import Naming, read_name
from ..placement import Placement
from ..private_endpoint import PrivateEndpoint
from ..references import VAULT, expected_id, is_guid, is_id_of
from ..roles import Role
from ..tags import ForeignTagsArgs, keeping_tags, read_foreign_tags
from ..unknowns import answered
from .generated_secrets import GeneratedSecretsArgs, generate_secrets, read_generated_secrets
from .groups import Groups, grant_groups, read_groups
from .recovery import RecoveryArgs, explain_deleted, read_recover, recover_deleted
from .retention import FIXED_RETENTION, report_fixed_retention
from .vault_network import GROUP_ID, VaultNetworkArgs, VaultNetworkChoices, read_vault_network

TOKEN: Final = "keyless:index:KeyVault"
CREATING: Final = (
    "resource_group_name",
    "location",
    "vault_name",
    "purge_protection",
    "soft_delete_retention_days",
    "recover",
    "generated_secrets",
    "tenant_id",
    "tags",
    *VaultNetworkArgs.__annotations__,
    *DiagnosticsArgs.__annotations__,
    "tags_added_elsewhere",
    "protect_vault",
    "delete_lock",
)
"""Arguments of a vault that is created; they are refused together with one that exists."""


class NewVaultArgs(GeneratedSecretsArgs, RecoveryArgs, VaultNetworkArgs):
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


@dataclass(frozen=True)
class VaultChoices:
    """The arguments of a vault, read and checked."""

    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    purge_protection: bool
    retention_days: int
    recover: bool
    generated: Mapping[str, int]
    is_protected: bool
    tenant_id: pulumi.Output[str] | None
    readers: Groups
    officers: Groups
    network: VaultNetworkChoices
    diagnostics_workspace_id: pulumi.Output[str] | None


def read_key_vault(arguments: Arguments) -> VaultChoices:
    """Read a vault's arguments from those of a component that has one; problems are noted in `arguments`."""
    return VaultChoices(
        existing_id=arguments.text("existing_id", lambda id: is_id_of(VAULT, id), expected_id(VAULT)),
        name=read_name(arguments, "vault_name", KEY_VAULT),
        purge_protection=arguments.flag("purge_protection", True),
        retention_days=arguments.whole_number("soft_delete_retention_days", 90, lowest=7, highest=90),
        recover=read_recover(arguments),
        generated=read_generated_secrets(arguments),
        is_protected=arguments.flag("protect_vault", False),
        tenant_id=arguments.text("tenant_id", is_guid, "the id of an Entra tenant, a GUID"),
        readers=read_groups(arguments, "secret_readers"),
        officers=read_groups(arguments, "secret_officers"),
        network=read_vault_network(arguments),
        diagnostics_workspace_id=read_diagnostics(arguments),
    )


class KeyVault(pulumi.ComponentResource):
    """A vault that only role assignments open: created, or an existing one read by its full id.

    A value is written by whoever owns it; `generated_secrets`, which nobody needs to know, are drawn here.
    Source: https://learn.microsoft.com/azure/key-vault/general/rbac-guide
    """

    vault_id: pulumi.Output[str]
    """Resource id of the vault, for an app's `vault_id`."""
    name: pulumi.Output[str]
    """Name of the vault in Azure."""
    endpoint: pulumi.Output[str]
    """Address of the vault, for an app's `vault_endpoint`."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what in this vault by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        arguments = Arguments("KeyVault", name, args, KeyVaultArgs)
        arguments.exclude("existing_id", CREATING, "a vault is adopted or created")
        if not arguments.has("existing_id"):
            arguments.require("resource_group_name", "the resource group to create it in, or existing_id")
        choices = read_key_vault(arguments)
        foreign_tags, is_locked = read_foreign_tags(arguments), read_lock(arguments)
        arguments.done()

        super().__init__(TOKEN, name, {}, keeping_tags(opts, foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.adopted = choices.existing_id is not None
        if choices.existing_id is not None:
            # A provider read by full id, and not get_vault, which sees the provider's subscription only.
            self.resource = keyvault.Vault.get(name, choices.existing_id, pulumi.ResourceOptions(parent=self))
        else:
            self.resource = self._vault(name, args, choices)
            report_fixed_retention(self, arguments.component, self.resource, choices.retention_days)
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if choices.existing_id is None else choices.existing_id
        self.vault_id = self.id
        reader, officer = Role.KEY_VAULT_SECRETS_USER, Role.KEY_VAULT_SECRETS_OFFICER
        self.grants = [
            *grant_groups(self, name, "reader", reader, self.vault_id, choices.readers),
            *grant_groups(self, name, "officer", officer, self.vault_id, choices.officers),
        ]
        self.secrets = self._generated(name, args, choices)
        self.name = self.resource.name
        address = answered(self.resource.properties, lambda p: p.vault_uri, "the vault's address")
        # Who is told the address may read at once, so the values are there by then. A preview knows a URN.
        self.endpoint = pulumi.Output.all(address, *[secret.urn for secret in self.secrets]).apply(
            lambda known: known[0]
        )
        self.private_endpoint = self._private_endpoint(name, args, choices)
        if self.private_endpoint is not None:
            # Who reads at this address, such as an app's references, does so once a path leads there.
            self.endpoint = self.private_endpoint.once_reachable(self.endpoint)
        self.diagnostics = send_diagnostics(
            self, name, self.vault_id, choices.diagnostics_workspace_id, own_tables=True
        )
        self.lock = self._lock(name) if is_locked else None
        self.access = pulumi.Output.all(*[grant.access for grant in self.grants]).apply(
            lambda texts: list(texts)
        )
        self.deployer_contract = deployer_contract(self, args, args.get("resource_group_name"))
        self.register_outputs(
            {
                "vaultId": self.vault_id,
                "name": self.name,
                "endpoint": self.endpoint,
                "access": self.access,
                "deployerContract": self.deployer_contract,
            }
        )

    def _vault(self, name: str, args: KeyVaultArgs, choices: VaultChoices) -> keyvault.Vault:
        tenant_id = choices.tenant_id
        if tenant_id is None:
            signed_in = authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=self))
            tenant_id = signed_in.tenant_id
        properties = keyvault.VaultPropertiesArgs(
            # True or absent: Azure refuses an explicit false, even at creation.
            enable_purge_protection=True if choices.purge_protection else None,
            # Said out loud because the SDK sends false when nobody does.
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            network_acls=choices.network.acls(),
            public_network_access=choices.network.public_network_access,
            sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
            soft_delete_retention_in_days=choices.retention_days,
            tenant_id=tenant_id,
        )
        if choices.recover:
            recover_deleted(properties)
        return keyvault.Vault(
            name,
            location=args.get("location"),
            properties=properties,
            resource_group_name=args.get("resource_group_name"),
            tags=args.get("tags"),
            vault_name=Naming(self, name).choose(choices.name, KEY_VAULT),
            opts=pulumi.ResourceOptions(
                parent=self,
                hooks=explained(self, name, "keyvault:Vault", explain_deleted),
                ignore_changes=[FIXED_RETENTION],
                # Only the vault: the grants of people have to come and go. Unsaid, it is as the component is.
                protect=True if choices.is_protected else None,
            ),
        )

    def _lock(self, name: str) -> authorization.ManagementLockByScope:
        everything: list[pulumi.Resource] = [self.resource, *self.grants, *self.secrets]
        if self.private_endpoint is not None:
            everything += self.private_endpoint.resources
        if self.diagnostics is not None:
            everything.append(self.diagnostics)
        return delete_lock(self, name, self.vault_id, everything)

    def _generated(self, name: str, args: KeyVaultArgs, choices: VaultChoices) -> list[keyvault.Secret]:
        if not choices.generated:
            return []
        assert "resource_group_name" in args
        return generate_secrets(self, name, choices.generated, self.resource, args["resource_group_name"])

    def _private_endpoint(
        self, name: str, args: KeyVaultArgs, choices: VaultChoices
    ) -> PrivateEndpoint | None:
        group_name = args.get("resource_group_name")
        if choices.network.endpoint is None or group_name is None:
            return None
        return PrivateEndpoint(
            name,
            choices.network.endpoint,
            group_id=GROUP_ID,
            place=Placement(group_name, args.get("location"), args.get("tags")),
            target_id=self.vault_id,
            target_name=self.name,
            opts=pulumi.ResourceOptions(parent=self),
        )
