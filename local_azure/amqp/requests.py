"""Nodes that answer: a client sends a request on one link and finds its answer on another."""

from collections.abc import Callable

from local_azure.amqp.frames import Performative
from local_azure.amqp.kinds import Answered
from local_azure.amqp.link import Link, text_of
from local_azure.amqp.messages import Message, answer


class Requests:
    """One such node for one connection. `asked` answers one request."""

    def __init__(self, asked: Callable[[Message], Answered]) -> None:
        self._asked = asked
        self._links: list[Link] = []
        self._waiting: list[tuple[str, bytes]] = []

    def received(self, link: Link, message: bytes, is_batch: bool) -> None:
        request = Message.read(message)
        application, value = self._asked(request)
        self._waiting.append((text_of(request.property("reply_to")), answer(request, application, value)))
        self._deliver()

    def credited(self, link: Link) -> None:
        if link not in self._links:
            self._links.append(link)
        self._deliver()

    def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
        """An answer is an answer."""

    def closed(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)

    def _deliver(self) -> None:
        for one in list(self._waiting):
            to, message = one
            links = [link for link in self._links if link.takes]
            named = [link for link in links if link.other and text_of(link.other["address"]) == to]
            for link in (named or links)[:1]:
                self._waiting.remove(one)
                link.send(message, b"answer")
