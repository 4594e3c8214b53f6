"""Whatever has a principal, as a service: one for all types of the table."""

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.planes import Listening
from local_azure.service import Service
from local_azure.with_identity.resources import every_type
from local_azure.with_identity.runbooks import PATH, Runbooks


class ResourcesWithIdentity(Service):
    """`runbooks` gives the token endpoint of automation accounts."""

    def __init__(self, ground: Ground) -> None:
        self.types = every_type(ground)
        self.runbooks = Runbooks(ground)
        self.loopback = {PATH: self.runbooks.handle}

    @override
    def start(self, listening: Listening) -> None:
        self.runbooks.bind(listening.portal)
