"""The arguments of a web app, put together from those of what it consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NotRequired, Self

import pulumi

from ...arguments import Arguments
from ...elsewhere import Elsewhere, read_elsewhere
from ...links import LinksArgs
from ...names.app_service import WEB_APP as APP_NAME
from ...naming import read_name
from ...placement import Placement, read_placement
from ...tags import ForeignTagsArgs
from ..given_settings import SettingsArgs
from ..identity_choice import IdentityArgs
from ..observability import ObservabilityArgs
from .custom_domain import CustomDomainArgs, CustomDomainChoices, read_custom_domain
from .network import NetworkArgs
from .package import PackageArgs
from .plan import PlanArgs, PlanChoices, read_plan
from .runtime import WebRuntimeArgs
from .sign_in_arguments import SiteSignInArgs
from .site_choices import SiteChoices, read_site
from .site_security import SiteSecurityArgs
from .slot_of_app import SlotOfApp
from .slots import SlotChoices, SlotsArgs, read_slots
from .web_app_slot_arguments import WebAppSlotChoices


class SiteArgs(
    PlanArgs,
    WebRuntimeArgs,
    PackageArgs,
    IdentityArgs,
    LinksArgs,
    SlotsArgs,
    SettingsArgs,
    NetworkArgs,
    SiteSecurityArgs,
    SiteSignInArgs,
    CustomDomainArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """What a web app is, wherever it is put."""

    app_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 2 to 60 of a-z, 0-9 and hyphen; left out, app-<name>-<stack>-<random>."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


class WebAppArgs(SiteArgs):
    """Arguments of WebApp."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the app in, with its plan and its identity."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""


@dataclass(frozen=True)
class WebAppChoices:
    """The arguments of a web app, read and checked."""

    site: SiteChoices
    app_name: pulumi.Output[str] | None
    plan: PlanChoices
    slots: SlotChoices
    custom_domain: CustomDomainChoices
    elsewhere: Elsewhere

    def known(self) -> dict[str, Any]:
        slots = {"slots": list(self.slots.names)} if self.slots.names else {}
        return {**self.site.known(), **slots}

    def slot(self, name: str, app_id: pulumi.Output[str], plan_id: pulumi.Output[str]) -> WebAppSlotChoices:
        """A slot that is all that the app is. What a slot creates has a name of its own."""
        identity = replace(self.site.identity, name=None)
        observability = replace(self.site.observability, insights_name=None)
        slot = SlotOfApp(
            app_id=app_id,
            plan_id=plan_id,
            name=pulumi.Output.from_input(name),
            sticky=pulumi.Output.from_input(list(self.slots.sticky)),
        )
        site = replace(self.site, identity=identity, observability=observability)
        return WebAppSlotChoices(site, slot, self.plan.always_on)

    def placed(self, place: Placement) -> Self:
        """The same app in a group that a whole has made for it, or was given."""
        return replace(self, site=replace(self.site, place=place))

    def in_vault(self, id: pulumi.Output[str], endpoint: pulumi.Output[str]) -> Self:
        """The same app with secrets in a vault that a whole has made for it."""
        return replace(self, site=replace(self.site, vault=self.site.vault.in_vault(id, endpoint)))


def read_web_app(arguments: Arguments, *, vault_follows: bool = False) -> WebAppChoices:
    """Read the arguments of a web app from those of a component that has one; problems are noted in
    `arguments`.

    With `vault_follows` the caller creates the vault, so secrets need none given.
    """
    plan = read_plan(arguments)
    site, tied = read_site(
        arguments, plan.os, read_placement(arguments), size=plan.own_size, vault_follows=vault_follows
    )
    return WebAppChoices(
        site=site,
        app_name=read_name(arguments, "app_name", APP_NAME),
        plan=plan,
        slots=read_slots(arguments, plan, tied),
        custom_domain=read_custom_domain(arguments),
        elsewhere=read_elsewhere(arguments, WebAppArgs),
    )
