"""Whether a name is free: `Microsoft.Web/checknameavailability`.

https://learn.microsoft.com/rest/api/appservice/check-name-availability/check-name-availability
"""

import re
from collections.abc import Iterable
from typing import Final

from local_azure.app_service.site_names import host_label
from local_azure.bodies import properties_of
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource

SITE_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])", re.IGNORECASE)
_OF_SITES: Final = frozenset({"site", "microsoft.web/sites"})

RULES: Final = [
    Rule(
        "A36",
        "behaviour",
        "Whether a web app's name is free can be asked: taken is AlreadyExists, impossible is Invalid.",
        held_by="a36_whether_a_sites_name_is_free_can_be_asked",
    ),
]


def availability(request: Request, sites: Iterable[Resource]) -> Response:
    """The answer to a question about a name. `sites` are all that there are. Raises Refusal."""
    asked: JsonObject = request.json()
    asked = {**asked, **properties_of(asked)}
    name, type_ = asked.get("name"), str(asked.get("type") or "")
    if not isinstance(name, str) or not name:
        raise Refusal(400, "BadRequest", "The parameter name has an invalid value: null.")
    if type_.lower() not in _OF_SITES:
        raise not_served(
            f"questions about names of the type '{type_}'; it knows those of Microsoft.Web/sites"
        )
    if not SITE_NAME.fullmatch(name):
        text = f"The name '{name}' is invalid: 2 to 60 letters, digits and hyphens."
        return _no("Invalid", text)
    if any(host_label(site.id) == name.lower() for site in sites):
        return _no("AlreadyExists", f"Hostname '{name}' already exists. Please select a different name.")
    return Response(200, {"nameAvailable": True, "reason": "", "message": ""})


def _no(reason: str, message: str) -> Response:
    return Response(200, {"nameAvailable": False, "reason": reason, "message": message})
