"""A slot of a web app as a host: a second grantee, with an identity, grants and references of its own."""

from collections.abc import Sequence
from typing import Final, cast

import pulumi
from pulumi_azure_native import web

from ..arguments import Arguments
from ..diagnostics import send_diagnostics
from ..naming import Naming
from ..placement import Placement
from ..private_endpoint import PrivateEndpoint
from ..references import parse_id
from ..tags import keeping_tags
from .hardening import close_basic_publishing_of_slot
from .host_identity import HostIdentity, settings_of_identity
from .link import Link, needs_of
from .network import GROUP_ID
from .observability import insights_link
from .plan import handed_on
from .site import site_properties
from .web_app_slot_arguments import WebAppSlotArgs, WebAppSlotChoices, read_web_app_slot

TOKEN: Final = "keyless:index:WebAppSlot"
LATE_GRANT: Final = "resolves-later"
"""What a grant that lands after the slot does: as for a web app, a reference fails silently until later.
https://learn.microsoft.com/azure/app-service/app-service-key-vault-references"""


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

    def __init__(self, name: str, args: WebAppSlotArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        arguments = Arguments("WebAppSlot", name, args, WebAppSlotArgs)
        choices = read_web_app_slot(arguments)
        arguments.done()

        super().__init__(TOKEN, name, choices.known(), keeping_tags(opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        group_name = choices.app_id.apply(lambda id: parse_id(id).resource_group or "")
        place = Placement(group_name, args.get("location"), args.get("tags"))
        naming = Naming(self, name)
        self.insights = insights_link(self, name, choices.observability, place, naming)
        links = [*choices.links, *([] if self.insights is None else [self.insights])]
        runs_as = HostIdentity(self, name, choices.identity, naming)
        runs_as.create(place)
        runs_as.grant_before(needs_of(links))
        self.site = self._site(name, choices, place, runs_as)
        # Azure calls it <app>/<slot> in one answer and <slot> in another.
        principal_name = pulumi.Output.concat(self._app_name(choices), "/slots/", choices.slot_name)
        runs_as.grant_after(needs_of(links), self.site.identity, principal_name)
        self.settings = self._settings(name, choices, links, place, runs_as)
        self.private_endpoint = self._private_endpoint(name, choices, place)
        workspace_id = choices.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(self, name, self.site.id, workspace_id)
        self.identity, self.grants = runs_as.own, runs_as.grants

        self.id = self.site.id
        self.slot_id = self.site.id
        self.name = choices.slot_name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(choices.plan_id, self.settings)
        self.identity_id = pulumi.Output.from_input(runs_as.ids.identity_id)
        self.principal_id = runs_as.once_granted(runs_as.ids.principal_id)
        self.client_id = runs_as.once_granted(runs_as.ids.client_id)
        self.access = pulumi.Output.all(*[grant.access for grant in self.grants]).apply(lambda a: list(a))
        self.register_outputs(
            {
                "slotId": self.slot_id,
                "name": self.name,
                "url": self.url,
                "planId": self.plan_id,
                "identityId": self.identity_id,
                "principalId": self.principal_id,
                "clientId": self.client_id,
                "access": self.access,
            }
        )

    def _app_name(self, choices: WebAppSlotChoices) -> pulumi.Output[str]:
        return choices.app_id.apply(lambda id: parse_id(id).name)

    def _site(
        self, name: str, choices: WebAppSlotChoices, place: Placement, runs_as: HostIdentity
    ) -> web.WebAppSlot:
        properties = site_properties(
            place,
            choices.plan_id,
            runs_as,
            {"always_on": choices.always_on},
            choices.runtime.site_config(runs_as.ids),
            kind=choices.runtime.kind,
            network=choices.network,
            os=choices.runtime.os,
            hyper_v=choices.hyper_v,
        )
        return web.WebAppSlot(
            name,
            name=self._app_name(choices),
            slot=choices.slot_name,
            **properties,
            # A replacement keeps the name, which is taken until the old slot is gone.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True, depends_on=runs_as.grants),
        )

    def _settings(
        self,
        name: str,
        choices: WebAppSlotChoices,
        links: Sequence[Link],
        place: Placement,
        runs_as: HostIdentity,
    ) -> web.WebAppApplicationSettingsSlot:
        """The one owner of the slot's settings, written last, and not before the app keeps their names."""
        derived = dict(settings_of_identity(runs_as.ids))
        for link in links:
            derived |= link.settings(runs_as.ids)
        kept = {name: _once_kept(value, choices.sticky) for name, value in derived.items()}
        self.publishing = close_basic_publishing_of_slot(
            self, name, self._app_name(choices), choices.slot_name, place.resource_group_name, after=self.site
        )
        return web.WebAppApplicationSettingsSlot(
            name,
            name=self._app_name(choices),
            properties=choices.settings.with_derived(kept),
            resource_group_name=place.resource_group_name,
            slot=choices.slot_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*self.publishing, *runs_as.grants]),
        )

    def _private_endpoint(
        self, name: str, choices: WebAppSlotChoices, place: Placement
    ) -> PrivateEndpoint | None:
        """A slot has an address of its own, as a part of the app that is called after it.

        https://learn.microsoft.com/azure/app-service/overview-private-endpoint
        """
        if choices.network.endpoint is None:
            return None
        return PrivateEndpoint(
            name,
            choices.network.endpoint,
            group_id=pulumi.Output.concat(f"{GROUP_ID}-", choices.slot_name),
            place=place,
            target_id=choices.app_id,
            target_name=pulumi.Output.concat(self._app_name(choices), "-", choices.slot_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.settings]),
        )


def _once_kept(value: pulumi.Input[str], sticky: pulumi.Output[Sequence[str]]) -> pulumi.Output[str]:
    """A setting, once it is certain that the app keeps its name."""
    return pulumi.Output.all(value, sticky).apply(lambda known: cast(str, known[0]))
