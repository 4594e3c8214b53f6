"""Everything one keyless app needs: a resource group, a vault, a plan and the app."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import pulumi
from pulumi_azure_native import authorization, resources

from .choices import Chosen
from .contract import KEYLESS_WEB_APP as TOKEN
from .deployer import deployer_contract
from .hosts.app_service.web_app import WebApp
from .hosts.app_service.web_app_arguments import WebAppArgs, WebAppChoices
from .identity import IdentityKind
from .keyless_web_app_arguments import KeylessWebAppArgs, read_choices
from .links import LinkArgs
from .links.calls import check_order
from .locks import delete_lock
from .names.app_service import WEB_APP
from .names.everywhere import IDENTITY, RESOURCE_GROUP
from .names.monitor import APPLICATION_INSIGHTS
from .names.vaults import KEY_VAULT
from .naming import Naming
from .options import checked_options
from .outputs import register_outputs
from .placement import Placement
from .references import parse_id
from .targets.key_vault import KeyVault
from .targets.key_vault_arguments import KeyVaultArgs, VaultChoices


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

    sign_in_commands: pulumi.Output[Sequence[str]]
    """A shell command for the app and each slot that lets its identity stand for the app registration."""
    audience: pulumi.Output[str | None]
    """What a token for the app is for, such as api://<client id>; null without sign_in."""

    def __init__(
        self, name: str, args: KeylessWebAppArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_choices(name, args)
        check_order(choices.app.site.component, opts, choices.app.site.reaches)
        super().__init__(
            TOKEN, name, {}, checked_options("KeylessWebApp", name, opts, choices.app.site.foreign_tags)
        )
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        naming = Naming(self, name)
        place = choices.app.site.place
        self.group = None if choices.has_group else self._group(name, place, naming)
        if self.group is not None:
            place = replace(place, resource_group_name=self.group.name)
        self.resource_group_name = pulumi.Output.from_input(place.resource_group_name)
        place = replace(place, resource_group_name=self.resource_group_name)
        self.vault, app = self._vault(name, choices.vault, place, naming), choices.app.placed(place)
        if self.vault is not None:
            self.vault_id, self.vault_endpoint = self.vault.vault_id, self.vault.endpoint
            app = app.in_vault(self.vault_id, self.vault_endpoint)
        else:
            given = app.site.vault
            assert given.vault is not None
            assert given.endpoint is not None
            self.vault_id, self.vault_endpoint = given.vault.id, given.endpoint
        self.vault_name = self.vault_id.apply(lambda id: parse_id(id).name)
        self.app = self._app(name, app, naming)
        self.lock = self._lock(name) if choices.is_locked else None
        self._give_out()
        self.deployer_contract = deployer_contract(
            self,
            choices.elsewhere,
            self.resource_group_name,
            certifies=choices.app.custom_domain.name is not None,
            left_to_owners=self.app.left,
        )
        register_outputs(self)

    def call_link(self) -> LinkArgs:
        """A link for code that calls the app, as `WebApp.call_link` gives it."""
        return self.app.call_link()

    def _give_out(self) -> None:
        """What the parts give out, under the same names, or under one that tells whose it is."""
        app = self.app
        self.app_id, self.app_name, self.url, self.plan_id = app.app_id, app.name, app.url, app.plan_id
        self.identity_id, self.principal_id, self.client_id = app.identity_id, app.principal_id, app.client_id
        self.sign_in_commands, self.audience = app.sign_in_commands, app.audience
        self.slot_ids, self.slot_urls = app.slot_ids, app.slot_urls
        self.custom_domain_records = app.custom_domain_records
        self.custom_domain_verification_id = app.custom_domain_verification_id
        self.access = pulumi.Output.all(app.access, self.vault.access if self.vault else []).apply(
            lambda lists: [sentence for sentences in lists for sentence in sentences]
        )

    def _group(self, name: str, place: Placement, naming: Naming) -> resources.ResourceGroup:
        return resources.ResourceGroup(
            name,
            location=place.location,
            resource_group_name=naming.choose(None, RESOURCE_GROUP),
            tags=place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _vault(
        self, name: str, choices: VaultChoices | None, place: Placement, naming: Naming
    ) -> KeyVault | None:
        if choices is None:
            return None
        # One lock, made after everything: see _lock.
        vault = replace(choices, place=place, name=naming.choose(choices.name, KEY_VAULT), is_locked=False)
        return KeyVault(name, cast(KeyVaultArgs, Chosen(vault)), pulumi.ResourceOptions(parent=self))

    def _app(self, name: str, choices: WebAppChoices, naming: Naming) -> WebApp:
        """The app, with names that end as those of everything else here do."""
        plan, identity, insights = choices.plan, choices.site.identity, choices.site.observability
        app_name = naming.choose(choices.app_name, WEB_APP)
        if plan.plan_id is None:
            plan = replace(plan, name=naming.choose(plan.name, plan.name_rule))
        if identity.kind is IdentityKind.USER_ASSIGNED:
            identity = replace(identity, name=naming.choose(identity.name, IDENTITY))
        if insights.insights_workspace_id is not None:
            insights = replace(
                insights, insights_name=naming.choose(insights.insights_name, APPLICATION_INSIGHTS)
            )
        site = replace(choices.site, identity=identity, observability=insights)
        app = replace(choices, app_name=app_name, plan=plan, site=site)
        return WebApp(name, cast(WebAppArgs, Chosen(app)), pulumi.ResourceOptions(parent=self))

    def _lock(self, name: str) -> "authorization.ManagementLockByScope":
        """A lock on the own group, or on the own vault in somebody else's. The app's grant is below either,
        so the lock has to wait for the app, too.
        """
        everything = [part for part in (self.group, self.vault, self.app) if part is not None]
        if self.group is not None:
            return delete_lock(self, name, self.group.id, everything)
        return delete_lock(self, name, self.vault_id, everything)
