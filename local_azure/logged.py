"""A handler whose answers somebody tells of, whether it answers or refuses."""

from collections.abc import Callable, Sequence
from typing import Final

from local_azure.authorization.decisions import Decided, watched
from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.planes import Handler

SUCCESS: Final = "Success"
Tell = Callable[[Request, Sequence[Decided], int, str], None]
"""What was asked, what was decided meanwhile, the status, and Azure's code of a refusal or SUCCESS."""


def logged(handle: Handler, tell: Tell) -> Handler:
    """The same handler, which tells of each request. It raises Refusal as the other does."""

    def told(request: Request) -> Response:
        with watched() as decided:
            try:
                response = handle(request)
            except Refusal as refused:
                tell(request, decided, refused.status, refused.code)
                raise
        tell(request, decided, response.status, SUCCESS)
        return response

    return told
