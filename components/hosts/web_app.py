"""A web app on App Service as a host: something that runs as an identity."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi
from pulumi_azure_native import web

from ..arguments import Arguments
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..names import WEB_APP
from ..naming import Naming
from ..placement import Placement
from ..tags import keeping_tags
from .hardening import close_basic_publishing
from .host_identity import HostIdentity
from .link import Link, needs_of
from .observability import insights_link
from .plan import handed_on, own_plan
from .site import site_properties
from .slots import keep_sticky
from .web_app_arguments import WebAppArgs, WebAppChoices, read_web_app
from .web_app_slot import WebAppSlot
from .web_app_slot_arguments import WebAppSlotArgs

TOKEN: Final = "keyless:index:WebApp"
LATE_GRANT: Final = "resolves-later"
"""What a grant that lands after the app does: a reference fails silently, and is tried again up to 24
hours later, on a refresh, or when settings are written. So grants come before settings, and settings come
last. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references"""


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
    """Resource id of the plan the app runs on, for the next app on it, which then waits for this one."""
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

    def __init__(self, name: str, args: WebAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        arguments = Arguments("WebApp", name, args, WebAppArgs)
        arguments.require("resource_group_name", "the resource group to create the app in")
        choices = read_web_app(arguments)
        arguments.done()

        super().__init__(TOKEN, name, choices.known(), keeping_tags(opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        naming = Naming(self, name)
        place = Placement(args["resource_group_name"], args.get("location"), args.get("tags"))
        self.plan = own_plan(self, name, choices.plan, place, naming)
        plan_id = choices.plan.plan_id if self.plan is None else self.plan.id
        assert plan_id is not None

        self.insights = insights_link(self, name, choices.observability, place, naming)
        links = [*choices.links, *([] if self.insights is None else [self.insights])]

        # A user-assigned identity is let in before the app exists, a system-assigned one as soon as it does;
        # the settings, which make App Service read the secrets, come after both.
        runs_as = HostIdentity(self, name, choices.identity, naming)
        runs_as.create(place)
        runs_as.grant_before(needs_of(links))
        self.site = self._site(name, choices, naming, place, plan_id, runs_as)
        runs_as.grant_after(needs_of(links), self.site.identity, self.site.name)
        self.settings = self._settings(name, choices, links, place, runs_as)
        self.private_endpoint = choices.network.private_endpoint(
            self, name, place, target_id=self.site.id, target_name=self.site.name, after=self.settings
        )
        workspace_id = choices.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(self, name, self.site.id, workspace_id)
        self.identity, self.grants = runs_as.own, runs_as.grants
        self.slots = self._slots(name, args, choices, handed_on(plan_id, self.settings))
        last = [self, *self.slots.values()][-1].settings
        endpoint = [] if self.private_endpoint is None else self.private_endpoint.resources
        self.custom_domain = choices.custom_domain.declare(
            self,
            name,
            place,
            site=self.site,
            given_plan_id=choices.plan.plan_id,
            plan_id=plan_id,
            after=[last, *endpoint],
        )

        self.id = self.site.id
        self.app_id = self.site.id
        self.name = self.site.name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(plan_id, last if self.custom_domain is None else self.custom_domain.binding)
        self.identity_id = pulumi.Output.from_input(runs_as.ids.identity_id)
        self.principal_id = runs_as.once_granted(runs_as.ids.principal_id)
        self.client_id = runs_as.once_granted(runs_as.ids.client_id)
        grants = [*self.grants, *(grant for slot in self.slots.values() for grant in slot.grants)]
        self.access = pulumi.Output.all(*[grant.access for grant in grants]).apply(lambda a: list(a))
        self.sticky_settings = pulumi.Output.from_input(list(choices.slots.sticky))
        self.slot_ids = _by_name({name: slot.slot_id for name, slot in self.slots.items()})
        self.slot_urls = _by_name({name: slot.url for name, slot in self.slots.items()})
        self.custom_domain_records = choices.custom_domain.records(self.site)
        self.custom_domain_verification_id = self.site.custom_domain_verification_id
        self.deployer_contract = deployer_contract(self, args, args.get("resource_group_name"))
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
                "stickySettings": self.sticky_settings,
                "slotIds": self.slot_ids,
                "slotUrls": self.slot_urls,
                "customDomainRecords": self.custom_domain_records,
                "customDomainVerificationId": self.custom_domain_verification_id,
            }
        )

    def _site(
        self,
        name: str,
        choices: WebAppChoices,
        naming: Naming,
        place: Placement,
        plan_id: pulumi.Output[str],
        runs_as: HostIdentity,
    ) -> web.WebApp:
        properties = site_properties(
            place,
            plan_id,
            runs_as,
            choices.plan.site_config(),
            choices.runtime.site_config(runs_as.ids),
            kind=choices.runtime.kind,
            network=choices.network,
            os=choices.plan.os,
            hyper_v=choices.plan.hyper_v,
        )
        return web.WebApp(
            name,
            name=naming.choose(choices.app_name, WEB_APP),
            **properties,
            # A replacement keeps the name, which is taken until the old site is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=runs_as.grants,
                ignore_changes=choices.custom_domain.ignored_of_site,
            ),
        )

    def _settings(
        self,
        name: str,
        choices: WebAppChoices,
        links: Sequence[Link],
        place: Placement,
        runs_as: HostIdentity,
    ) -> web.WebAppApplicationSettings:
        """The one owner of the app's settings, written last: after the grants and after every other write."""
        derived = runs_as.settings(links)
        self.publishing = close_basic_publishing(self, name, self.site.name, place.resource_group_name)
        self.sticky = keep_sticky(self, name, choices.slots, place, self.site.name, after=self.publishing)
        earlier = [*self.publishing, *([] if self.sticky is None else [self.sticky])]
        return web.WebAppApplicationSettings(
            name,
            name=self.site.name,
            properties=choices.settings.with_derived(derived),
            resource_group_name=place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*earlier, *runs_as.grants]),
        )

    def _slots(
        self, name: str, args: WebAppArgs, choices: WebAppChoices, plan_id: pulumi.Output[str]
    ) -> Mapping[str, WebAppSlot]:
        """Each is all that the app is, after the app's own settings and the slot before it: App Service
        refuses a write to a site or its slots while another one runs.
        """
        shared = {key: value for key, value in args.items() if key in WebAppSlotArgs.__annotations__}
        for own in ("identity_name", "application_insights_name"):
            shared.pop(own, None)  # what a slot creates has a name of its own
        slots: dict[str, WebAppSlot] = {}
        for slot_name in choices.slots.names:
            given: dict[str, Any] = {
                **shared,
                "app_id": self.site.id,
                "plan_id": plan_id,
                "slot_name": slot_name,
                "sticky_settings": choices.slots.sticky,
            }
            options = pulumi.ResourceOptions(parent=self)
            slots[slot_name] = WebAppSlot(f"{name}-{slot_name}", cast(WebAppSlotArgs, given), options)
            plan_id = slots[slot_name].plan_id
        return slots


def _by_name(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[Mapping[str, str]]:
    return pulumi.Output.from_input(cast(pulumi.Input[Mapping[str, str]], dict(values)))
