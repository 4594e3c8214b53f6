"""What the resource types of sites and slots have in common: writing them may start programs."""

from local_azure.app_service.hosting import Hosting
from local_azure.app_service.web_type import WebType
from local_azure.app_service.write_locks import WriteLocks
from local_azure.ground import Ground


class SiteType(WebType):
    """A type whose writes reach the programs of a site."""

    def __init__(self, ground: Ground, locks: WriteLocks, hosting: Hosting) -> None:
        super().__init__(ground, locks)
        self.hosting = hosting
