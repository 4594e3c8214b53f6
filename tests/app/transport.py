"""A network in memory for Microsoft's clients: their own code runs, only the socket is missing."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import requests
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

Answer = tuple[int, Mapping[str, Any], Mapping[str, str]]
"""Status, JSON body, headers."""


class _Memory(HTTPAdapter):
    def __init__(self, answer: Callable[[requests.PreparedRequest], Answer]) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        del args, kwargs
        status, body, headers = self._answer(request)
        raw = HTTPResponse(
            body=io.BytesIO(json.dumps(body).encode()),
            headers={"Content-Type": "application/json", **headers},
            status=status,
            preload_content=False,
        )
        return self.build_response(request, raw)


def transport(answer: Callable[[requests.PreparedRequest], Answer]) -> RequestsTransport:
    """A transport for any Azure client that asks `answer`. A requests exception is a broken network."""
    session = requests.Session()
    session.mount("https://", _Memory(answer))
    return RequestsTransport(session=session, session_owner=False)
