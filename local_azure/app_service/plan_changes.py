"""A plan that shrinks: what its sites use forbids it, and the plan is what is refused.

https://learn.microsoft.com/azure/app-service/app-service-plan-manage
"""

from typing import Final

from local_azure.app_service.refusals import conflict
from local_azure.app_service.site_config import config_of
from local_azure.app_service.site_names import SLOT, sites_and_slots
from local_azure.app_service.tiers import allows_always_on, allows_networks, slots_allowed
from local_azure.rules import Rule
from local_azure.store import Resource, Store

RULES: Final = [
    Rule(
        "A24",
        "refusal",
        "A plan cannot go to a tier that has no virtual networks while one of its sites is integrated (409).",
        held_by="a24_a_plan_stays_while_a_site_of_it_is_in_a_network",
        source="Azure/bicep#6725 MicrosoftDocs/azure-docs#56945",
    ),
    Rule(
        "A24",
        "assumed",
        "A plan cannot go to a tier without Always On while one of its sites has it on (409).",
        held_by="a24_a_plan_stays_while_a_site_of_it_is_always_on",
        source="Azure/azure-quickstart-templates#7747 hashicorp/terraform-provider-azurerm#2426",
    ),
    Rule(
        "A24",
        "assumed",
        "A plan cannot go to a tier with fewer slots than one of its sites has (409).",
        held_by="a24_a_plan_stays_while_a_site_of_it_has_more_slots_than_the_tier",
        source="MicrosoftDocs/azure-docs#24123",
    ),
]


def check_shrinking(store: Store, plan_id: str, tier: str) -> None:
    """Raises Refusal 409 when a site or a slot on the plan uses what `tier` does not allow."""
    for site in sites_and_slots(store):
        if str(site.body["properties"].get("serverFarmId")).lower() == plan_id.lower():
            _check_site(store, site, tier)


def _check_site(store: Store, site: Resource, tier: str) -> None:
    if config_of(store, site.id).get("alwaysOn") and not allows_always_on(tier):
        template = "Cannot update the site '{0}' because it uses AlwaysOn feature which is not allowed in the"
        raise conflict(f"{template} target compute mode.", site.id.rpartition("/")[2])
    if len(store.list(under=site.id, type=SLOT)) > slots_allowed(tier):
        template = (
            "Cannot complete the operation because the site will exceed the number of slots allowed for the"
            " '{0}' SKU."
        )
        raise conflict(template, tier)
    if site.body["properties"].get("virtualNetworkSubnetId") and not allows_networks(tier):
        template = (
            "The new SKU does not support Regional VNET integration which some apps are still using. Please"
            " disconnect apps from Regional VNET integration and try again"
        )
        raise conflict(template)
