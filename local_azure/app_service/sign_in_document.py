"""`config/authsettingsV2/list`: what a site asks of who signs in, read by a second path that older clients
take. Secrets are in neither: the document names the settings that hold them.

https://learn.microsoft.com/rest/api/appservice/web-apps/get-auth-settings-v2
"""

from typing_extensions import override

from local_azure.app_service.sign_in import OFF
from local_azure.app_service.site_names import SITE, SLOT
from local_azure.arm import ResourceId, ResourceType
from local_azure.http import JsonObject, Request


class SignInList(ResourceType):
    """The same document as `config/authsettingsV2`."""

    type = f"{SITE}/config/list"

    @override
    def document_in_scope(self, scope: str, request: Request) -> JsonObject | None:
        id = ResourceId.parse(scope)
        if id.name.lower() != "authsettingsv2":
            return None
        stored = self.ground.store.get(scope)
        body = stored.body if stored else {"properties": dict(OFF)}
        return {"id": id.text, "name": id.name, "type": id.type, **body}

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        return None


class SlotSignInList(SignInList):
    """The same of a slot."""

    type = f"{SLOT}/config/list"
