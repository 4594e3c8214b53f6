"""What a site or a slot is called: a slot is a site of its own, below the production one."""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.store import Resource, Store

SITE: Final = "Microsoft.Web/sites"
SLOT: Final = "Microsoft.Web/sites/slots"
SITES: Final = ".azurewebsites.net"
"""What the hosts of sites and slots end with."""
SCM: Final = ".scm.azurewebsites.net"
"""What the hosts of their deployment sites end with."""


def sites_and_slots(store: Store) -> list[Resource]:
    """Everything that runs on App Service."""
    return [*store.list(type=SITE), *store.list(type=SLOT)]


def is_slot(site_id: str) -> bool:
    return ResourceId.parse(site_id).type.lower() == SLOT.lower()


def site_type(site_id: str) -> str:
    """The type in Azure's own spelling."""
    return SLOT if is_slot(site_id) else SITE


def host_label(site_id: str) -> str:
    """The first part of the host name: `<app>`, or `<app>-<slot>`.

    https://learn.microsoft.com/azure/app-service/deploy-staging-slots#add-a-slot
    """
    return "-".join(_names(site_id)).lower()


def identity_name(site_id: str) -> str:
    """What the site's own identity is called in Entra: `<app>`, or `<app>/slots/<slot>`."""
    return "/slots/".join(_names(site_id))


def app_name(site_id: str) -> str:
    return _names(site_id)[0]


def slot_name(site_id: str) -> str:
    """The slot's name; the site itself is the one that App Service calls Production."""
    names = _names(site_id)
    return names[1] if len(names) > 1 else "Production"


def _names(site_id: str) -> list[str]:
    id = ResourceId.parse(site_id)
    return [ResourceId.parse(id.parent).name, id.name] if is_slot(site_id) else [id.name]
