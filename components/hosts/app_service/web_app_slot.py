"""A slot of a web app, as closed as the app is."""

from collections.abc import Mapping, Sequence

import pulumi

from ...choices import read_once
from ...contract import WEB_APP_SLOT as TOKEN
from ...outputs import register_outputs
from ..given_settings import SettingsInput
from .site import SiteProperties, site_properties
from .slot import Slot
from .web_app_slot_arguments import WebAppSlotArgs, read_web_app_slot


class WebAppSlot(Slot):
    """A slot of a web app that reads its secrets with an identity of its own, as closed as the app is.

    A swap exchanges code and plain settings. Identities are not swapped, so neither are the settings that
    belong to one: the app keeps their names. Azure keeps one map of such names for an app and all its slots.
    Source: https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped
    """

    sign_in_commands: pulumi.Output[Sequence[str]]
    """A shell command that lets the slot's identity stand for the app registration; none without sign_in."""

    def __init__(self, name: str, args: WebAppSlotArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        self.choices = choices = read_once("WebAppSlot", name, args, WebAppSlotArgs, read_web_app_slot)
        super().__init__(TOKEN, name, choices.site, choices.slot, opts)
        if self.is_looked_up:
            return
        self.declare()
        self.sign_in_commands = choices.site.sign_in.commands(self, name, self.principal_id)
        register_outputs(self)

    def site_properties(self) -> SiteProperties:
        site = self.choices.site
        return site_properties(
            site.place,
            self.of_app.plan_id,
            self.runs_as,
            {"always_on": self.choices.always_on},
            site.runtime.site_config(self.runs_as.ids),
            kind=site.runtime.kind,
            network=site.network,
            security=site.security,
            os=site.runtime.os,
            hyper_v=self.choices.hyper_v,
        )

    def settings_first(self, earlier: Sequence[pulumi.Resource]) -> Sequence[pulumi.Resource]:
        self.sign_in = self.choices.site.sign_in.declare_of_slot(
            self,
            self.called,
            self.choices.site.place,
            site=self.of_app.app_name,
            slot=self.of_app.name,
            after=earlier,
        )
        return [*earlier, *([] if self.sign_in is None else [self.sign_in])]

    def all_settings(self, told: Mapping[str, pulumi.Input[str]]) -> SettingsInput:
        return self.choices.site.settings.with_derived(told)
