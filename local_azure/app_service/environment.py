"""What an app finds in its environment, beside its settings.

https://learn.microsoft.com/azure/app-service/reference-app-settings
"""

from local_azure.app_service.flex_consumption import is_on_flex
from local_azure.app_service.site_names import app_name, slot_name
from local_azure.arm import ResourceId
from local_azure.store import Resource


def platform_variables(
    site: Resource, port: int, identity_endpoint: str, header: str | None
) -> dict[str, str]:
    """What App Service adds; `header` is the secret of this run's identity endpoint, if it has one."""
    variables = {
        "PORT": str(port),
        "WEBSITE_HOSTNAME": str(site.body["properties"]["defaultHostName"]),
        "WEBSITE_RESOURCE_GROUP": str(ResourceId.parse(site.id).resource_group),
        "WEBSITE_SITE_NAME": app_name(site.id),
        "WEBSITE_SLOT_NAME": slot_name(site.id),
    }
    if is_on_flex(site.body):
        # Elsewhere a setting says it.
        variables["FUNCTIONS_WORKER_RUNTIME"] = site.body["properties"]["functionAppConfig"]["runtime"][
            "name"
        ]
    if header:
        variables |= {"IDENTITY_ENDPOINT": identity_endpoint, "IDENTITY_HEADER": header}
        variables |= {"MSI_ENDPOINT": identity_endpoint, "MSI_SECRET": header}
    return variables
