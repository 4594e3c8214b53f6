"""One session of a connection: its links, their credit, and messages that come or go in several frames."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from local_azure.amqp.frames import Performative, as_performative, frame, performative
from local_azure.amqp.link import ACCEPTED, TOO_LARGE, AmqpError, Link, Node, rejected
from local_azure.amqp.messages import BATCH
from local_azure.amqp.reading import Malformed
from local_azure.amqp.values import Ubyte, Uint, Ulong, Ushort, as_map

LARGEST_MESSAGE: Final = 256 * 1024
"""Bytes, in the Standard tier. https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas"""
_CREDIT: Final = 200
_WINDOW: Final = 2**31 - 1
_HEAD: Final = 512
"""Bytes of a frame that a transfer itself may take."""


class Session:
    """Numbers of channels and of links are the peer's own."""

    def __init__(
        self,
        channel: int,
        begun: Performative,
        peers_largest: int,
        write: Callable[[bytes], None],
        attach: Callable[[Link], Node],
        host: Callable[[], str],
    ) -> None:
        self._channel, self._write, self._attach, self._host = channel, write, attach, host
        self._room = peers_largest - _HEAD if peers_largest > 2 * _HEAD else peers_largest // 2
        self._links: dict[int, Link] = {}
        self._partial: dict[int, tuple[Performative, bytearray]] = {}
        self._incoming = int(begun["next_outgoing_id"] or 0)
        self._outgoing = self._deliveries = 0
        self._window = int(begun["incoming_window"] or 0)

    def begins(self) -> Any:
        return performative(
            "begin",
            remote_channel=Ushort(self._channel),
            next_outgoing_id=Uint(0),
            incoming_window=Uint(_WINDOW),
            outgoing_window=Uint(_WINDOW),
            handle_max=Uint(255),
        )

    def performed(self, found: Performative, payload: bytes) -> None:
        match found.kind:
            case "attach":
                self._attached(found)
            case "flow":
                self._flowed(found)
            case "transfer":
                self._transferred(found, payload)
            case "disposition":
                self._disposed(found)
            case "detach":
                link = self._links.pop(int(found["handle"] or 0), None)
                if link is not None and link.is_open:
                    link.ended()
                    self._send("detach", handle=Uint(link.handle), closed=bool(found["closed"]))
            case _:
                raise Malformed(f"{found.kind} in a session")

    def ended(self) -> None:
        links = list(self._links.values())
        self._links.clear()
        for link in links:
            link.ended()

    def _attached(self, found: Performative) -> None:
        handle, is_sender = int(found["handle"] or 0), bool(found["role"])
        terminus = as_performative(found["source" if is_sender else "target"])
        if terminus is None or handle in self._links:
            raise Malformed("a link without an end, or one that there is")
        link = Link(
            name=str(found["name"]),
            handle=handle,
            is_sender=is_sender,
            terminus=terminus,
            other=as_performative(found["target" if is_sender else "source"]),
            properties=as_map(found["properties"]),
            is_settled=found["snd_settle_mode"] == 1,
            host=self._host(),
            write=partial(self._of_link, handle),
            next_delivery=self._next_delivery,
            has_room=lambda: self._window > 0,
        )
        try:
            node = self._attach(link)
        except AmqpError as refusal:
            self._answer(found, link, refused=True)
            self._send("detach", handle=Uint(handle), closed=True, error=refusal.described)
            return
        link.node = node
        self._links[handle] = link
        self._answer(found, link)
        if not is_sender:
            link.credit = _CREDIT
            self._flow(link)

    def _answer(self, found: Performative, link: Link, *, refused: bool = False) -> None:
        """A link that is refused is attached without its end, and then ended: AMQP 2.6.3."""
        kept = {name: found[name] for name in ("source", "target")}
        if refused:
            kept["source" if link.is_sender else "target"] = None
        self._send(
            "attach",
            name=link.name,
            handle=Uint(link.handle),
            role=not link.is_sender,
            snd_settle_mode=Ubyte(found["snd_settle_mode"] if found["snd_settle_mode"] is not None else 2),
            rcv_settle_mode=Ubyte(found["rcv_settle_mode"] or 0),
            initial_delivery_count=Uint(0) if link.is_sender else None,
            max_message_size=Ulong(LARGEST_MESSAGE),
            properties=found["properties"],
            **kept,
        )

    def _flowed(self, found: Performative) -> None:
        begun = found["next_incoming_id"]
        self._window = int(found["incoming_window"] or 0) + (0 if begun is None else begun - self._outgoing)
        handle = found["handle"]
        link = None if handle is None else self._links.get(int(handle))
        if link is not None and link.is_sender:
            count = found["delivery_count"]
            seen = link.delivery_count if count is None else int(count)
            link.credit = seen + int(found["link_credit"] or 0) - link.delivery_count
        for one in [link] if link is not None else list(self._links.values()):
            if one.is_sender and one.node is not None:
                one.node.credited(one)
        if link is not None and not link.is_open:
            return  # it was refused just now, as its token has expired: nothing more is said on it
        if link is not None and link.is_sender and found["drain"]:
            link.delivery_count += max(link.credit, 0)
            link.credit = 0
            self._flow(link, drain=True)
        elif found["echo"]:
            self._flow(link)

    def _flow(self, link: Link | None, *, drain: bool = False) -> None:
        of_link: dict[str, Any] = {}
        if link is not None:
            of_link = {
                "handle": Uint(link.handle),
                "delivery_count": Uint(link.delivery_count),
                "link_credit": Uint(max(link.credit, 0)),
                "available": Uint(0),
                "drain": drain,
            }
        self._send(
            "flow",
            next_incoming_id=Uint(self._incoming),
            incoming_window=Uint(_WINDOW),
            next_outgoing_id=Uint(self._outgoing),
            outgoing_window=Uint(_WINDOW),
            **of_link,
        )

    def _transferred(self, found: Performative, payload: bytes) -> None:
        handle = int(found["handle"] or 0)
        self._incoming += 1
        link = self._links.get(handle)
        if link is None or link.node is None:
            return  # what was under way when the link was ended
        first, message = self._partial.pop(handle, (found, bytearray()))
        message += payload
        if len(message) > LARGEST_MESSAGE:
            text = f"The received message (delivery-id:{first['delivery_id']}) exceeds the limit "
            link.refuse(
                AmqpError(TOO_LARGE, f"{text}({LARGEST_MESSAGE} bytes) currently allowed on the link.")
            )
            return
        if found["aborted"]:
            return
        if found["more"]:
            self._partial[handle] = (first, message)
            return
        link.delivery_count += 1
        link.credit -= 1
        outcome = ACCEPTED
        try:
            link.node.received(link, bytes(message), first["message_format"] == BATCH)
        except AmqpError as refusal:
            outcome = rejected(refusal)
        except Malformed as malformed:
            outcome = rejected(AmqpError("amqp:decode-error", str(malformed)))
        if not first["settled"] and link.is_open:
            number = Uint(first["delivery_id"])
            self._send("disposition", role=True, first=number, last=number, settled=True, state=outcome)
        if link.is_open and link.credit < _CREDIT // 2:
            link.credit = _CREDIT
            self._flow(link)

    def _disposed(self, found: Performative) -> None:
        if not found["role"]:
            return  # the last word on what was received, which is settled already
        first = int(found["first"] or 0)
        last = first if found["last"] is None else int(found["last"])
        outcome = as_performative(found["state"]) or Performative("accepted", {})
        for link in self._links.values():
            for number in [one for one in link.unsettled if first <= one <= last]:
                tag = link.unsettled.pop(number)
                # It is repeated as what was done; an error beside it would say that it was not.
                state = performative("rejected") if outcome.kind == "rejected" else found["state"]
                try:
                    if link.node is not None:
                        link.node.settled(link, tag, outcome)
                except AmqpError as refusal:
                    state = rejected(refusal)
                if not found["settled"]:
                    one = Uint(number)
                    self._send("disposition", role=False, first=one, last=one, settled=True, state=state)

    def _next_delivery(self) -> int:
        self._deliveries += 1
        return self._deliveries - 1

    def _of_link(self, handle: int, kind: str, payload: bytes = b"", **fields: Any) -> None:
        if kind == "detach":
            self._links.pop(handle, None)
        if kind != "transfer":
            self._send(kind, handle=Uint(handle), **fields)
            return
        fields["delivery_id"] = Uint(fields["delivery_id"])
        fields["message_format"] = Uint(fields["message_format"])
        pieces = [payload[at : at + self._room] for at in range(0, len(payload), self._room)] or [b""]
        for piece in pieces[:-1]:
            self._send("transfer", piece, handle=Uint(handle), more=True, **fields)
        self._send("transfer", pieces[-1], handle=Uint(handle), more=False, **fields)
        self._outgoing += len(pieces)
        self._window -= len(pieces)

    def _send(self, kind: str, payload: bytes = b"", **fields: Any) -> None:
        self._write(frame(self._channel, performative(kind, **fields), payload))
