"""The arguments of a slot, put together from those of what it shares with an app."""

from dataclasses import dataclass
from typing import NotRequired

from ...arguments import Arguments
from ...links import LinksArgs
from ...tags import ForeignTagsArgs
from ..given_settings import SettingsArgs
from ..identity_choice import IdentityArgs
from ..observability import ObservabilityArgs
from .network import NetworkArgs
from .package import PackageArgs
from .plan import OperatingSystem
from .runtime import WebRuntimeArgs
from .sign_in_arguments import SiteSignInArgs
from .site_choices import SiteChoices, read_site
from .site_security import SiteSecurityArgs
from .slot_of_app import SlotOfApp, SlotOfAppArgs, read_app_of_slot, read_slot_of_app


class WebAppSlotArgs(
    SlotOfAppArgs,
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

    always_on: NotRequired[bool]
    """Whether the slot stays loaded when nobody uses it; left out, true."""


@dataclass(frozen=True)
class WebAppSlotChoices:
    """The arguments of a slot, read and checked, or what its app was told of it."""

    site: SiteChoices
    slot: SlotOfApp
    always_on: bool

    @property
    def hyper_v(self) -> bool:
        return self.site.runtime.os is OperatingSystem.WINDOWS and self.site.runtime.is_container


def read_web_app_slot(arguments: Arguments) -> WebAppSlotChoices:
    """Problems are noted in `arguments`."""
    app_id, place = read_app_of_slot(arguments)
    os = arguments.choice("os", OperatingSystem, OperatingSystem.LINUX)
    site, tied = read_site(arguments, os, place)
    return WebAppSlotChoices(
        site=site,
        slot=read_slot_of_app(arguments, app_id, tied),
        always_on=arguments.flag("always_on", True),
    )
