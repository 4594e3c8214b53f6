"""A function app (Linux, on a plan of its own size) as a host: something that runs as an identity."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import web

from ...choices import read_once
from ...contract import FUNCTION_APP as TOKEN
from ...deployer import deployer_contract
from ...diagnostics import send_diagnostics
from ...links.calls import check_order
from ...links.grants import every_access
from ...links.link import Link, Told
from ...names.app_service import FUNCTION_APP
from ...naming import Naming
from ...options import checked_options
from ...outputs import register_outputs
from ..declare import declare
from ..identity import HostIdentity, left_to_owners
from ..observability import insights_link
from .attached import told_of_the_living
from .flex_consumption import PACKAGES, as_on_flex
from .function_app_arguments import ANSWERS, FunctionAppArgs, FunctionAppChoices, read_function_app
from .function_site import KIND
from .hardening import close_basic_publishing
from .host_storage import HostStorage, default_host_id_of, host_id_of, own_host_storage, with_endpoints
from .plan import handed_on, own_plan
from .settings import spelt
from .site import principal_of, site_properties
from .site_changes import site_hooks
from .slots import keep_sticky


class FunctionApp(pulumi.ComponentResource):
    """A function app that reaches its secrets, its data and its runtime's own storage with an identity.

    It holds no connection string. Plans of a fixed size and Flex Consumption (size FC1) are offered: on
    Consumption and Elastic Premium the app's files lie on a share that opens with an account key, which an
    account of ours does not have.
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
    sticky_settings: pulumi.Output[Sequence[str]]
    """Names of the settings that stay where they are when slots are swapped; none without the argument."""

    def __init__(self, name: str, args: FunctionAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once("FunctionApp", name, args, FunctionAppArgs, read_function_app, ANSWERS)
        site = choices.site
        check_order(site.component, opts, site.links)
        super().__init__(
            TOKEN, name, site.known(), checked_options("FunctionApp", name, opts, site.foreign_tags)
        )
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        place, naming = site.place, Naming(self, name)
        self.plan = own_plan(self, name, choices.plan, place, naming)
        plan_id = choices.plan.plan_id if self.plan is None else self.plan.id
        assert plan_id is not None
        containers = () if choices.flex is None else (PACKAGES,)
        self.host_storage = own_host_storage(self, name, site.host_storage, place, naming, containers)
        storage = with_endpoints(self, name, site.host_storage, self.host_storage)
        self.insights = insights_link(self, name, site.observability, place, naming)
        links: list[Link] = [storage, *site.reaches]
        if self.insights is not None:
            links.append(self.insights)
        self.runs_as = HostIdentity(self, name, site.identity, naming)
        self.site = declare(
            site.component,
            self.runs_as,
            links,
            place,
            host=lambda: self._site(name, choices, naming, plan_id, storage),
            principal=lambda made: principal_of(made, made.name),
            tell=lambda made, told: self._tell(name, choices, storage, made, told),
        )
        self._reach(name, choices)
        self.identity, self.grants = self.runs_as.own, self.runs_as.grants
        self._give_out(choices, plan_id, storage)
        left = left_to_owners(site.identity, links)
        self.deployer_contract = deployer_contract(
            self, choices.elsewhere, place.resource_group_name, left_to_owners=left
        )
        register_outputs(self)

    def _site(
        self,
        name: str,
        choices: FunctionAppChoices,
        naming: Naming,
        plan_id: pulumi.Output[str],
        storage: HostStorage,
    ) -> web.WebApp:
        properties = site_properties(
            choices.site.place,
            plan_id,
            self.runs_as,
            *choices.site_config(),
            kind=KIND,
            network=choices.site.network,
            security=choices.site.security,
        )
        function_app_config = None
        if choices.flex is not None:
            assert storage.blob_endpoint is not None
            properties["site_config"] = as_on_flex(properties["site_config"])
            properties["outbound_vnet_routing"] = None  # all that it sends takes the subnet there, always
            function_app_config = choices.flex.function_app_config(
                choices.site.worker, self.runs_as.ids, storage.blob_endpoint
            )
        containers = () if self.host_storage is None else self.host_storage.content.containers
        return web.WebApp(
            name,
            function_app_config=function_app_config,
            name=naming.choose(choices.app_name, FUNCTION_APP),
            **properties,
            # A replacement keeps the name, which is taken until the old site is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=[*containers, *self.runs_as.grants],
                hooks=site_hooks(self, f"web:WebApp::{name}", choices.site.component, choices.plan.own_size),
                ignore_changes=list(choices.site.security.of_a_new_site),
            ),
        )

    def _tell(
        self,
        name: str,
        choices: FunctionAppChoices,
        storage: HostStorage,
        made: web.WebApp,
        told: Mapping[str, Told],
    ) -> None:
        """The one owner of the app's settings, written last: after the grants and after every other write."""
        site = choices.site
        living = told_of_the_living(told, site.component, made, self.runs_as)
        self.publishing = close_basic_publishing(self, name, made.name, site.place.resource_group_name)
        self.sticky = keep_sticky(self, name, choices.slots, site.place, made.name, after=self.publishing)
        earlier = [*self.publishing, *([] if self.sticky is None else [self.sticky])]
        host_id = default_host_id_of(made.name) if choices.slots.sticky else None
        if self.host_storage is None:
            host_id = host_id_of(made.name)
        self.settings = web.WebAppApplicationSettings(
            name,
            name=made.name,
            properties=site.all_settings(spelt(living), storage, host_id),
            resource_group_name=site.place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*earlier, *self.runs_as.grants]),
        )

    def _reach(self, name: str, choices: FunctionAppChoices) -> None:
        """From where the app is called, and where its logs go."""
        self.private_endpoint = choices.site.network.private_endpoint(
            self,
            name,
            choices.site.place,
            target_id=self.site.id,
            target_name=self.site.name,
            after=self.settings,
        )
        workspace_id = choices.site.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(self, name, self.site.id, workspace_id)

    def _give_out(
        self, choices: FunctionAppChoices, plan_id: pulumi.Output[str], storage: HostStorage
    ) -> None:
        self.id = self.app_id = self.site.id
        self.name = self.site.name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(plan_id, self.settings)
        assert storage.account is not None
        self.host_storage_id = storage.account.id
        self.identity_id, self.principal_id, self.client_id = self.runs_as.given_out()
        self.access = every_access(self.runs_as.granted)
        self.sticky_settings = pulumi.Output.from_input(list(choices.slots.sticky))
