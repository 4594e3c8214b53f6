"""Whether a name is free, which most services can be asked: `checkNameAvailability`."""

from collections.abc import Callable
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response

ACTION: Final = "checknameavailability"
"""How the question ends, in lower case."""


def availability(
    request: Request,
    *checks: Callable[[str], None],
    free: JsonObject,
    invalid: str = "AlreadyExists",
    taken: str = "AlreadyExists",
) -> Response:
    """`checks` raise Refusal as a write of the name would. `free` is what is said besides of one that can be
    had, `invalid` and `taken` are the reasons for one that nothing can have (400) or that something has.
    """
    name = str(request.json().get("name", ""))
    try:
        for check in checks:
            check(name)
    except Refusal as refusal:
        reason = invalid if refusal.status == 400 else taken
        return Response(200, {"nameAvailable": False, "reason": reason, "message": refusal.message})
    return Response(200, {"nameAvailable": True, **free})
