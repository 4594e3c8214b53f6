"""Azure Arc's agent as a service, for the machines that are connected."""

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.hybrid_compute.challenge import PATH, Agent
from local_azure.planes import Listening
from local_azure.service import Service


class HybridCompute(Service):
    """`agent` gives the token endpoint of a machine."""

    def __init__(self, ground: Ground) -> None:
        self.agent = Agent(ground)
        self.loopback = {PATH: self.agent.handle}

    @override
    def start(self, listening: Listening) -> None:
        self.agent.bind(listening.portal)

    @override
    def close(self) -> None:
        self.agent.forget()
