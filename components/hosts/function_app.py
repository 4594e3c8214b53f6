"""A function app (Linux, on a plan of its own size) as a host: something that runs as an identity."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pulumi
from pulumi_azure_native import web

from ..arguments import Arguments
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..names import FUNCTION_APP
from ..naming import Naming
from ..placement import Placement
from ..tags import keeping_tags
from .function_app_arguments import FunctionAppArgs, FunctionAppChoices, read_function_app
from .hardening import close_basic_publishing
from .host_identity import HostIdentity
from .host_storage import own_host_storage
from .link import Link, needs_of
from .observability import insights_link
from .plan import handed_on, own_plan
from .site import site_properties

TOKEN: Final = "keyless:index:FunctionApp"
LATE_GRANT: Final = "resolves-later"
"""What a grant that lands after the app does: a reference fails silently and is tried again later, as a web
app's is, and the runtime starts again until its storage lets it in. So grants come before settings, and
settings come last. https://learn.microsoft.com/azure/azure-functions/functions-identity-based-connections-tutorial"""


class FunctionApp(pulumi.ComponentResource):
    """A function app that reaches its secrets, its data and its runtime's own storage with an identity.

    It holds no connection string. Only plans of a fixed size are offered: on Consumption and Elastic Premium
    the app's files lie on a share that opens with an account key, which an account of ours does not have.
    Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
    """

    app_id: pulumi.Output[str]
    """Resource id of the app."""
    name: pulumi.Output[str]
    """Name of the app in Azure."""
    url: pulumi.Output[str]
    """Address of the app, from the host name that Azure gave it."""
    plan_id: pulumi.Output[str]
    """Resource id of the plan the app runs on, for the next app on it, which then waits for this one."""
    host_storage_id: pulumi.Output[str]
    """Resource id of the storage account that the Functions runtime keeps its own state in."""
    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity the app runs as; null with a system-assigned one."""
    principal_id: pulumi.Output[str | None]
    """Object id of the app's identity, given out when its grants exist."""
    client_id: pulumi.Output[str | None]
    """Client id of the user-assigned identity, given out when its grants exist; null where there is none."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(self, name: str, args: FunctionAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        arguments = Arguments("FunctionApp", name, args, FunctionAppArgs)
        arguments.require("resource_group_name", "the resource group to create the app in")
        choices = read_function_app(arguments)
        arguments.done()

        super().__init__(TOKEN, name, choices.known(), keeping_tags(opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        naming = Naming(self, name)
        place = Placement(args["resource_group_name"], args.get("location"), args.get("tags"))
        self.plan = own_plan(self, name, choices.plan, place, naming)
        plan_id = choices.plan.plan_id if self.plan is None else self.plan.id
        self.host_storage = own_host_storage(self, name, choices.host_storage, place, naming)
        host_storage = choices.host_storage
        if self.host_storage is not None:
            host_storage = replace(host_storage, account_id=self.host_storage.account_id)
        assert plan_id is not None
        assert host_storage.account_id is not None

        # A user-assigned identity is let in before the app exists, a system-assigned one as soon as it does;
        # the settings, which start the runtime, come after both.
        self.insights = insights_link(self, name, choices.observability, place, naming)
        links: list[Link] = [host_storage, *choices.links]
        if self.insights is not None:
            links.append(self.insights)
        runs_as = HostIdentity(self, name, choices.identity, naming)
        runs_as.create(place)
        runs_as.grant_before(needs_of(links))
        self.site = self._site(name, choices, naming, place, plan_id, runs_as)
        runs_as.grant_after(needs_of(links), self.site.identity, self.site.name)
        self.settings = self._settings(name, choices, place, runs_as, links)
        self.private_endpoint = choices.network.private_endpoint(
            self, name, place, target_id=self.site.id, target_name=self.site.name, after=self.settings
        )
        workspace_id = choices.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(self, name, self.site.id, workspace_id)
        self.identity, self.grants = runs_as.own, runs_as.grants

        self.id = self.site.id
        self.app_id = self.site.id
        self.name = self.site.name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(plan_id, self.settings)
        self.host_storage_id = host_storage.account_id
        self.identity_id = pulumi.Output.from_input(runs_as.ids.identity_id)
        self.principal_id = runs_as.once_granted(runs_as.ids.principal_id)
        self.client_id = runs_as.once_granted(runs_as.ids.client_id)
        self.access = pulumi.Output.all(*[grant.access for grant in self.grants]).apply(lambda a: list(a))
        self.deployer_contract = deployer_contract(self, args, args["resource_group_name"])
        self.register_outputs(
            {
                "appId": self.app_id,
                "name": self.name,
                "url": self.url,
                "planId": self.plan_id,
                "hostStorageId": self.host_storage_id,
                "identityId": self.identity_id,
                "principalId": self.principal_id,
                "clientId": self.client_id,
                "access": self.access,
            }
        )

    def _site(
        self,
        name: str,
        choices: FunctionAppChoices,
        naming: Naming,
        place: Placement,
        plan_id: pulumi.Output[str],
        runs_as: HostIdentity,
    ) -> web.WebApp:
        config = (choices.plan.site_config(), choices.runtime.site_config(runs_as.ids))
        properties = site_properties(
            place, plan_id, runs_as, *config, kind="functionapp,linux", network=choices.network
        )
        return web.WebApp(
            name,
            name=naming.choose(choices.app_name, FUNCTION_APP),
            **properties,
            # A replacement keeps the name, which is taken until the old site is gone.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True, depends_on=runs_as.grants),
        )

    def _settings(
        self,
        name: str,
        choices: FunctionAppChoices,
        place: Placement,
        runs_as: HostIdentity,
        links: Sequence[Link],
    ) -> web.WebAppApplicationSettings:
        """The one owner of the app's settings, written last: after the grants and after every other write."""
        derived = runs_as.settings(links)
        self.publishing = close_basic_publishing(self, name, self.site.name, place.resource_group_name)
        return web.WebAppApplicationSettings(
            name,
            name=self.site.name,
            properties=choices.settings.with_derived(derived),
            resource_group_name=place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*self.publishing, *runs_as.grants]),
        )
