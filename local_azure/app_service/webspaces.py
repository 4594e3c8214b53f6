"""A webspace holds the plans of one group and one region. A site stays in the one of its first plan.

https://learn.microsoft.com/azure/app-service/app-service-plan-manage#move-an-app-to-another-app-service-plan
"""

from typing import Final

from local_azure.app_service.refusals import app_service_refusal, conflict
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.http import JsonObject
from local_azure.resource_manager.subscriptions import LOCATIONS
from local_azure.rules import Rule
from local_azure.store import Resource

WEBSPACE: Final = "webSpace"
"""Where plans and sites say theirs."""

RULES: Final = [
    Rule(
        "A25",
        "assumed",
        "A site is in the region of its plan: 404 for another, which names the webspace that is not there.",
        held_by="a25_a_site_is_in_the_region_of_its_plan",
        source="mspnp/serverless-reference-implementation#87 microsoft/botframework-solutions#2762",
    ),
    Rule(
        "A26",
        "refusal",
        "A site moves only to plans in the group and region of its first one (409, ExtendedCode 59602).",
        held_by="a26_a_site_does_not_move_to_a_plan_of_another_group",
        source="Azure/azure-powershell#17607 hashicorp/terraform-provider-azurerm#27798",
    ),
]


def webspace_of(group: str | None, location: str) -> str:
    """The name of the webspace of a group and a region (`westeurope` or `West Europe`)."""
    plain = location.replace(" ", "").lower()
    return f"{group}-{LOCATIONS.get(plain, plain).replace(' ', '')}webspace"


def check_webspace(id: ResourceId, old: JsonObject | None, location: str | None, plan: Resource) -> str:
    """The webspace of a site that is written with `plan`. Raises Refusal 404 for a site in another region
    than its plan, and 409 for one that would have to leave its webspace."""
    region = str(plan.body["location"])
    if location and location.replace(" ", "").lower() != region.replace(" ", "").lower():
        missing = webspace_of(id.resource_group, location)
        raise app_service_refusal(404, "NotFound", "Cannot find WebSpace with name {0}.", missing)
    target = webspace_of(ResourceId.parse(plan.id).resource_group, region)
    known = str(section(old, "properties").get(WEBSPACE) or target)
    if known.lower() != target.lower():
        template = "Cannot change the site {0} to the App Service Plan {1} due to hosting constraints."
        name = ResourceId.parse(plan.id).name
        raise conflict(template, id.name, name, extended_code="59602")
    return known
