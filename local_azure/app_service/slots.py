"""Microsoft.Web/sites/slots: a slot is a site below a site, with an identity and settings of its own.

https://learn.microsoft.com/azure/app-service/deploy-staging-slots
"""

import re
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.configuration import PublishingPolicy, SiteConfig
from local_azure.app_service.refusals import bad_request, conflict
from local_azure.app_service.site_names import SLOT
from local_azure.app_service.sites import Site, require_kind
from local_azure.app_service.tiers import slots_allowed
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?", re.IGNORECASE)


class Slot(Site):
    """A slot. It shares the plan of its site unless it names another one, and its kind in any case.

    https://learn.microsoft.com/rest/api/appservice/web-apps/create-or-update-slot
    """

    type = SLOT

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        site = self.ground.store.get(id.parent)
        assert site, "Resource Manager has looked for the parent"
        given = section(new, "properties")
        before = section(old, "properties").get("serverFarmId")
        plan_id = given.get("serverFarmId") or before or site.body["properties"]["serverFarmId"]
        kind = str(new.get("kind") or (old or {}).get("kind") or site.body["kind"])
        require_kind(kind, str(site.body["kind"]))
        if old is None:
            self._check_number(id, str(self._plan(plan_id).body["sku"]["tier"]))
        new = {**new, "kind": kind, "properties": {**given, "serverFarmId": plan_id}}
        return super().put(id, old, new, request)

    @override
    def _check_name(self, id: ResourceId) -> None:
        if not _NAME.fullmatch(id.name) or id.name.lower() == "production":
            raise bad_request("The parameter slot has an invalid value: {0}.", id.name)
        self._check_host(id)

    def _check_number(self, id: ResourceId, tier: str) -> None:
        if len(self.ground.store.list(under=id.parent, type=SLOT)) >= slots_allowed(tier):
            template = (
                "Cannot complete the operation because the site will exceed the number of slots allowed"
                " for the '{0}' SKU."
            )
            raise conflict(template, tier)

    @override
    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        """None: a private endpoint of a slot is one of its site, with the slot's group."""
        return ()

    @override
    def _take_plan_along(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        """Never: its site is still on it."""


class SlotConfig(SiteConfig):
    """`config/web` and `config/appsettings` of a slot."""

    type = f"{SLOT}/config"


class SlotPublishingPolicy(PublishingPolicy):
    """Whether a user name and a password may publish to a slot."""

    type = f"{SLOT}/basicPublishingCredentialsPolicies"


RULES: Final = [
    Rule(
        "A8",
        "refusal",
        "A site has no slots below Standard, 5 on Standard and 20 on Premium (409).",
        held_by="a_site_has_as_many_slots_as_its_plan_allows",
        source="ITfoxtec/FoxIDs#470 microsoft/vscode-azureappservice#520",
    ),
    Rule(
        "A8",
        "assumed",
        "A slot's name has 1 to 59 letters, digits and hyphens and is not production (400).",
        held_by="a_slots_name_has_letters_digits_and_hyphens",
    ),
    Rule(
        "A13",
        "refusal",
        "A slot's kind is its site's (400, ExtendedCode 54026).",
        held_by="a_slot_is_of_its_sites_kind",
        source="pulumi/pulumi-azure-native#4748",
    ),
    Rule(
        "F10",
        "behaviour",
        "A slot has an identity, settings and reference statuses of its own.",
        held_by="a_slot_reads_its_references_with_its_own_identity",
    ),
    Rule(
        "F10",
        "behaviour",
        "Only the site knows which settings stay with a slot: config/slotConfigNames.",
        held_by="only_the_site_knows_which_settings_stay_with_a_slot",
    ),
]
