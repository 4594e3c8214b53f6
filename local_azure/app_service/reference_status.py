"""`config/configreferences/…/<name>`: how each reference of a site fared, never its value.

https://learn.microsoft.com/rest/api/appservice/web-apps/get-app-settings-key-vault-references
"""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from local_azure.app_service.configuration import require_whole_site
from local_azure.app_service.reference_cache import ReferenceDocument
from local_azure.app_service.refusals import app_service_refusal
from local_azure.app_service.site_names import SITE, SLOT
from local_azure.app_service.site_type import SiteType
from local_azure.arm import ResourceId
from local_azure.http import JsonObject, Request


class KeyVaultReferenceStatus(SiteType):
    """How each reference in the settings of a site fared."""

    type = f"{SITE}/config/appsettings"
    has_parent = False
    document: ClassVar[ReferenceDocument] = "appsettings"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        site_id, _, rest = id.text.rpartition("/config/")
        if rest.lower().split("/")[0] != "configreferences":
            return None
        for status in self.hosting.references(site_id, self.document):
            if status["name"].lower() == id.name.lower():
                return {"properties": status["properties"]}
        return None

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        site_id, _, rest = scope.rpartition("/config/")
        site = self.ground.store.get(site_id)
        if site is None or rest.lower() != "configreferences":
            raise app_service_refusal(
                404, "NotFound", "Cannot find references of {0}.", site_id.rsplit("/", 1)[-1]
            )
        return self.hosting.references(site.id, self.document)

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        require_whole_site(id, request)


class SlotReferenceStatus(KeyVaultReferenceStatus):
    """How each reference in the settings of a slot fared."""

    type = f"{SLOT}/config/appsettings"


class ConnectionReferenceStatus(KeyVaultReferenceStatus):
    """How each reference in the connection strings of a site fared."""

    type = f"{SITE}/config/connectionstrings"
    document = "connectionstrings"


class SlotConnectionReferenceStatus(ConnectionReferenceStatus):
    """How each reference in the connection strings of a slot fared."""

    type = f"{SLOT}/config/connectionstrings"
