"""What an app finds in its environment, beside its settings.

https://learn.microsoft.com/azure/app-service/reference-app-settings
"""

import os
import sys
from pathlib import Path

from local_azure.app_service.site_names import app_name, slot_name
from local_azure.arm import ResourceId
from local_azure.store import Resource


def essential_environment(home: Path) -> dict[str, str]:
    """What any program needs. The home is the app's own: no login of the person at the keyboard reaches
    it."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}


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
    if header:
        variables |= {"IDENTITY_ENDPOINT": identity_endpoint, "IDENTITY_HEADER": header}
        variables |= {"MSI_ENDPOINT": identity_endpoint, "MSI_SECRET": header}
    return variables
