"""A slot of a web app as a host: a second grantee, with an identity, grants and references of its own."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
from pulumi_azure_native import web

from ...choices import read_once
from ...contract import WEB_APP_SLOT as TOKEN
from ...diagnostics import send_diagnostics
from ...links.grants import every_access
from ...links.link import Told
from ...naming import Naming
from ...options import checked_options
from ...outputs import register_outputs
from ..declare import declare
from ..identity import HostIdentity
from ..observability import insights_link
from .attached import told_of_the_living
from .hardening import close_basic_publishing_of_slot
from .network import GROUP_ID
from .plan import handed_on
from .settings import spelt
from .site import principal_of, site_properties
from .site_changes import site_hooks
from .web_app_slot_arguments import WebAppSlotArgs, WebAppSlotChoices, read_web_app_slot


class WebAppSlot(pulumi.ComponentResource):
    """A slot of a web app that reads its secrets with an identity of its own, as closed as the app is.

    A swap exchanges code and plain settings. Identities are not swapped, so neither are the settings that
    belong to one: the app keeps their names. Azure keeps one map of such names for an app and all its slots.
    Source: https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped
    """

    slot_id: pulumi.Output[str]
    """Resource id of the slot."""
    name: pulumi.Output[str]
    """Name of the slot in Azure."""
    url: pulumi.Output[str]
    """Address of the slot, from the host name that Azure gave it."""
    plan_id: pulumi.Output[str]
    """Resource id of the plan, for the app's next slot, which then waits for this one."""
    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity the slot runs as; null with a system-assigned one or none."""
    principal_id: pulumi.Output[str | None]
    """Object id of the slot's identity, given out when its grant exists; null with none."""
    client_id: pulumi.Output[str | None]
    """Client id of the user-assigned identity, given out when its grant exists; null where there is none."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""

    sign_in_commands: pulumi.Output[Sequence[str]]
    """A shell command that lets the slot's identity stand for the app registration; none without sign_in."""

    def __init__(self, name: str, args: WebAppSlotArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once("WebAppSlot", name, args, WebAppSlotArgs, read_web_app_slot)
        super().__init__(
            TOKEN,
            name,
            choices.site.known(),
            checked_options("WebAppSlot", name, opts, choices.site.foreign_tags),
        )
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        site, naming = choices.site, Naming(self, name)
        self.insights = insights_link(self, name, site.observability, site.place, naming)
        links = [*site.reaches, *([] if self.insights is None else [self.insights])]
        self.runs_as = HostIdentity(self, name, site.identity, naming)
        self.site = declare(
            site.component,
            self.runs_as,
            links,
            site.place,
            host=lambda: self._site(name, choices),
            # Azure calls it <app>/<slot> in one answer and <slot> in another.
            principal=lambda made: principal_of(
                made, pulumi.Output.concat(choices.app_name, "/slots/", choices.slot_name)
            ),
            tell=lambda made, told: self._tell(name, choices, made, told),
        )
        self._reach(name, choices)
        self.identity, self.grants = self.runs_as.own, self.runs_as.grants
        self._give_out(choices)
        self.sign_in_commands = site.sign_in.commands(self, name, self.principal_id)
        register_outputs(self)

    def _site(self, name: str, choices: WebAppSlotChoices) -> web.WebAppSlot:
        site = choices.site
        properties = site_properties(
            site.place,
            choices.plan_id,
            self.runs_as,
            {"always_on": choices.always_on},
            site.runtime.site_config(self.runs_as.ids),
            kind=site.runtime.kind,
            network=site.network,
            security=site.security,
            os=site.runtime.os,
            hyper_v=choices.hyper_v,
        )
        return web.WebAppSlot(
            name,
            name=choices.app_name,
            slot=choices.slot_name,
            **properties,
            # A replacement keeps the name, which is taken until the old slot is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
                hooks=site_hooks(self, f"web:WebAppSlot::{name}", site.component, None),
                ignore_changes=list(site.security.of_a_new_site),
            ),
        )

    def _tell(
        self, name: str, choices: WebAppSlotChoices, made: web.WebAppSlot, told: Mapping[str, Told]
    ) -> None:
        """The one owner of the slot's settings, written last, and not before the app keeps their names."""
        group_name = choices.site.place.resource_group_name
        living = told_of_the_living(told, choices.site.component, made, self.runs_as)
        kept = {key: _once_kept(value, choices.sticky) for key, value in spelt(living).items()}
        self.publishing = close_basic_publishing_of_slot(
            self, name, choices.app_name, choices.slot_name, group_name, after=made
        )
        self.sign_in = choices.site.sign_in.declare_of_slot(
            self,
            name,
            choices.site.place,
            site=choices.app_name,
            slot=choices.slot_name,
            after=self.publishing,
        )
        earlier = [*self.publishing, *([] if self.sign_in is None else [self.sign_in])]
        self.settings = web.WebAppApplicationSettingsSlot(
            name,
            name=choices.app_name,
            properties=choices.site.settings.with_derived(kept),
            resource_group_name=group_name,
            slot=choices.slot_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*earlier, *self.runs_as.grants]),
        )

    def _reach(self, name: str, choices: WebAppSlotChoices) -> None:
        """From where the slot is called, and where its logs go."""
        # A slot has an address of its own, as a part of the app that is called after it:
        # https://learn.microsoft.com/azure/app-service/overview-private-endpoint
        self.private_endpoint = choices.site.network.private_endpoint(
            self,
            name,
            choices.site.place,
            target_id=choices.app_id,
            target_name=pulumi.Output.concat(choices.app_name, "-", choices.slot_name),
            after=self.settings,
            group_id=pulumi.Output.concat(f"{GROUP_ID}-", choices.slot_name),
        )
        workspace_id = choices.site.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(self, name, self.site.id, workspace_id)

    def _give_out(self, choices: WebAppSlotChoices) -> None:
        self.id = self.slot_id = self.site.id
        self.name = choices.slot_name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(choices.plan_id, self.settings)
        self.identity_id, self.principal_id, self.client_id = self.runs_as.given_out()
        self.access = every_access(self.runs_as.granted)


def _once_kept(value: pulumi.Input[str], sticky: pulumi.Output[Sequence[str]]) -> pulumi.Output[str]:
    """A setting, once it is certain that the app keeps its name."""
    return pulumi.Output.all(value, sticky).apply(lambda known: cast(str, known[0]))
