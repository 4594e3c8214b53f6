"""Entra ID as a service: login.microsoftonline.com. Who there is, is part of the ground."""

from local_azure.entra.login import LOGIN, Login
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.planes import HttpPlane
from local_azure.service import Service


class SignIn(Service):
    """Tokens for those who know a secret or a password."""

    def __init__(self, ground: Ground) -> None:
        self._login = Login(ground.entra, ground.clock)
        self.planes = (HttpPlane(hosts=LOGIN, handle=self._login.handle),)

    def handle(self, request: Request) -> Response:
        """A request to login.microsoftonline.com."""
        return self._login.handle(request)
