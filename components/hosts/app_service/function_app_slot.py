"""A slot of a function app, in which functions that are named rest."""

from collections.abc import Mapping

import pulumi

from ...choices import read_once
from ...contract import FUNCTION_APP_SLOT as TOKEN
from ...outputs import register_outputs
from ..given_settings import SettingsInput
from .function_app_slot_arguments import FunctionAppSlotArgs, read_function_app_slot
from .function_site import KIND
from .host_storage import host_id_of, own_host_storage, with_endpoints
from .site import SiteProperties, site_properties
from .slot import Slot


class FunctionAppSlot(Slot):
    """A slot of a function app, with an identity and a place of its runtime's own, and functions that rest.

    It is for plans of a fixed size, Standard or better: Flex Consumption has no slots. A slot runs the same
    triggers as its app, so the functions that shall not work there are named. The setting that has one rest
    stays with the slot: code that a swap takes to the app works there, and what comes back rests.
    Source: https://learn.microsoft.com/azure/azure-functions/functions-deployment-slots
    """

    host_storage_id: pulumi.Output[str]
    """Resource id of the storage account that the slot's runtime keeps its own state in."""

    def __init__(
        self, name: str, args: FunctionAppSlotArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        self.choices = choices = read_once(
            "FunctionAppSlot", name, args, FunctionAppSlotArgs, read_function_app_slot
        )
        super().__init__(TOKEN, name, choices.site, choices.slot, opts)
        if self.is_looked_up:
            return
        site = choices.site
        self.host_storage = own_host_storage(self, name, site.host_storage, site.place, self.naming)
        self.storage = with_endpoints(self, name, site.host_storage, self.host_storage)
        self.links = [self.storage, *self.links]
        self.declare()
        assert self.storage.account is not None
        self.host_storage_id = self.storage.account.id
        register_outputs(self)

    def site_properties(self) -> SiteProperties:
        site = self.choices.site
        return site_properties(
            site.place,
            self.of_app.plan_id,
            self.runs_as,
            {"always_on": True},  # a runtime that is unloaded fires no trigger but those of HTTP
            site.site_config(),
            kind=KIND,
            network=site.network,
            security=site.security,
        )

    def all_settings(self, told: Mapping[str, pulumi.Input[str]]) -> SettingsInput:
        # The runtime's own word for a slot begins as that for the app does, and ends after 32 characters.
        called = pulumi.Output.concat(self.of_app.app_name, "-", self.of_app.name)
        return self.choices.site.all_settings(told, self.storage, host_id_of(called))
