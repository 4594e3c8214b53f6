"""Entra ID as a service: login.microsoftonline.com. Who there is, is part of the ground."""

from urllib.parse import urlsplit

from typing_extensions import override

from local_azure.entra.device_page import PATH, DevicePage
from local_azure.entra.federation import Federation
from local_azure.entra.login import LOGIN, Login
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.planes import HttpPlane, Listening
from local_azure.service import Service, Services


class SignIn(Service):
    """Tokens for those who know a secret or a password, or have a code entered by somebody who does."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._services = services
        federation = Federation(ground.store, ground.clock, self._published)
        self._login = Login(ground.entra, ground.clock, federation)
        self.loopback = {PATH: DevicePage(self._login.device_codes, self._login.person).handle}
        self.planes = (HttpPlane(hosts=LOGIN, handle=self._login.handle),)

    @override
    def start(self, listening: Listening) -> None:
        self._login.device_page = f"{listening.portal}{PATH}"

    def _published(self, address: str) -> JsonObject | None:
        """What a service here answers at an address, to anybody."""
        asked = urlsplit(address)
        plane = self._services.plane((asked.hostname or "").lower())
        if not isinstance(plane, HttpPlane):
            return None
        answer = plane.handle(Request("GET", asked.hostname or "", asked.path))
        return answer.body if isinstance(answer.body, dict) else None

    def handle(self, request: Request) -> Response:
        """A request to login.microsoftonline.com."""
        return self._login.handle(request)
