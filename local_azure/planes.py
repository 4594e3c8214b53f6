"""Under which of Azure's host names a service answers, and how: what a data plane is to the listeners."""

import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from starlette.websockets import WebSocket

from local_azure.errors import Envelope
from local_azure.http import Request, Response

Handler = Callable[[Request], Response]
HTTPS: Final = 443
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def domain_of(hosts: str) -> str:
    """What names such as `*.vault.azure.net` end with, or the one name that it is."""
    return hosts.replace("*.", "")


@dataclass(frozen=True, kw_only=True)
class Plane:
    """`hosts` is one name (`login.microsoftonline.com`), all with one label more (`*.vault.azure.net`), or
    all with two (`*.*.eventgrid.azure.net`).

    `audiences` are the resources that its callers ask Entra for tokens for; with `audience_of_its_own`, each
    host is one, too. Entra knows no others than those of the planes and what `entra/audiences.py` adds.
    `envelope` is how it words what is refused before it is asked.
    """

    hosts: str
    audiences: tuple[str, ...] = ()
    audience_of_its_own: bool = False
    envelope: Envelope = "arm"

    def serves(self, host: str) -> bool:
        """Whether `host` (lower-case, without a port) is one of its names."""
        wanted, given = self.hosts.split("."), host.split(".")
        return len(wanted) == len(given) and all(
            _LABEL.fullmatch(label) is not None if want == "*" else label == want
            for want, label in zip(wanted, given, strict=True)
        )

    @property
    def domain(self) -> str:
        """What its names end with, or its one name."""
        return domain_of(self.hosts)

    def is_audience(self, name: str) -> bool:
        """Whether `name` (lower-case, without a trailing slash) is a resource that it takes tokens for."""
        own = self.audience_of_its_own and name.startswith("https://")
        return name in self.audiences or (own and self.serves(name.removeprefix("https://")))


@dataclass(frozen=True)
class LargeBodies:
    """Which requests may be larger than what is read of a stranger. `admits` sees all of a request but its
    body; it raises Refusal for who may not send one, and says False of what takes no large one. `limit` is in
    bytes."""

    admits: Callable[[Request], bool]
    limit: int


@dataclass(frozen=True, kw_only=True)
class HttpPlane(Plane):
    """Answers each request by itself. `handle` is called in a thread and may raise Refusal. `socket` is who
    speaks with a client that asks for a web socket under that host: it accepts it, or denies it."""

    handle: Handler
    socket: Callable[[WebSocket, str], Awaitable[None]] | None = None
    large: LargeBodies | None = None


@dataclass(frozen=True)
class Admitted:
    """A request that a program gets, without the headers whose names begin so (in lower case), whoever sent
    them, and with what the platform says itself."""

    withheld: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class ForwardedPlane(Plane):
    """Hands requests to programs that run here. `target` is the loopback address of the one behind a host,
    None when none answers; then `page` is shown. `door` sees all of a request but the body, and admits it or
    answers it in the program's place. A body is never held here, so how much of it is read is the
    program's own affair. All are called in a thread and may wait."""

    door: Callable[[Request], Response | Admitted]
    target: Callable[[str], str | None]
    page: Callable[[str], Response]


@dataclass(frozen=True, kw_only=True)
class ListenerPlane(Plane):
    """Speaks something else than HTTP, or on another port: the service itself listens on the loopback from
    its `start` to its `close`, and the proxy tunnels `<host>:<port>` to `address`, its host and port.
    `other_ports` lead to the same place. Programs that run here and ask no proxy are led there where they
    look its names up, if it is `looked_up`: then it listens from the `start` on."""

    port: int
    looked_up: bool = False
    other_ports: tuple[int, ...] = ()
    address: Callable[[], tuple[str, int]]


class Gate(Protocol):
    """What listens before servers, and lets clients in to them."""

    @property
    def address(self) -> tuple[str, int]: ...


def gated(gate: Gate, *, hosts: str, audience: str, port: int) -> ListenerPlane:
    """The plane of a gate, which drivers that know no proxy find by the names of its servers."""
    return ListenerPlane(
        hosts=hosts, audiences=(audience,), port=port, address=lambda: gate.address, looked_up=True
    )


@dataclass(frozen=True)
class Listening:
    """The local Azure listens: what programs that a service starts, and listeners of its own, need of it."""

    portal: str
    """The plain address, such as `http://127.0.0.1:1234`, below which `Service.loopback` is found."""
    client_environment: dict[str, str]
    """What leads a client here: proxy and trust, without a credential; and, once a service with a listener of
    its own has started, what leads there. Those start before the others."""
    tls: ssl.SSLContext
    """Answers under the host names of every plane."""
    new_tls: Callable[[], ssl.SSLContext]
    """Makes the same anew, for a listener that is to limit versions or name protocols of its own."""
