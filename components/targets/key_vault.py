"""A Key Vault as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import authorization, keyvault

from ..arguments import Arguments
from ..choices import read_once
from ..contract import KEY_VAULT as TOKEN
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..encryption import CustomerKeyArgs
from ..errors import ConfigurationError, Problem
from ..existing import explained
from ..links import LinkArgs
from ..links.certificates import CertificateAccess, CertificatesLinkArgs
from ..links.grants import every_access
from ..links.key_vault import KeyVaultLinkArgs, SecretAccess
from ..links.keys import KeyAccess, KeysLinkArgs
from ..locks import delete_lock
from ..names.vaults import KEY_VAULT
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..placement import adopt_or_create
from ..private_endpoint import PrivateEndpoint
from ..taken_out import refuse_taken_out
from ..unknowns import answered, once_there
from .generated_keys import KeyPurpose, generate_keys
from .generated_secrets import generate_secrets
from .groups import grant_groups
from .key_vault_arguments import ANSWERS, CREATING, PEOPLE, KeyVaultArgs, VaultChoices, read_key_vault
from .permission_model import opened_by_roles
from .recovery import explain_deleted, recover_deleted
from .retention import FIXED_RETENTION, PURGE_PROTECTION, report_fixed_retention
from .vault_network import GROUP_ID, KEPT


class KeyVault(pulumi.ComponentResource):
    """A vault that only role assignments open: created, or an existing one read by its full id.

    A value is written by whoever owns it; `generated_secrets`, which nobody needs to know, are drawn here,
    and `generated_keys` are made by the vault, which never gives them away.
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
        choices = read_once("KeyVault", name, args, KeyVaultArgs, _read, ANSWERS)
        super().__init__(TOKEN, name, {}, checked_options("KeyVault", name, opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.adopted, self._choices = choices.existing_id is not None, choices
        self.resource = self._adopted_or_made(name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        given = choices.existing_id
        self.id = (
            self.resource.id if given is None else opened_by_roles(choices.component, given, self.resource)
        )
        self.vault_id, self.name = self.id, self.resource.name
        self.grants = [
            grant
            for key, (part, role) in PEOPLE.items()
            for grant in grant_groups(self, name, part, role, self.vault_id, choices.people[key])
        ]
        self.secrets = self._generated_secrets(name, choices)
        self.keys = self._generated_keys(name, choices)
        self.private_endpoint = self._private_endpoint(name, choices)
        self.endpoint = self._address()
        self.diagnostics = send_diagnostics(
            self, name, self.vault_id, choices.diagnostics_workspace_id, own_tables=True
        )
        self.lock = self._lock(name) if choices.is_locked else None
        self.access = every_access(self.grants)
        self.deployer_contract = deployer_contract(self, choices.elsewhere, choices.place.resource_group_name)
        register_outputs(self)

    def secrets_link(
        self, secrets: Mapping[str, str] | None = None, secret_access: SecretAccess = SecretAccess.VAULT
    ) -> LinkArgs:
        """A link to secrets of this vault, as environment variable to secret name: code reads them, and the
        workload that has the link is granted here. Without secrets code asks the vault by their names.
        """
        target: KeyVaultLinkArgs = {"id": self.vault_id, "endpoint": self.endpoint}
        if secrets is not None:
            target["secrets"] = secrets
        if secret_access is not SecretAccess.VAULT:
            target["secret_access"] = secret_access
        return {"key_vault": target}

    def keys_link(self, key: pulumi.Input[str] | None = None, access: KeyAccess = KeyAccess.READ) -> LinkArgs:
        """A link to a key of this vault, or to all: code does with it what `access` says."""
        target: KeysLinkArgs = {"id": self.vault_id, "endpoint": self.endpoint, "access": access}
        return {"keys": target if key is None else {**target, "key": key}}

    def encryption_key(self, key: str) -> CustomerKeyArgs:
        """A key of this vault for the `encryption` of what encrypts with it. Raises ConfigurationError where
        Azure would not take it: without purge protection, or a key that was made for something else.
        """
        self._refuse_unfit(key)
        return {"id": self.vault_id, "endpoint": self.endpoint, "key": key}

    def certificates_link(
        self,
        certificate: pulumi.Input[str] | None = None,
        access: CertificateAccess = CertificateAccess.READ,
    ) -> LinkArgs:
        """A link to a certificate of this vault, or to all: code does with it what `access` says."""
        target: CertificatesLinkArgs = {"id": self.vault_id, "endpoint": self.endpoint, "access": access}
        return {"certificates": target if certificate is None else {**target, "certificate": certificate}}

    def _refuse_unfit(self, key: str) -> None:
        if self.adopted:
            return
        problems: list[Problem] = []
        if not self._choices.purge_protection:
            step = "take purge_protection out, so that the vault has it"
            expected = "true, without which no service encrypts with a key of the vault"
            problems.append(Problem("purge_protection", "false", expected, step))
        made = self._choices.keys.get(key)
        if made is not None and made.purpose is not KeyPurpose.WRAP:
            step = "give the name of a key whose purpose is wrap"
            expected = "a key to wrap the keys that data is encrypted with"
            problems.append(Problem("key", f"a key to {made.purpose.value}", expected, step))
        if problems:
            raise ConfigurationError(self._choices.component, problems)

    def _adopted_or_made(self, name: str, choices: VaultChoices) -> keyvault.Vault:
        if choices.existing_id is not None:
            # A provider read by full id, and not get_vault, which sees the provider's subscription only.
            return keyvault.Vault.get(name, choices.existing_id, pulumi.ResourceOptions(parent=self))
        made = self._vault(name, choices)
        report_fixed_retention(self, choices.component, made, choices.retention_days)
        return made

    def _address(self) -> pulumi.Output[str]:
        """The vault's address. Who is told it may read at once, such as an app's references, so by then the
        values are there, and a path leads to it.
        """
        address = answered(self.resource.properties, lambda p: p.vault_uri, "the vault's address")
        endpoint = once_there(address, [*self.secrets, *self.keys])
        return endpoint if self.private_endpoint is None else self.private_endpoint.once_reachable(endpoint)

    def _vault(self, name: str, choices: VaultChoices) -> keyvault.Vault:
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
            location=choices.place.location,
            properties=properties,
            resource_group_name=choices.place.resource_group_name,
            tags=choices.place.tags,
            vault_name=Naming(self, name).choose(choices.name, KEY_VAULT),
            opts=pulumi.ResourceOptions(
                parent=self,
                hooks=explained(
                    self,
                    name,
                    "keyvault:Vault",
                    explain_deleted,
                    before_update=refuse_taken_out(choices.component, (KEPT, PURGE_PROTECTION)),
                ),
                ignore_changes=[FIXED_RETENTION],
                # Only the vault: the grants of people have to come and go. Unsaid, it is as the component is.
                protect=True if choices.is_protected else None,
            ),
        )

    def _lock(self, name: str) -> "authorization.ManagementLockByScope":
        everything: list[pulumi.Resource] = [self.resource, *self.grants, *self.secrets, *self.keys]
        if self.private_endpoint is not None:
            everything += self.private_endpoint.resources
        if self.diagnostics is not None:
            everything.append(self.diagnostics)
        return delete_lock(self, name, self.vault_id, everything)

    def _generated_secrets(self, name: str, choices: VaultChoices) -> list[keyvault.Secret]:
        if not choices.generated.lengths:
            return []
        group_name = choices.place.resource_group_name
        return generate_secrets(self, name, choices.generated, self.resource, group_name)

    def _generated_keys(self, name: str, choices: VaultChoices) -> list[keyvault.Key]:
        if not choices.keys:
            return []
        return generate_keys(self, name, choices.keys, self.resource, choices.place.resource_group_name)

    def _private_endpoint(self, name: str, choices: VaultChoices) -> PrivateEndpoint | None:
        if choices.network.endpoint is None:
            return None
        return PrivateEndpoint(
            name,
            choices.network.endpoint,
            group_id=GROUP_ID,
            place=choices.place,
            target_id=self.vault_id,
            target_name=self.name,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _read(arguments: Arguments) -> VaultChoices:
    adopt_or_create(arguments, CREATING, "a vault is adopted or created")
    return read_key_vault(arguments)
