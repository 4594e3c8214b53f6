"""A Key Vault as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import authorization, keyvault

from ..arguments import Arguments
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..existing import explained
from ..locks import delete_lock, read_lock
from ..names import KEY_VAULT
from ..naming import Naming
from ..placement import Placement
from ..private_endpoint import PrivateEndpoint
from ..roles import Role
from ..tags import keeping_tags, read_foreign_tags
from ..unknowns import answered
from .generated_secrets import generate_secrets
from .groups import grant_groups
from .key_vault_arguments import CREATING, KeyVaultArgs, VaultChoices, read_key_vault
from .recovery import explain_deleted, recover_deleted
from .retention import FIXED_RETENTION, report_fixed_retention
from .vault_network import GROUP_ID

TOKEN: Final = "keyless:index:KeyVault"


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
