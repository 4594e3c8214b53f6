"""Microsoft.Web/serverfarms: App Service plans."""

from typing import Final

from typing_extensions import override

from local_azure.app_service.flex_consumption import check_plan
from local_azure.app_service.plan_changes import check_shrinking
from local_azure.app_service.plan_sites import sites_on
from local_azure.app_service.refusals import bad_request, conflict
from local_azure.app_service.tiers import FLEX, TIERS, workers_allowed
from local_azure.app_service.web_type import WebType
from local_azure.app_service.webspaces import WEBSPACE, webspace_of
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

_ZONE_WORKERS: Final = 2
"""https://learn.microsoft.com/azure/reliability/reliability-app-service"""


class ServerFarm(WebType):
    """A plan. Its sites are found by their `serverFarmId`; it cannot go before they do.

    https://learn.microsoft.com/rest/api/appservice/app-service-plans
    """

    type = "Microsoft.Web/serverfarms"

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        sku: JsonObject = {"name": "F1", **section(old, "sku"), **section(new, "sku")}
        tier = TIERS.get(str(sku.get("name")).upper())
        if tier is None:
            raise bad_request("The parameter SKU has an invalid value: {0}.", str(sku.get("name")))
        name = str(sku["name"])
        properties = dict(section(new, "properties"))
        reserved = bool(properties.get("reserved", False))
        if old is not None and reserved != bool(old["properties"]["reserved"]):
            raise bad_request("The operating system of App Service plan '{0}' cannot be changed.", id.name)
        check_plan(id.text, old, tier, linux=reserved)
        most = workers_allowed(tier)
        if tier == FLEX:
            # Nobody counts its workers: it has as many as its one site needs just now.
            sku = {**sku, "capacity": 0, "tier": tier, "size": name, "family": "FC"}
        else:
            sku = {"capacity": 1, **sku, "tier": tier, "size": name, "family": name[:1]}
            if "capacity" not in section(new, "sku"):
                sku["capacity"] = min(sku["capacity"], most)
            _check_workers(sku["capacity"], most, tier, zone_redundant=bool(properties.get("zoneRedundant")))
        if old is not None and tier != old["sku"]["tier"]:
            check_shrinking(self.ground.store, id.text, tier)
        properties |= {
            "reserved": reserved,
            "provisioningState": "Succeeded",
            "status": "Ready",
            "geoRegion": new.get("location"),
            "maximumNumberOfWorkers": most,
            "resourceGroup": id.resource_group,
            "subscription": id.subscription_id,
            WEBSPACE: webspace_of(id.resource_group, str(new.get("location"))),
        }
        return {
            **new,
            "sku": sku,
            "kind": new.get("kind") or ("linux" if reserved else "app"),
            "properties": properties,
        }

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        count = len(sites_on(self.ground.store, id.text))
        return {**body, "properties": {**body["properties"], "numberOfSites": count}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        # A resource group that goes takes plan and sites along, whatever their order.
        if ResourceId.parse(request.path).key != id.key:
            return
        names = [site.id.rsplit("/", 1)[1] for site in sites_on(self.ground.store, id.text)]
        if names:
            raise conflict(
                "Server farm '{0}' cannot be deleted because it has web app(s) {1} assigned to it.",
                id.name,
                ",".join(names),
                extended_code="11003",
            )

    @override
    def created_status(self) -> int:
        return 200


def _check_workers(capacity: int, most: int, tier: str, *, zone_redundant: bool) -> None:
    if not 1 <= capacity <= most:
        raise bad_request(
            "The parameter SKU.Capacity has an invalid value: {0}. The tier {1} allows at most {2}.",
            str(capacity),
            tier,
            str(most),
        )
    if zone_redundant and not tier.startswith("Premium"):
        raise bad_request("Zone redundancy is not supported for App Service plans of the tier {0}.", tier)
    if zone_redundant and capacity < _ZONE_WORKERS:
        raise bad_request("A zone redundant App Service plan needs at least {0} workers.", str(_ZONE_WORKERS))


RULES: Final = [
    Rule(
        "A5",
        "refusal",
        "A plan that has web apps cannot be deleted (409, ExtendedCode 11003).",
        held_by="a_plan_with_an_app_cannot_be_deleted",
        source="hashicorp/terraform-provider-azurerm#13377 hashicorp/terraform-provider-azurerm#8241",
    ),
    Rule(
        "A5",
        "assumed",
        "Zone redundancy needs a Premium tier and two workers, and can be switched (400).",
        held_by="zones_can_be_switched_on_a_premium_plan_with_two_workers_only",
        source="https://learn.microsoft.com/azure/reliability/reliability-app-service",
    ),
    Rule(
        "A8",
        "assumed",
        "A plan has at most the workers of its tier: 1, 3, 10 or 30 (400).",
        held_by="a_plan_has_at_most_the_workers_of_its_tier",
        source="https://learn.microsoft.com/azure/app-service/overview-hosting-plans",
    ),
    Rule(
        "A11",
        "assumed",
        "A plan cannot change between Windows and Linux (400).",
        held_by="a_plan_stays_on_its_operating_system",
    ),
]
