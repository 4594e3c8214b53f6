"""A web app on App Service as a host: something that runs as an identity."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
from pulumi_azure_native import web

from ...arguments import Arguments
from ...call_grant import named_callers
from ...callers import keep
from ...choices import Chosen, read_once
from ...contract import WEB_APP as TOKEN
from ...links import LinkArgs
from ...links.link import Told
from ...names.app_service import WEB_APP
from .app import App
from .attached import told_of_the_living
from .hardening import close_basic_publishing
from .plan import handed_on
from .settings import spelt
from .site import principal_of, site_properties
from .site_changes import site_hooks
from .slots import keep_sticky
from .web_app_arguments import WebAppArgs, WebAppChoices, read_web_app
from .web_app_slot import WebAppSlot
from .web_app_slot_arguments import WebAppSlotArgs


class WebApp(App):
    """A web app that reads its secrets from a vault with an identity, and holds none of them.

    It creates its identity, its plan, the site with its hardening, the grant that `secrets` needs, and
    the one map of app settings, in an order in which no reference is read before its grant exists.
    Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity
    """

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
    sticky_settings: pulumi.Output[Sequence[str]]
    """Names of the settings that stay where they are when slots are swapped; none without slots."""
    slot_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the slots, by name."""
    slot_urls: pulumi.Output[Mapping[str, str]]
    """Addresses of the slots, by name."""
    custom_domain_records: pulumi.Output[Mapping[str, str]]
    """DNS records that custom_domain needs, host name to type and value; none without a custom domain."""
    custom_domain_verification_id: pulumi.Output[str | None]
    """What the TXT record asuid.<custom_domain> has to hold, before that domain is given."""

    sign_in_commands: pulumi.Output[Sequence[str]]
    """A shell command for the app and each slot that lets its identity stand for the app registration."""
    audience: pulumi.Output[str | None]
    """What a token for the app is for, such as api://<client id>; null without sign_in."""

    def __init__(self, name: str, args: WebAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once("WebApp", name, args, WebAppArgs, _read)
        super().__init__(TOKEN, name, choices.site, opts, also_known=choices.known())
        if self.is_looked_up:
            return
        plan_id = self.on_plan(choices.plan, choices.site.place)
        self.site = self.declare_between(
            lambda: self._site(name, choices, plan_id),
            principal=lambda made: principal_of(made, made.name),
            tell=lambda made, told: self._tell(name, choices, made, told),
        )
        self.reached(self.site, choices.site.network, after=self.settings)
        self.slots = self._slots(name, choices, handed_on(plan_id, self.settings))
        last = self._domain(name, choices, plan_id)
        self.give_out_app(self.site, plan_id, choices.slots.sticky, last=last)
        self._give_out(choices)
        granted = [one for slot in self.slots.values() for one in slot.runs_as.granted]
        certifies = choices.custom_domain.name is not None
        self.finished(choices.elsewhere, [*granted, *self.callers], certifies=certifies)

    def call_link(self) -> LinkArgs:
        """A link for code that calls the app. What has it comes into the list of callers of the app's
        sign_in; an app without such a list is refused where the link is read.
        """
        audience = cast(pulumi.Output[str], self.audience)
        return {"app": {"id": self.app_id, "endpoint": self.url, "audience": audience}}

    def _site(self, name: str, choices: WebAppChoices, plan_id: pulumi.Output[str]) -> web.WebApp:
        site = choices.site
        properties = site_properties(
            site.place,
            plan_id,
            self.runs_as,
            choices.plan.site_config(),
            site.runtime.site_config(self.runs_as.ids),
            kind=site.runtime.kind,
            network=site.network,
            security=site.security,
            os=choices.plan.os,
            hyper_v=choices.plan.hyper_v,
        )
        return web.WebApp(
            name,
            name=self.naming.choose(choices.app_name, WEB_APP),
            **properties,
            # A replacement keeps the name, which is taken until the old site is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
                hooks=site_hooks(self, f"web:WebApp::{name}", site.component, choices.plan.own_size),
                ignore_changes=[*site.security.of_a_new_site, *choices.custom_domain.ignored_of_site],
            ),
        )

    def _tell(self, name: str, choices: WebAppChoices, made: web.WebApp, told: Mapping[str, Told]) -> None:
        """The one owner of the app's settings, written last: after the grants and after every other write."""
        place = choices.site.place
        self.publishing = close_basic_publishing(self, name, made.name, place.resource_group_name)
        self.sticky = keep_sticky(self, name, choices.slots, place, made.name, after=self.publishing)
        earlier = [*self.publishing, *([] if self.sticky is None else [self.sticky])]
        living = told_of_the_living(told, choices.site.component, made, self.runs_as)
        self.sign_in = choices.site.sign_in.declare(self, name, place, site=made.name, after=earlier)
        earlier += [] if self.sign_in is None else [self.sign_in]
        self.settings = web.WebAppApplicationSettings(
            name,
            name=made.name,
            properties=choices.site.settings.with_derived(spelt(living)),
            resource_group_name=place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*earlier, *self.runs_as.grants]),
        )

    def _slots(
        self, name: str, choices: WebAppChoices, plan_id: pulumi.Output[str]
    ) -> Mapping[str, WebAppSlot]:
        """Each is all that the app is, after the app's own settings and the slot before it: App Service
        refuses a write to a site or its slots while another one runs.
        """
        slots: dict[str, WebAppSlot] = {}
        for slot_name in choices.slots.names:
            slot = choices.slot(slot_name, self.site.id, plan_id)
            made = WebAppSlot(
                f"{name}-{slot_name}",
                cast(WebAppSlotArgs, Chosen(slot)),
                pulumi.ResourceOptions(parent=self),
            )
            slots[slot_name], plan_id = made, made.plan_id
        return slots

    def _domain(self, name: str, choices: WebAppChoices, plan_id: pulumi.Output[str]) -> pulumi.Resource:
        """Declare the custom domain, and tell what is written last."""
        last = [self, *self.slots.values()][-1].settings
        endpoint = [] if self.private_endpoint is None else self.private_endpoint.resources
        self.custom_domain = choices.custom_domain.declare(
            self,
            name,
            choices.site.place,
            site=self.site,
            given_plan_id=choices.plan.plan_id,
            plan_id=plan_id,
            after=[last, *endpoint],
        )
        return last if self.custom_domain is None else self.custom_domain.binding

    def _give_out(self, choices: WebAppChoices) -> None:
        callers = choices.site.sign_in.callers
        keep(self, self.app_id, callers)
        self.callers = named_callers(self, self.called, self.app_id, {} if callers is None else callers.given)
        _, principal_id, _ = self.runs_as.given_out()
        own = choices.site.sign_in.commands(self, self.called, principal_id)
        slots = [slot.sign_in_commands for slot in self.slots.values()]
        self.sign_in_commands = pulumi.Output.all(own, *slots).apply(
            lambda lists: [command for commands in lists for command in commands]
        )
        self.audience = choices.site.sign_in.audience
        self.slot_ids = _by_name({name: slot.slot_id for name, slot in self.slots.items()})
        self.slot_urls = _by_name({name: slot.url for name, slot in self.slots.items()})
        self.custom_domain_records = choices.custom_domain.records(self.site)
        self.custom_domain_verification_id = self.site.custom_domain_verification_id


def _by_name(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[Mapping[str, str]]:
    return pulumi.Output.from_input(cast(pulumi.Input[Mapping[str, str]], dict(values)))


def _read(arguments: Arguments) -> WebAppChoices:
    arguments.require("resource_group_name", "the resource group to create the app in")
    return read_web_app(arguments)
