"""A slot of an app as a host: a second grantee, with an identity, grants and settings of its own."""

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

import pulumi
from pulumi_azure_native import web

from ...diagnostics import send_diagnostics
from ...links.calls import check_order
from ...links.grants import every_access
from ...links.link import Link, Told
from ...naming import Naming
from ...options import checked_options
from ...placement import Placement
from ..declare import declare
from ..given_settings import SettingsInput
from ..identity import HostIdentity
from ..identity_choice import IdentityChoices
from ..observability import ObservabilityChoices, insights_link
from .attached import told_of_the_living
from .hardening import close_basic_publishing_of_slot
from .network import GROUP_ID, NetworkChoices
from .plan import handed_on
from .settings import spelt
from .site import SiteProperties, principal_of
from .site_changes import site_hooks
from .site_security import SiteSecurity
from .slot_of_app import SlotOfApp


class SlotSite(Protocol):
    """What is said of a slot as of any site. `component` is what messages call it, `reaches` what it reaches
    with its identity.
    """

    @property
    def component(self) -> str: ...
    @property
    def identity(self) -> IdentityChoices: ...
    @property
    def reaches(self) -> Sequence[Link]: ...
    @property
    def network(self) -> NetworkChoices: ...
    @property
    def security(self) -> SiteSecurity: ...
    @property
    def observability(self) -> ObservabilityChoices: ...
    @property
    def foreign_tags(self) -> tuple[str, ...]: ...
    @property
    def place(self) -> Placement: ...
    def known(self) -> Mapping[str, object]:
        """What a preview can say of it before anything else is known."""
        ...


class Slot(pulumi.ComponentResource):
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
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""

    def __init__(
        self, token: str, name: str, site: SlotSite, slot: SlotOfApp, opts: pulumi.ResourceOptions | None
    ) -> None:
        check_order(site.component, opts, site.reaches)
        kind = token.rpartition(":")[2]
        super().__init__(token, name, site.known(), checked_options(kind, name, opts, site.foreign_tags))
        self.called, self.of_app, self.as_site = name, slot, site
        self.is_looked_up = opts is not None and opts.urn is not None
        """Whether it was sought by its URN: the engine knows the rest."""
        self.naming = Naming(self, name)

    def site_properties(self) -> SiteProperties:
        """What it runs."""
        raise NotImplementedError

    def settings_first(self, earlier: Sequence[pulumi.Resource]) -> Sequence[pulumi.Resource]:
        """What else is written before the settings, after `earlier`: both are told."""
        return earlier

    def all_settings(self, told: Mapping[str, pulumi.Input[str]]) -> SettingsInput:
        """Its settings, with those that code is told."""
        raise NotImplementedError

    def declare(self, reaches: Sequence[Link]) -> None:
        """Declare what a slot is made of, in order. `reaches` are all links that it has."""
        site = self.as_site
        self.insights = insights_link(self, self.called, site.observability, site.place, self.naming)
        self.runs_as = HostIdentity(self, self.called, site.identity, self.naming)
        self.site = declare(
            site.component,
            self.runs_as,
            [*reaches, *([] if self.insights is None else [self.insights])],
            site.place,
            host=self._site,
            # Azure calls it <app>/<slot> in one answer and <slot> in another.
            principal=lambda made: principal_of(
                made, pulumi.Output.concat(self.of_app.app_name, "/slots/", self.of_app.name)
            ),
            tell=self._tell,
        )
        self._reach()
        self.identity, self.grants = self.runs_as.own, self.runs_as.grants
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
        workspace_id = self.as_site.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(self, self.called, self.site.id, workspace_id)

    def _give_out(self) -> None:
        self.id = self.slot_id = self.site.id
        self.name = self.of_app.name
        self.url = self.site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(self.of_app.plan_id, self.settings)
        self.identity_id, self.principal_id, self.client_id = self.runs_as.given_out()
        self.access = every_access(self.runs_as.granted)


def _once_kept(value: pulumi.Input[str], sticky: pulumi.Output[Sequence[str]]) -> pulumi.Output[str]:
    """A setting, once it is certain that the app keeps its name."""
    return pulumi.Output.all(value, sticky).apply(lambda known: cast(str, known[0]))
