"""Which sites are on a plan."""

from local_azure.store import Resource, Store


def sites_on(store: Store, plan_id: str) -> list[Resource]:
    """The sites whose plan is `plan_id`, in any spelling."""
    key = plan_id.lower()
    sites = store.list(type="Microsoft.Web/sites")
    return [site for site in sites if str(site.body["properties"].get("serverFarmId")).lower() == key]
