"""A slot of an app as a host: a second grantee, with an identity, grants and settings of its own."""

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

import pulumi
from pulumi_azure_native import web

from ...links.link import Told
from ..given_settings import SettingsInput
from ..has_identity import HasIdentity, HasIdentityChoices
from .attached import told_of_the_living
from .hardening import close_basic_publishing_of_slot
from .network import GROUP_ID, NetworkChoices
from .plan import handed_on
from .settings import spelt
from .site import SiteProperties, principal_of
from .site_changes import site_hooks
from .site_security import SiteSecurity
from .slot_of_app import SlotOfApp


class SlotSite(HasIdentityChoices, Protocol):
    """What is said of a slot as of any site."""

    @property
    def network(self) -> NetworkChoices: ...
    @property
    def security(self) -> SiteSecurity: ...


class Slot(HasIdentity):
    """A slot. A class of its own says what it runs and which settings it has."""

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

    def __init__(
        self, token: str, name: str, site: SlotSite, slot: SlotOfApp, opts: pulumi.ResourceOptions | None
    ) -> None:
        super().__init__(token, name, site, opts)
        self.of_app, self.as_site = slot, site

    def site_properties(self) -> SiteProperties:
        """What it runs."""
        raise NotImplementedError

    def settings_first(self, earlier: Sequence[pulumi.Resource]) -> Sequence[pulumi.Resource]:
        """What else is written before the settings, after `earlier`: both are told."""
        return earlier

    def all_settings(self, told: Mapping[str, pulumi.Input[str]]) -> SettingsInput:
        """Its settings, with those that code is told."""
        raise NotImplementedError

    def declare(self) -> None:
        """Declare what a slot is made of, in order."""
        # Azure calls it <app>/<slot> in one answer and <slot> in another.
        called = pulumi.Output.concat(self.of_app.app_name, "/slots/", self.of_app.name)
        self.site = self.declare_between(
            self._site, principal=lambda made: principal_of(made, called), tell=self._tell
        )
        self._reach()
        self._give_out()

    def _site(self) -> web.WebAppSlot:
        site = self.as_site
        return web.WebAppSlot(
            self.called,
            name=self.of_app.app_name,
            slot=self.of_app.name,
            **self.site_properties(),
            # A replacement keeps the name, which is taken until the old slot is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
                hooks=site_hooks(self, f"web:WebAppSlot::{self.called}", site.component, None),
                ignore_changes=list(site.security.of_a_new_site),
            ),
        )

    def _tell(self, made: web.WebAppSlot, told: Mapping[str, Told]) -> None:
        """The one owner of the slot's settings, written last, and not before the app keeps their names."""
        slot, group_name = self.of_app, self.as_site.place.resource_group_name
        living = told_of_the_living(told, self.as_site.component, made, self.runs_as)
        kept = {key: _once_kept(value, slot.sticky) for key, value in spelt(living).items()}
        self.publishing = close_basic_publishing_of_slot(
            self, self.called, slot.app_name, slot.name, group_name, after=made
        )
        earlier = self.settings_first(self.publishing)
        self.settings = web.WebAppApplicationSettingsSlot(
            self.called,
            name=slot.app_name,
            properties=self.all_settings(kept),
            resource_group_name=group_name,
            slot=slot.name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*earlier, *self.runs_as.grants]),
        )

    def _reach(self) -> None:
        """From where the slot is called, and where its logs go."""
        # A slot has an address of its own, as a part of the app that is called after it:
        # https://learn.microsoft.com/azure/app-service/overview-private-endpoint
        self.private_endpoint = self.as_site.network.private_endpoint(
            self,
            self.called,
            self.as_site.place,
            target_id=self.of_app.app_id,
            target_name=pulumi.Output.concat(self.of_app.app_name, "-", self.of_app.name),
            after=self.settings,
            group_id=pulumi.Output.concat(f"{GROUP_ID}-", self.of_app.name),
        )
        self.send_diagnostics()

    def _give_out(self) -> None:
        self.slot_id = self.site.id
        self.name = self.of_app.name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(self.of_app.plan_id, self.settings)
        self.give_out_identity()


def _once_kept(value: pulumi.Input[str], sticky: pulumi.Output[Sequence[str]]) -> pulumi.Output[str]:
    """A setting, once it is certain that the app keeps its name."""
    return pulumi.Output.all(value, sticky).apply(lambda known: cast(str, known[0]))
