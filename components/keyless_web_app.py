"""Everything one keyless app needs: a resource group, a vault, a plan and the app."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NotRequired, cast

import pulumi
from pulumi_azure_native import authorization, resources

from .arguments import Arguments
from .closed_vault import check_path_to_vault, check_windows_container
from .deployer import deployer_contract
from .hosts.web_app import WebApp
from .hosts.web_app_arguments import SiteArgs, WebAppArgs, WebAppChoices, read_web_app
from .identity import IdentityKind
from .locks import LockArgs, delete_lock, read_lock
from .names import APPLICATION_INSIGHTS, IDENTITY, KEY_VAULT, RESOURCE_GROUP, WEB_APP
from .naming import Naming
from .references import parse_id
from .tags import keeping_tags
from .targets.key_vault import KeyVault
from .targets.key_vault_arguments import KeyVaultArgs, NewVaultArgs, VaultChoices, read_key_vault

TOKEN: Final = "keyless:index:KeylessWebApp"


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


class KeylessWebApp(pulumi.ComponentResource):
    """A web app, the vault it reads its secrets from, and what both stand on.

    It adds no meaning of its own: every argument is one of KeyVault or WebApp, and those two are the parts.
    """

    resource_group_name: pulumi.Output[str]
    """Name of the resource group everything is in."""
    app_id: pulumi.Output[str]
    """Resource id of the app."""
    app_name: pulumi.Output[str]
    """Name of the app in Azure."""
    url: pulumi.Output[str]
    """Address of the app."""
    plan_id: pulumi.Output[str]
    """Resource id of the plan the app runs on, for the next app on it, which then waits for this one."""
    vault_id: pulumi.Output[str]
    """Resource id of the vault."""
    vault_name: pulumi.Output[str]
    """Name of the vault in Azure."""
    vault_endpoint: pulumi.Output[str]
    """Address of the vault."""
    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity the app runs as; null with a system-assigned one or none."""
    principal_id: pulumi.Output[str | None]
    """Object id of the app's identity, given out when its grant exists; null with none."""
    client_id: pulumi.Output[str | None]
    """Client id of the user-assigned identity, given out when its grant exists; null where there is none."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""
    slot_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the app's slots, by name."""
    slot_urls: pulumi.Output[Mapping[str, str]]
    """Addresses of the app's slots, by name."""
    custom_domain_records: pulumi.Output[Mapping[str, str]]
    """DNS records that custom_domain needs, host name to type and value; none without a custom domain."""
    custom_domain_verification_id: pulumi.Output[str | None]
    """What the TXT record asuid.<custom_domain> has to hold, before that domain is given."""

    def __init__(
        self, name: str, args: KeylessWebAppArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        arguments = Arguments("KeylessWebApp", name, args, KeylessWebAppArgs)
        has_vault = arguments.has("vault_id") or arguments.has("vault_endpoint")
        if has_vault:
            given = "vault_id" if arguments.has("vault_id") else "vault_endpoint"
            arguments.exclude(
                given,
                tuple(NewVaultArgs.__annotations__),
                "they shape a vault that is created; use KeyVault with existing_id",
            )
        vault, app = read_key_vault(arguments), read_web_app(arguments, vault_follows=not has_vault)
        if not has_vault:
            has_secrets = bool(app.vault.secrets)
            check_path_to_vault(arguments, vault.network, has_secrets=has_secrets)
            if app.plan.hyper_v:
                check_windows_container(arguments, vault.network, has_secrets=has_secrets)
        is_locked = _read_lock(arguments, has_vault=has_vault)
        if arguments.raw("manage_vault_access") is False:
            for key, groups in (("secret_readers", vault.readers), ("secret_officers", vault.officers)):
                if groups:
                    step = f"take {key} out, or set manage_vault_access to true"
                    expected = "no grants where access to the vault is not managed here"
                    arguments.refuse(f"manage_vault_access and {key}", f"false, with {key}", expected, step)
        arguments.done()

        super().__init__(TOKEN, name, {}, keeping_tags(opts, app.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        naming = Naming(self, name)
        self.group = None if arguments.has("resource_group_name") else self._group(name, args, naming)
        group_name = args.get("resource_group_name") if self.group is None else self.group.name
        self.resource_group_name = pulumi.Output.from_input(cast(pulumi.Input[str], group_name))
        self.vault = None if has_vault else self._vault(name, args, vault, naming)
        if self.vault is not None:
            self.vault_id, self.vault_endpoint = self.vault.vault_id, self.vault.endpoint
        else:
            assert app.vault.vault_id is not None
            assert app.vault.vault_endpoint is not None
            self.vault_id, self.vault_endpoint = app.vault.vault_id, app.vault.vault_endpoint
        self.vault_name = self.vault_id.apply(lambda id: parse_id(id).name)
        self.app = self._app(name, args, app, naming)

        self.lock = self._lock(name) if is_locked else None

        self.app_id = self.app.app_id
        self.app_name = self.app.name
        self.url = self.app.url
        self.plan_id = self.app.plan_id
        self.identity_id = self.app.identity_id
        self.principal_id = self.app.principal_id
        self.client_id = self.app.client_id
        self.access = pulumi.Output.all(self.app.access, self.vault.access if self.vault else []).apply(
            lambda lists: [sentence for sentences in lists for sentence in sentences]
        )
        self.slot_ids, self.slot_urls = self.app.slot_ids, self.app.slot_urls
        self.custom_domain_records = self.app.custom_domain_records
        self.custom_domain_verification_id = self.app.custom_domain_verification_id
        self.deployer_contract = deployer_contract(self, args, self.resource_group_name)
        self.register_outputs(
            {
                "resourceGroupName": self.resource_group_name,
                "appId": self.app_id,
                "appName": self.app_name,
                "url": self.url,
                "planId": self.plan_id,
                "vaultId": self.vault_id,
                "vaultName": self.vault_name,
                "vaultEndpoint": self.vault_endpoint,
                "identityId": self.identity_id,
                "principalId": self.principal_id,
                "clientId": self.client_id,
                "access": self.access,
                "slotIds": self.slot_ids,
                "slotUrls": self.slot_urls,
                "customDomainRecords": self.custom_domain_records,
                "customDomainVerificationId": self.custom_domain_verification_id,
            }
        )

    def _group(self, name: str, args: KeylessWebAppArgs, naming: Naming) -> resources.ResourceGroup:
        return resources.ResourceGroup(
            name,
            location=args.get("location"),
            resource_group_name=naming.choose(None, RESOURCE_GROUP),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _vault(self, name: str, args: KeylessWebAppArgs, choices: VaultChoices, naming: Naming) -> KeyVault:
        given = _arguments_of(KeyVaultArgs, args)
        given.pop("delete_lock", None)  # one lock, made after everything: see _lock
        given["resource_group_name"] = self.resource_group_name
        given["vault_name"] = naming.choose(choices.name, KEY_VAULT)
        return KeyVault(name, cast(KeyVaultArgs, given), pulumi.ResourceOptions(parent=self))

    def _app(self, name: str, args: KeylessWebAppArgs, choices: WebAppChoices, naming: Naming) -> WebApp:
        given = _arguments_of(WebAppArgs, args)
        given["resource_group_name"] = self.resource_group_name
        given["vault_id"], given["vault_endpoint"] = self.vault_id, self.vault_endpoint
        given["app_name"] = naming.choose(choices.app_name, WEB_APP)
        if choices.plan.plan_id is None:
            given["plan_name"] = naming.choose(choices.plan.name, choices.plan.name_rule)
        if choices.identity.kind is IdentityKind.USER_ASSIGNED:
            given["identity_name"] = naming.choose(choices.identity.name, IDENTITY)
        if choices.observability.insights_workspace_id is not None:
            given["application_insights_name"] = naming.choose(
                choices.observability.insights_name, APPLICATION_INSIGHTS
            )
        return WebApp(name, cast(WebAppArgs, given), pulumi.ResourceOptions(parent=self))

    def _lock(self, name: str) -> authorization.ManagementLockByScope:
        """A lock on the own group, or on the own vault in somebody else's. The app's grant is below either,
        so the lock has to wait for the app, too.
        """
        everything = [part for part in (self.group, self.vault, self.app) if part is not None]
        if self.group is not None:
            return delete_lock(self, name, self.group.id, everything)
        return delete_lock(self, name, self.vault_id, everything)


def _read_lock(arguments: Arguments, *, has_vault: bool) -> bool:
    is_locked = read_lock(arguments)
    if is_locked and has_vault and arguments.has("resource_group_name"):
        subject = "delete_lock, resource_group_name and vault_id"
        expected = "a resource group or a vault of the component's own, which it can lock"
        step = "take delete_lock out: whoever owns the group and the vault locks them"
        arguments.refuse(subject, "all three", expected, step)
    return is_locked


def _arguments_of(part: type, args: KeylessWebAppArgs) -> dict[str, Any]:
    """The arguments that a part shares with the whole: they have the same names."""
    return {key: value for key, value in args.items() if key in part.__annotations__}
