"""A web app on App Service (Linux) as a host: something that runs as an identity."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import pulumi
from pulumi_azure_native import web
from pulumi_azure_native.web.outputs import ManagedServiceIdentityResponse

from ..access import AccessGrant, AccessGrantArgs
from ..app_settings import derived_settings
from ..arguments import Arguments
from ..identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
from ..names import IDENTITY, PLAN, WEB_APP
from ..naming import Naming
from ..plan_sizes import PLAN_SIZES
from ..roles import Role
from ..unknowns import answered
from .hardening import close_basic_publishing, hardened_site_config
from .web_app_arguments import WebAppArgs, WebAppChoices, read_web_app

TOKEN: Final = "keyless:index:WebApp"
LATE_GRANT: Final = "resolves-later"
"""What a grant that lands after the app does: a reference fails silently, and is tried again up to 24
hours later, on a refresh, or when settings are written. So grants come before settings, and settings come
last. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references"""

_Id: TypeAlias = pulumi.Output[str] | None


class WebApp(pulumi.ComponentResource):
    """A web app that reads its secrets from a vault with an identity, and holds none of them.

    It creates its identity, its plan, the site with its hardening, the grant that `secrets` needs, and
    the one map of app settings, in an order in which no reference is read before its grant exists.
    Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity
    """

    app_id: pulumi.Output[str]
    """Resource id of the app."""
    name: pulumi.Output[str]
    """Name of the app in Azure."""
    url: pulumi.Output[str]
    """Address of the app, from the host name that Azure gave it."""
    plan_id: pulumi.Output[str]
    """Resource id of the plan the app runs on."""
    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity the app runs as; null with a system-assigned one or none."""
    principal_id: pulumi.Output[str | None]
    """Object id of the app's identity, given out when its grant exists; null with none."""
    client_id: pulumi.Output[str | None]
    """Client id of the user-assigned identity, given out when its grant exists; null where there is none."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""

    def __init__(self, name: str, args: WebAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        arguments = Arguments("WebApp", name, args, WebAppArgs)
        arguments.require("resource_group_name", "the resource group to create the app in")
        choices = read_web_app(arguments)
        arguments.done()

        super().__init__(TOKEN, name, {}, opts)
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        naming = Naming(self, name)
        self.plan, plan_id = None, choices.plan_id
        if plan_id is None:
            self.plan = self._own_plan(name, args, choices, naming)
            plan_id = self.plan.id
        self.identity = self._user_assigned(name, args, choices, naming)
        identity_id, principal_id, client_id = self._ids(choices)
        # A user-assigned identity is let in before the app exists, a system-assigned one as soon as it
        # does; the settings, which make App Service read the secrets, come after both.
        early = None
        if choices.grants_access and self.identity is not None:
            own = self.identity
            early = self._grant(name, choices, own.principal_id, own.name, own.client_id)
        self.site = self._site(name, args, choices, naming, plan_id, identity_id, early)
        if choices.identity is IdentityKind.SYSTEM_ASSIGNED:
            principal_id = answered(self.site.identity, _principal_id, "the app's principal id")
        self.grant = early
        if choices.grants_access and early is None and principal_id is not None:
            self.grant = self._grant(name, choices, principal_id, self.site.name, None)
        self.settings = self._settings(name, args, choices, client_id)

        self.id = self.site.id
        self.app_id = self.site.id
        self.name = self.site.name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = plan_id
        self.identity_id = pulumi.Output.from_input(identity_id)
        self.principal_id = self._once_granted(principal_id)
        self.client_id = self._once_granted(client_id)
        self.access = pulumi.Output.all(*([self.grant.access] if self.grant else [])).apply(lambda a: list(a))
        self.register_outputs(
            {
                "appId": self.app_id,
                "name": self.name,
                "url": self.url,
                "planId": self.plan_id,
                "identityId": self.identity_id,
                "principalId": self.principal_id,
                "clientId": self.client_id,
                "access": self.access,
            }
        )

    def _own_plan(
        self, name: str, args: WebAppArgs, choices: WebAppChoices, naming: Naming
    ) -> web.AppServicePlan:
        return web.AppServicePlan(
            name,
            kind="linux",
            location=args.get("location"),
            name=naming.choose(choices.plan_name, PLAN),
            reserved=True,  # Linux: without it Azure makes a Windows plan that the portal still calls Linux
            resource_group_name=args["resource_group_name"],
            sku=web.SkuDescriptionArgs(name=choices.size, tier=PLAN_SIZES[choices.size].tier),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _user_assigned(
        self, name: str, args: WebAppArgs, choices: WebAppChoices, naming: Naming
    ) -> ManagedIdentity | None:
        """The app's own identity, or the existing one where its ids have to be read; else None."""
        identity_args: ManagedIdentityArgs = {}
        if choices.identity is IdentityKind.USER_ASSIGNED:
            identity_args["resource_group_name"] = args["resource_group_name"]
            identity_args["identity_name"] = naming.choose(choices.identity_name, IDENTITY)
            if "location" in args:
                identity_args["location"] = args["location"]
            if "tags" in args:
                identity_args["tags"] = args["tags"]
        elif choices.identity_id is not None and choices.identity_principal_id is None:
            identity_args["existing_id"] = choices.identity_id
        else:
            return None
        return ManagedIdentity(name, identity_args, pulumi.ResourceOptions(parent=self))

    def _ids(self, choices: WebAppChoices) -> tuple[_Id, _Id, _Id]:
        """Resource id, principal id and client id of the user-assigned identity, as far as there is one."""
        if self.identity is not None:
            return self.identity.identity_id, self.identity.principal_id, self.identity.client_id
        return choices.identity_id, choices.identity_principal_id, choices.identity_client_id

    def _grant(
        self,
        name: str,
        choices: WebAppChoices,
        principal_id: pulumi.Output[str],
        principal_name: pulumi.Output[str],
        client_id: _Id,
    ) -> AccessGrant:
        assert choices.vault_id is not None
        grant_args: AccessGrantArgs = {
            "principal_id": principal_id,
            "principal_name": principal_name,
            "role": Role.KEY_VAULT_SECRETS_USER,
            "scope_id": choices.vault_id,
            "granted_by": f"WebApp '{name}'",
        }
        if client_id is not None:
            grant_args["client_id"] = client_id
        return AccessGrant(f"{name}-vault", grant_args, pulumi.ResourceOptions(parent=self))

    def _site(
        self,
        name: str,
        args: WebAppArgs,
        choices: WebAppChoices,
        naming: Naming,
        plan_id: pulumi.Output[str],
        identity_id: _Id,
        early: AccessGrant | None,
    ) -> web.WebApp:
        # The kind is always stated: left out, Azure keeps an identity that was taken away.
        kind = web.ManagedServiceIdentityType.NONE
        if identity_id is not None:
            kind = web.ManagedServiceIdentityType.USER_ASSIGNED
        elif choices.identity is IdentityKind.SYSTEM_ASSIGNED:
            kind = web.ManagedServiceIdentityType.SYSTEM_ASSIGNED
        return web.WebApp(
            name,
            client_affinity_enabled=False,
            https_only=True,
            identity=web.ManagedServiceIdentityArgs(
                type=kind, user_assigned_identities=None if identity_id is None else [identity_id]
            ),
            # Without it references use the system-assigned identity, also of an app that has none.
            key_vault_reference_identity="SystemAssigned" if identity_id is None else identity_id,
            kind="app,linux",
            location=args.get("location"),
            name=naming.choose(choices.app_name, WEB_APP),
            public_network_access="Enabled",
            reserved=True,
            resource_group_name=args["resource_group_name"],
            server_farm_id=plan_id,
            site_config=hardened_site_config(
                always_on=choices.always_on,
                health_check_path=choices.health_check_path,
                linux_fx_version=choices.runtime.linux_fx_version,
            ),
            tags=args.get("tags"),
            # A replacement keeps the name, which is taken until the old site is gone.
            opts=pulumi.ResourceOptions(
                parent=self, delete_before_replace=True, depends_on=[] if early is None else [early]
            ),
        )

    def _settings(
        self, name: str, args: WebAppArgs, choices: WebAppChoices, client_id: _Id
    ) -> web.WebAppApplicationSettings:
        """The one owner of the app's settings, written last: after the grant, and after every other write."""
        group_name = args["resource_group_name"]
        self.publishing = close_basic_publishing(self, name, self.site.name, group_name)
        derived = derived_settings(choices.secrets, choices.vault_endpoint, client_id)
        before: list[pulumi.Resource] = [*self.publishing]
        if self.grant is not None:
            before.append(self.grant)
        return web.WebAppApplicationSettings(
            name,
            name=self.site.name,
            properties=choices.settings.with_derived(derived),
            resource_group_name=group_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=before),
        )

    def _once_granted(self, id: _Id) -> pulumi.Output[str | None]:
        """An id that promises the grant. It waits for the grant's URN, which a preview knows; an id it
        would not.
        """
        urns = [] if self.grant is None else [self.grant.assignment.urn]
        return pulumi.Output.all(id, *urns).apply(lambda known: known[0])


def _principal_id(identity: ManagedServiceIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None
