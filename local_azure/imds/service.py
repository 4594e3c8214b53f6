"""The instance metadata service, for whatever host has instances that are reached by no name.

https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
"""

import threading
from typing import Final

from typing_extensions import override

from local_azure.control_values import body_of, number_in
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.imds import instance, tokens
from local_azure.imds.asking import Asking
from local_azure.imds.listener import Listener
from local_azure.rules import Rule
from local_azure.service import Service

_HOST: Final = "169.254.169.254"
_FAILING: Final = (404, 410, 429, 500, 503)


class InstanceMetadata(Service):
    """`open` is one instance's. `POST /imds {"status": 410, "requests": 2}` has the next requests for a token
    fail, of whatever instance; `{"seconds": 2}` has listeners that are opened from now on come up late.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._status, self._failing, self._late = 0, 0, 0.0

    def open(self, asking: Asking) -> Listener:
        """A listener whose `environment()` the instance's programs get; whoever opened it closes it."""
        listener = Listener(lambda request: self._recorded(asking, request), self._late)
        with self._lock:
            self._listeners = [*(one for one in self._listeners if not one.is_closed), listener]
        return listener

    @override
    def close(self) -> None:
        with self._lock:
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener.close()

    @override
    def control(self, request: Request) -> Response | None:
        if (request.method, request.path.strip("/")) != ("POST", "imds"):
            return None
        body = body_of(request)
        status, count = number_in(body, "status", 0), number_in(body, "requests", 0)
        if status and status not in _FAILING:
            raise Refusal(400, "BadRequest", f"`status` is one of {', '.join(map(str, _FAILING))}.")
        with self._lock:
            self._status, self._failing = int(status), int(count) if status else 0
            self._late = number_in(body, "seconds", 0)
        return Response(200, {"status": self._status, "requests": self._failing, "seconds": self._late})

    def _recorded(self, asking: Asking, request: Request) -> Response:
        response = self._answer(asking, request)
        decision = "allowed" if response.status < 400 else "failed"
        self._ground.journal.record(_HOST, request.method, request.path, response.status, None, decision)
        return response

    def _answer(self, asking: Asking, request: Request) -> Response:
        """Nobody but a program that means to ask does: a page or a proxy sends no such header."""
        if request.method != "GET":
            return tokens.refused(405, "invalid_request", "The method is not allowed")
        if request.headers.get("metadata", "").lower() != "true":
            return tokens.refused(400, "bad_request_102", "Required metadata header not specified")
        if "x-forwarded-for" in request.headers:
            return tokens.refused(400, "bad_request", "The request was forwarded by a proxy")
        if request.path == tokens.PATH:
            return self._failure() or tokens.answer_token(self._ground, asking, request)
        if request.path == instance.PATH or request.path.startswith(f"{instance.PATH}/"):
            return instance.answer_instance(asking, request)
        return Response(404, {"error": "Not found"})

    def _failure(self) -> Response | None:
        with self._lock:
            if not self._failing:
                return None
            self._failing -= 1
        return tokens.refused(self._status, "unknown", "Failed to retrieve token")


RULES: Final = [
    Rule(
        "Q4",
        "refusal",
        "The metadata service wants the header `Metadata: true`: 400 bad_request_102.",
        held_by="q4_a_request_that_a_page_or_a_proxy_made_is_refused",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token",
    ),
    Rule(
        "Q4",
        "assumed",
        "The metadata service refuses what has the header X-Forwarded-For: 400.",
        held_by="q4_a_request_that_a_page_or_a_proxy_made_is_refused",
    ),
    Rule(
        "Q5",
        "behaviour",
        "While it is updated the metadata service answers 404, 410, 429 or 5xx, and clients ask again.",
        held_by="q5_a_client_asks_again_while_the_service_is_not_ready",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token",
    ),
    Rule(
        "Q5",
        "behaviour",
        "On a host that just started, the metadata service may refuse connections at first.",
        held_by="q5_a_client_waits_for_a_service_that_comes_up_late",
        source="MicrosoftDocs/azure-docs#61891 Azure/azure-sdk-for-python#8557",
    ),
]
