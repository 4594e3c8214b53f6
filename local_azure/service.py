"""A service of Azure as the rest sees it, and all of them together.

A service is a package beside this file with a module `service` that has one subclass of `Service`. It is
found by being there: its types, its rules, its data planes, its part of the page and of
`local-azure.internal`. What its constructor asks for by annotation is handed to it: the `Ground`, the
`Services`, or another service.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import not_served
from local_azure.http import JsonObject, Request, Response
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.planes import Handler, Listening, Plane

Verb = Literal["write", "delete"]


class Service:
    """One service of Azure. Everything is left out that it does not have."""

    types: Sequence[ResourceType] = ()
    unserved: Mapping[str, str] = {}
    """Types that Azure has in its namespaces and that are not served, with what is below them: what they are,
    as the end of a sentence, by the type."""
    planes: Sequence[Plane] = ()
    loopback: Mapping[str, Handler] = {}
    """Handlers on the plain listener, which this machine alone reaches, by the beginning of their paths."""

    def start(self, listening: Listening) -> None:
        """The listeners answer. What it runs may run."""

    def environment(self) -> Mapping[str, str]:
        """Once started: variables that lead clients that know no proxy to its listeners, and to no other
        service's."""
        return {}

    def close(self) -> None:
        """End what it runs; returns when it is gone. May be called twice, and without a `start`."""

    def before_change(self, id: ResourceId, verb: Verb) -> None:
        """Called before any resource, of whatever service, is written or deleted. Raises Refusal to forbid
        it."""

    def origins(self, principal_id: str) -> Sequence[Origin]:
        """From where the principal calls when it is what this service runs programs as; none otherwise."""
        return ()

    def audiences(self) -> Collection[str]:
        """Resources that Entra gives out tokens for besides those of the planes, in lower case."""
        return ()

    def addresses(self) -> Mapping[str, str]:
        """A plain loopback address for each program that it runs and that people can look at."""
        return {}

    def leftovers(self) -> JsonObject:
        """What it keeps besides resources, for `/leftovers`."""
        return {}

    def control(self, request: Request) -> Response | None:
        """A request to `local-azure.internal` that is about this service; None for any other. Raises
        Refusal."""
        return None


class Services:
    """All that were found. `types` has every resource type, by its name in lower case."""

    def __init__(self) -> None:
        self._every: list[Service] = []
        self.types: dict[str, ResourceType] = {}

    def __iter__(self) -> Iterator[Service]:
        return iter(self._every)

    def add(self, service: Service) -> None:
        """Raises ValueError when another one has a type of the same name."""
        for kind in service.types:
            if self.types.setdefault(kind.type.lower(), kind) is not kind:
                raise ValueError(f"two services serve {kind.type}")
        self._every.append(service)

    def require_not_unserved(self, type: str) -> None:
        """Raises Refusal 501 for a type that Azure has and the local one has not, or one below it."""
        if type.lower() in self.types:
            return
        asked = f"{type.lower()}/"
        for service in self._every:
            for known, what in service.unserved.items():
                if asked.startswith(f"{known.lower()}/"):
                    raise not_served(what)

    def planes(self) -> list[Plane]:
        return [plane for service in self._every for plane in service.planes]

    def is_audience(self, name: str) -> bool:
        """Whether tokens can be asked for `name`, with or without a trailing slash."""
        asked = name.rstrip("/").lower()
        of_planes = any(plane.is_audience(asked) for plane in self.planes())
        return of_planes or any(asked in service.audiences() for service in self._every)

    def plane(self, host: str) -> Plane | None:
        """Which one answers for `host` (lower-case, without a port)."""
        return next((plane for plane in self.planes() if plane.serves(host)), None)

    def loopback(self, path: str) -> Handler | None:
        """Which handler answers for a path of the plain listener."""
        handlers = (item for service in self._every for item in service.loopback.items())
        return next((handler for start, handler in handlers if path.startswith(start)), None)

    def before_change(self, id: ResourceId, verb: Verb) -> None:
        """Raises Refusal where a service forbids it."""
        for service in self._every:
            service.before_change(id, verb)

    def origins(self, principal_id: str) -> Sequence[Origin]:
        """From where somebody may be calling: the hosts that run as that identity, or else the internet."""
        found = [origin for service in self._every for origin in service.origins(principal_id)]
        return found or [Origin(address=PERSON_ADDRESS)]

    def addresses(self) -> dict[str, str]:
        return {name: url for service in self._every for name, url in service.addresses().items()}
