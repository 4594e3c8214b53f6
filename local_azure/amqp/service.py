"""`*.servicebus.windows.net`: the listener in front of Service Bus and Event Hubs, which share the domain."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from components.azure_facts.audiences import Service as Of
from components.azure_facts.audiences import audience
from local_azure.amqp.kinds import SUFFIX, Kind
from local_azure.ground import Ground
from local_azure.planes import HTTPS, ListenerPlane, Listening
from local_azure.service import Service, Services

if TYPE_CHECKING:
    from local_azure.amqp.listener import Listener

AMQPS = 5671


class Amqp(Service):
    """Nothing listens before somebody calls. `kinds` are the services that have namespaces."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services = ground, services
        self._listening: Listening | None = None
        self._listener: Listener | None = None
        self._starting = threading.Lock()
        self.kinds: list[Kind] = []
        self.planes = (
            ListenerPlane(
                hosts=f"*{SUFFIX}",
                audiences=(audience(Of.SERVICE_BUS), audience(Of.EVENT_HUBS)),
                port=AMQPS,
                other_ports=(HTTPS,),
                address=self.address,
            ),
        )

    def start(self, listening: Listening) -> None:
        self._listening = listening

    def close(self) -> None:
        listener, self._listener, self._listening = self._listener, None, None
        if listener is not None:
            listener.close()

    def address(self) -> tuple[str, int]:
        """Where the listener is, on the loopback; the first to ask starts it, and who asks
        meanwhile is told the same."""
        with self._starting:
            if self._listener is None:
                # With what they need these modules are loaded where somebody calls, and nowhere else.
                from local_azure.amqp.gate import Gate
                from local_azure.amqp.http_send import Post, send
                from local_azure.amqp.listener import Listener

                assert self._listening is not None, "the local Azure is not started"

                def gate(write: Callable[[bytes], None], end: Callable[[], None]) -> Gate:
                    return Gate(self._ground, self._services, self.kinds, write, end)

                def posted(post: Post) -> None:
                    send(gate(lambda _: None, lambda: None), post)

                self._listener = Listener(
                    self._listening.tls, lambda write, end: gate(write, end).connection, posted, self._tick
                )
            return self._listener.address

    def _tick(self) -> None:
        for kind in self.kinds:
            kind.tick()
