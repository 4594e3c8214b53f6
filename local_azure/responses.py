"""The local Azure's responses as an ASGI server sends them."""

import uuid

from starlette.responses import JSONResponse
from starlette.responses import Response as HttpResponse

from local_azure.http import Response


def to_http(response: Response) -> HttpResponse:
    """A dict or list as JSON, bytes as they are; with the request id that every answer of Azure carries."""
    headers = {"x-ms-request-id": str(uuid.uuid4()), **response.headers}
    if response.body is None:
        return HttpResponse(None, response.status, headers)
    if isinstance(response.body, bytes):
        return HttpResponse(response.body, response.status, headers)
    return JSONResponse(response.body, response.status, headers)
