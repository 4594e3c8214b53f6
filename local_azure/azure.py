"""One local Azure: the ground, and every service that was found. Nothing here listens on a port."""

from pathlib import Path
from typing import TypeVar

from local_azure.discovery import assembled, found_services
from local_azure.ground import Ground
from local_azure.lookups import listeners
from local_azure.planes import ListenerPlane, Listening
from local_azure.service import Service

S = TypeVar("S", bound=Service)


class Azure:
    """The one place where the whole is put together. `state` is the folder that holds everything (created
    when missing)."""

    def __init__(self, state: Path) -> None:
        self.ground = ground = Ground.laid(state)
        self.state, self.store, self.clock, self.journal = state, ground.store, ground.clock, ground.journal
        self.entra, self.authorizer = ground.entra, ground.authorizer
        self.services = assembled(ground, found_services())
        self.entra.recognise(self.services.is_audience)

    def service(self, kind: type[S]) -> S:
        """The one service of that class. Raises LookupError."""
        for service in self.services:
            if isinstance(service, kind):
                return service
        raise LookupError(f"there is no service {kind.__name__}")

    def start(self, listening: Listening) -> None:
        """The listeners answer: what services run may run, and is told of each service's own listener."""
        told = listening.client_environment
        others = [service for service in self.services if _has_no_listener(service)]
        for service in self.services:
            if service not in others:
                service.start(listening)
                told.update(service.environment())
        told.update(listeners(self.services.planes()))
        for service in others:
            service.start(listening)
            told.update(service.environment())

    def environment(self) -> dict[str, str]:
        """Once started: variables that lead clients that know no proxy to the services' own listeners."""
        own = {name: value for service in self.services for name, value in service.environment().items()}
        return own | listeners(self.services.planes())

    def stop(self) -> None:
        """End everything that runs. May be called twice."""
        for service in self.services:
            service.close()

    def close(self) -> None:
        """End everything that runs, and close the store."""
        self.stop()
        self.store.close()


def _has_no_listener(service: Service) -> bool:
    return not any(isinstance(plane, ListenerPlane) for plane in service.planes)
