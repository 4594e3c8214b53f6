"""Microsoft.Web/serverfarms: App Service plans."""

from typing import Final

from typing_extensions import override

from local_azure.app_service.refusals import bad_request, conflict
from local_azure.arm import ResourceId, ResourceType
from local_azure.http import JsonObject, Request
from local_azure.namespaces.web_bodies import section
from local_azure.rules import Rule
from local_azure.store import Resource, Store

WEB_API_VERSIONS: Final = frozenset(
    {
        "2022-03-01",
        "2022-09-01",
        "2023-01-01",
        "2023-12-01",
        "2024-04-01",
        "2024-11-01",
        "2025-03-01",
        "2025-05-01",
    }
)

_TIERS: Final = {
    "F1": "Free",
    "D1": "Shared",
    "B1": "Basic",
    "B2": "Basic",
    "B3": "Basic",
    "S1": "Standard",
    "S2": "Standard",
    "S3": "Standard",
    "P1V2": "PremiumV2",
    "P2V2": "PremiumV2",
    "P3V2": "PremiumV2",
    "P0V3": "PremiumV3",
    "P1V3": "PremiumV3",
    "P2V3": "PremiumV3",
    "P3V3": "PremiumV3",
    "P1MV3": "PremiumV3",
    "P2MV3": "PremiumV3",
    "P3MV3": "PremiumV3",
    "P4MV3": "PremiumV3",
    "P5MV3": "PremiumV3",
    "Y1": "Dynamic",
    "EP1": "ElasticPremium",
    "EP2": "ElasticPremium",
    "EP3": "ElasticPremium",
}
"""https://learn.microsoft.com/azure/app-service/overview-hosting-plans"""

_TIERS_WITHOUT_ALWAYS_ON: Final = {"Free", "Shared", "Dynamic"}


class ServerFarm(ResourceType):
    """A plan. Its sites are found by their `serverFarmId`; it cannot go before they do.

    https://learn.microsoft.com/rest/api/appservice/app-service-plans
    """

    type = "Microsoft.Web/serverfarms"
    api_versions = WEB_API_VERSIONS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        sku = {"name": "F1", **section(old, "sku"), **section(new, "sku")}
        tier = _TIERS.get(str(sku.get("name")).upper())
        if tier is None:
            raise bad_request("The parameter SKU has an invalid value: {0}.", str(sku.get("name")))
        name = str(sku["name"])
        properties = dict(section(new, "properties"))
        reserved = bool(properties.get("reserved", False))
        if old is not None and reserved != bool(old["properties"]["reserved"]):
            raise bad_request("The operating system of App Service plan '{0}' cannot be changed.", id.name)
        properties |= {
            "reserved": reserved,
            "provisioningState": "Succeeded",
            "status": "Ready",
            "geoRegion": new.get("location"),
            "maximumNumberOfWorkers": 1 if tier in _TIERS_WITHOUT_ALWAYS_ON else 3 if tier == "Basic" else 10,
            "resourceGroup": id.resource_group,
            "subscription": id.subscription_id,
        }
        sku = {"capacity": 1, **sku, "tier": tier, "size": name, "family": name[:1]}
        return {
            **new,
            "sku": sku,
            "kind": new.get("kind") or ("linux" if reserved else "app"),
            "properties": properties,
        }

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        count = len(sites_on(self.azure.store, id.text))
        return {**body, "properties": {**body["properties"], "numberOfSites": count}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        # A resource group that goes takes plan and sites along, whatever their order.
        if ResourceId.parse(request.path).key != id.key:
            return
        names = [site.id.rsplit("/", 1)[1] for site in sites_on(self.azure.store, id.text)]
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


def sites_on(store: Store, plan_id: str) -> list[Resource]:
    """The sites whose plan is `plan_id`, in any spelling."""
    key = plan_id.lower()
    sites = store.list(type="Microsoft.Web/sites")
    return [site for site in sites if str(site.body["properties"].get("serverFarmId")).lower() == key]


def allows_always_on(plan: JsonObject) -> bool:
    """Whether the plan's tier keeps idle sites loaded: not Free, Shared or Consumption."""
    return plan["sku"]["tier"] not in _TIERS_WITHOUT_ALWAYS_ON


TYPES: list[type[ResourceType]] = [ServerFarm]

RULES = [
    Rule("A5", "refusal", "A plan that has web apps cannot be deleted (409, ExtendedCode 11003)."),
    Rule("A11", "assumed", "A plan cannot change between Windows and Linux (400)."),
]
