"""The arguments of a slot, put together from those of what it shares with an app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...arguments import Arguments
from ...links import LinksArgs
from ...names import SLOT as SLOT_NAME
from ...placement import read_placement
from ...references import PLAN, SITE, id_form, is_id_of, parse_id
from ...tags import ForeignTagsArgs
from ..identity_choice import IdentityArgs
from ..observability import ObservabilityArgs
from .given_settings import SettingsArgs
from .network import NetworkArgs
from .package import PackageArgs
from .plan import OperatingSystem
from .runtime import WebRuntimeArgs
from .sign_in import SiteSignInArgs
from .site_choices import SiteChoices, read_site
from .site_security import SiteSecurityArgs
from .slots import require_sticky


class WebAppSlotArgs(
    WebRuntimeArgs,
    PackageArgs,
    IdentityArgs,
    LinksArgs,
    SettingsArgs,
    NetworkArgs,
    SiteSecurityArgs,
    SiteSignInArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """Arguments of WebAppSlot."""

    app_id: pulumi.Input[str]
    """Resource id of the app, as a WebApp outputs it."""
    plan_id: pulumi.Input[str]
    """Resource id of its plan, as the app or its previous slot outputs it: the slot waits for that one."""
    sticky_settings: pulumi.Input[Sequence[str]]
    """The settings that stay at a swap, as the app outputs them: this slot's references are among them."""
    slot_name: pulumi.Input[str]
    """Name of the slot, 2 to 59 of a-z, 0-9 and hyphen, such as staging."""
    always_on: NotRequired[bool]
    """Whether the slot stays loaded when nobody uses it; left out, true."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region of the app; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class WebAppSlotChoices:
    """The arguments of a slot, read and checked, or what its app was told of it."""

    site: SiteChoices
    app_id: pulumi.Output[str]
    plan_id: pulumi.Output[str]
    slot_name: pulumi.Output[str]
    sticky: pulumi.Output[Sequence[str]]
    always_on: bool

    @property
    def app_name(self) -> pulumi.Output[str]:
        return self.app_id.apply(lambda id: parse_id(id).name)

    @property
    def hyper_v(self) -> bool:
        return self.site.runtime.os is OperatingSystem.WINDOWS and self.site.runtime.is_container


def read_web_app_slot(arguments: Arguments) -> WebAppSlotChoices:
    """Problems are noted in `arguments`."""
    arguments.require("app_id", "the app that the slot belongs to")
    arguments.require("plan_id", "the plan of the app, as the app outputs it")
    arguments.require("sticky_settings", "the settings that stay at a swap, as the app outputs them")
    arguments.require("slot_name", "a name for the slot, such as staging")
    nothing = pulumi.Output.from_input("")
    app_id = arguments.text("app_id", id_form(SITE)) or nothing
    place = read_placement(arguments, app_id.apply(_group_of))
    os = arguments.choice("os", OperatingSystem, OperatingSystem.LINUX)
    site, tied = read_site(arguments, os, place)
    return WebAppSlotChoices(
        site=site,
        app_id=app_id,
        plan_id=arguments.text("plan_id", id_form(PLAN)) or nothing,
        slot_name=arguments.text("slot_name", SLOT_NAME.form) or nothing,
        sticky=require_sticky(arguments, tied),
        always_on=arguments.flag("always_on", True),
    )


def _group_of(app_id: str) -> str:
    """Empty for an id that is refused."""
    return (parse_id(app_id).resource_group or "") if is_id_of(SITE, app_id) else ""
