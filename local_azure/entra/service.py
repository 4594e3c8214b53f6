"""Entra ID as a service: login.microsoftonline.com. Who there is, is part of the ground."""

from typing_extensions import override

from local_azure.entra.device_page import PATH, DevicePage
from local_azure.entra.login import LOGIN, Login
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.planes import HttpPlane, Listening
from local_azure.service import Service


class SignIn(Service):
    """Tokens for those who know a secret or a password, or have a code entered by somebody who does."""

    def __init__(self, ground: Ground) -> None:
        self._login = Login(ground.entra, ground.clock)
        self.loopback = {PATH: DevicePage(self._login.device_codes, self._login.person).handle}
        self.planes = (HttpPlane(hosts=LOGIN, handle=self._login.handle),)

    @override
    def start(self, listening: Listening) -> None:
        self._login.device_page = f"{listening.portal}{PATH}"

    def handle(self, request: Request) -> Response:
        """A request to login.microsoftonline.com."""
        return self._login.handle(request)
