"""A function app (Linux, on a plan of its own size) as a host: something that runs as an identity."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import web

from ...choices import read_once
from ...contract import FUNCTION_APP as TOKEN
from ...links.link import Told
from ...names.app_service import FUNCTION_APP
from .app import App
from .attached import told_of_the_living
from .flex_consumption import PACKAGES, as_on_flex
from .function_app_arguments import ANSWERS, FunctionAppArgs, FunctionAppChoices, read_function_app
from .function_site import KIND
from .hardening import close_basic_publishing
from .host_storage import HostStorage, default_host_id_of, host_id_of, own_host_storage, with_endpoints
from .settings import spelt
from .site import principal_of, site_properties
from .site_changes import site_hooks
from .slots import keep_sticky


class FunctionApp(App):
    """A function app that reaches its secrets, its data and its runtime's own storage with an identity.

    It holds no connection string. Plans of a fixed size and Flex Consumption (size FC1) are offered: on
    Consumption and Elastic Premium the app's files lie on a share that opens with an account key, which an
    account of ours does not have.
    Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
    """

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
        super().__init__(TOKEN, name, site, opts)
        if self.is_looked_up:
            return
        plan_id = self.on_plan(choices.plan, site.place)
        containers = () if choices.flex is None else (PACKAGES,)
        self.host_storage = own_host_storage(
            self, name, site.host_storage, site.place, self.naming, containers
        )
        storage = with_endpoints(self, name, site.host_storage, self.host_storage)
        self.links = [storage, *self.links]
        self.site = self.declare_between(
            lambda: self._site(name, choices, plan_id, storage),
            principal=lambda made: principal_of(made, made.name),
            tell=lambda made, told: self._tell(name, choices, storage, made, told),
        )
        self.reached(self.site, site.network, after=self.settings)
        self.give_out_app(self.site, plan_id, choices.slots.sticky, last=self.settings)
        assert storage.account is not None
        self.host_storage_id = storage.account.id
        self.finished(choices.elsewhere)

    def _site(
        self,
        name: str,
        choices: FunctionAppChoices,
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
            name=self.naming.choose(choices.app_name, FUNCTION_APP),
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
