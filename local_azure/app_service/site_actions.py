"""What can be asked of a site or a slot by POST.

https://learn.microsoft.com/rest/api/appservice/web-apps
"""

from typing import Final

from local_azure.app_service.hosting import Hosting
from local_azure.app_service.publishing_user import publishing_profile, renew_password
from local_azure.app_service.site_state import RUNNING, STOPPED, with_state
from local_azure.app_service.slot_swap import swap
from local_azure.arm import ResourceId
from local_azure.errors import not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.store import Resource

_XML: Final = {"content-type": "application/xml"}
_REFRESH: Final = frozenset(
    f"config/configreferences/{document}/refresh" for document in ("appsettings", "connectionstrings")
)
_NOT_SERVED: Final = {
    "applyslotconfig": "swaps in two steps (applySlotConfig); swap in one: slotsswap",
    "backup": "backups of web apps",
    "containerlogs": "logs of containers, which do not run here",
    "deployworkflowartifacts": "Logic Apps",
    "discoverbackup": "backups of web apps",
    "functions": "the functions of a function app",
    "host": "the keys of a function app",
    "iscloneable": "clones of web apps",
    "listbackups": "backups of web apps",
    "listsyncfunctiontriggerstatus": "the triggers of a function app",
    "listworkflowsconnections": "Logic Apps",
    "migratemysql": "MySQL in App",
    "networktrace": "network traces",
    "resetslotconfig": "swaps in two steps (resetSlotConfig); swap in one: slotsswap",
    "restorefrombackupblob": "backups of web apps",
    "restorefromdeletedapp": "apps that were deleted",
    "restoresnapshot": "snapshots of web apps",
    "slotsdiffs": "the differences of two slots",
    "startnetworktrace": "network traces",
    "stopnetworktrace": "network traces",
    "sync": "source control; publish a package",
    "syncfunctiontriggers": "the triggers of a function app",
    "updatemachinekey": "machine keys",
}
"""By the first segment of the action's name, in lower case: what Azure has and the local one does not."""


def site_action(
    ground: Ground, hosting: Hosting, id: ResourceId, body: JsonObject, name: str, request: Request
) -> Response | None:
    """The answer to `POST <site>/<name>`, with `name` in lower case; None for what Azure does not have."""
    match name:
        case "start" | "stop":
            stopped = with_state(body, STOPPED if name == "stop" else RUNNING)
            site = ground.store.get(id.text)
            assert site, "Resource Manager has looked for it"
            ground.store.put(Resource(site.id, site.type, stopped))
            ground.store.after_commit(lambda: hosting.restart(id.text))
            return Response(200)
        case "restart":
            ground.store.after_commit(lambda: hosting.restart(id.text))
            return Response(200)
        case "slotsswap":
            swap(ground, hosting, id, request.json())
            return Response(200)
        case "publishxml":
            return Response(200, publishing_profile(ground.store, id.text), _XML)
        case "newpassword":
            renew_password(ground.store, id.text)
            return Response(204)
        case _ if name in _REFRESH:
            hosting.refresh(id.text)
            document = "appsettings" if "appsettings" in name else "connectionstrings"
            return Response(
                200, {"value": hosting.references(id.text, document), "nextLink": None, "id": None}
            )
        case _:
            what = _NOT_SERVED.get(name.partition("/")[0])
            if what:
                raise not_served(what)
            return None
