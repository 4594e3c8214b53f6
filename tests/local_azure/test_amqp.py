"""AMQP itself: what a stranger may send, and what is answered; Microsoft's clients judge the rest."""

import socket
import ssl
import struct
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local_azure.amqp.connection import Connection
from local_azure.amqp.frames import LARGEST, PLAIN, SASL, Performative, frame, performative, taken_apart
from local_azure.amqp.link import AmqpError, Link, Node
from local_azure.amqp.messages import Message, messages_in
from local_azure.amqp.reading import Malformed, read
from local_azure.amqp.service import Amqp
from local_azure.amqp.values import (
    Described,
    Int,
    Raw,
    Symbol,
    Symbols,
    Timestamp,
    Ubyte,
    Uint,
    Ulong,
    Ushort,
)
from local_azure.amqp.writing import written
from local_azure.server import LocalAzure

VALUES: list[Any] = [
    None, True, False, Ubyte(7), Ushort(7), Uint(7), Ulong(7), Ulong(300), Int(-7), -7, 1.5, Timestamp(7),
    uuid.UUID(int=7), b"bytes", b"x" * 300, "text", "t" * 300, Symbol("symbol"), [1, "two", None],
    {"one": Uint(1), Symbol("two"): [2]}, Symbols([Symbol("a"), Symbol("bc")]), Described(0x24, []),
]  # fmt: skip


class Peer:
    """A connection without a socket, and what it wrote."""

    def __init__(self) -> None:
        self.out, self.is_ended = b"", False
        self.connection = Connection(self._write, self._attach, self._end)

    def _write(self, data: bytes) -> None:
        self.out += data

    def _attach(self, link: Link) -> Node:
        raise AmqpError("amqp:not-found", f"There is no {link.address}.")

    def _end(self) -> None:
        self.is_ended = True

    def opened(self) -> "Peer":
        self.connection.feed(PLAIN)
        self.connection.feed(frame(0, performative("open", container_id="me", hostname="host")))
        self.connection.feed(
            frame(0, performative("begin", next_outgoing_id=Uint(0), incoming_window=Uint(9)))
        )
        self.out = b""
        return self

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """The performatives that were written since."""
        found, at = list[tuple[str, dict[str, Any]]](), 0
        while at < len(self.out):
            (size,) = struct.unpack_from(">I", self.out, at)
            _, one, _ = taken_apart(self.out[at : at + size])
            assert one is not None
            found.append((one.kind, dict(one.fields)))
            at += size
        return found


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_read_as_it_was_written(value: Any) -> None:
    data = written(value)
    found, end = read(data)
    assert (found, type(found), end) == (value, type(value), len(data))


def test_an_array_that_nobody_looks_at_is_passed_on_as_it_came() -> None:
    array = b"\xe0\x0b\x02\x71\x00\x00\x00\x01\x00\x00\x00\x02\x00"[:13]
    found, end = read(array)
    assert (found, end, written(found)) == (Raw(array), len(array), array)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xa1\x09short",
        b"\xa1\x01\xff",
        b"\x00",
        b"\xff",
        b"\xd0\x00\x00\x00\xff",
        b"\xc0\x01\xff",
        b"\x00" * 100,
        b"\xc0\x02\x01" * 60,
    ],
)
def test_bytes_that_are_no_amqp_are_malformed_and_no_other_error(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


def test_a_performative_is_written_with_nulls_to_its_end() -> None:
    _, found, _ = taken_apart(frame(0, performative("open", container_id="me")))
    assert found is not None
    assert len(found.fields) == 10


def test_who_is_anonymous_is_let_as_far_as_the_tokens() -> None:
    peer = Peer()
    peer.connection.feed(SASL)
    assert peer.out.startswith(SASL)
    peer.out = peer.out[len(SASL) :]
    peer.connection.feed(frame(0, performative("sasl_init", mechanism=Symbol("ANONYMOUS")), is_sasl=True))
    (_, offered), (kind, outcome) = peer.said()
    assert list(offered["sasl_server_mechanisms"]) == ["MSSBCBS", "ANONYMOUS", "EXTERNAL"]
    assert (kind, outcome["code"]) == ("sasl_outcome", 0)


def test_a_link_that_is_refused_is_attached_without_its_end_and_ended_with_the_reason() -> None:
    peer = Peer().opened()
    target = performative("target", address="amqps://host/orders")
    asked = performative("attach", name="one", handle=Uint(0), role=False, target=target)
    peer.connection.feed(frame(0, asked))
    (first, attached), (second, detached) = peer.said()
    assert (first, attached["target"], second, detached["closed"]) == ("attach", None, "detach", True)
    assert detached["error"].value[:2] == ["amqp:not-found", "There is no orders."]
    assert not peer.is_ended


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">IBBH", LARGEST + 1, 2, 0, 0),
        struct.pack(">IBBH", 4, 2, 0, 0),
        struct.pack(">IBBH", 9, 2, 0, 0) + b"\xff",
        frame(0, Described(0x99, [])),
        frame(7, performative("flow")),
        frame(0, performative("begin")),
        frame(0, performative("attach", name="one", handle=Uint(0))),
    ],
    ids=["too large", "too small", "no value", "unknown", "no session", "begun twice", "no end"],
)
def test_a_peer_that_speaks_no_amqp_is_told_so_and_left(data: bytes) -> None:
    peer = Peer().opened()
    peer.connection.feed(data)
    ((kind, fields),) = peer.said()
    assert (kind, fields["error"].value[0]) == ("close", "amqp:decode-error")
    assert peer.is_ended


def test_what_comes_in_pieces_is_read_like_a_whole() -> None:
    peer = Peer()
    for one in PLAIN + frame(0, performative("open", container_id="me", hostname="Host:5671")):
        peer.connection.feed(bytes([one]))
    assert peer.connection.host == "host"


def test_a_message_keeps_what_its_broker_does_not_know() -> None:
    body = written(Described(0x75, b"data")) + written(Described(0x78, {Symbol("footer"): 1}))
    raw = (
        written(Described(0x72, {Symbol("x-opt-mine"): "kept"}))
        + written(Described(0x74, {"part": 7}))
        + body
    )
    (message,) = messages_in(raw, is_batch=False)
    given = Message.read(message.written(more={"x-opt-sequence-number": 7}))
    assert given.annotations == {"x-opt-mine": "kept", "x-opt-sequence-number": 7}
    assert (given.application, given.body, given.data) == ({"part": 7}, body, [b"data"])


def test_a_link_that_is_refused_while_it_asks_for_more_is_told_nothing_after_its_end() -> None:
    class Expired:
        def credited(self, link: Link) -> None:
            link.refuse(AmqpError("amqp:unauthorized-access", "ExpiredToken"))

        def received(self, link: Link, message: bytes, is_batch: bool) -> None:
            """Not asked here."""

        def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
            """Not asked here."""

        def closed(self, link: Link) -> None:
            """Not asked here."""

    class Attaching(Peer):
        def _attach(self, link: Link) -> Node:
            assert link.address == "orders"
            return Expired()

    peer = Attaching().opened()
    source = performative("source", address="orders")
    peer.connection.feed(
        frame(0, performative("attach", name="one", handle=Uint(0), role=True, source=source))
    )
    peer.out = b""
    asked = {"handle": Uint(0), "link_credit": Uint(1), "incoming_window": Uint(9), "drain": True}
    peer.connection.feed(frame(0, performative("flow", **asked)))
    assert [kind for kind, _ in peer.said()] == ["detach"]


def test_all_who_call_at_once_are_led_to_one_listener(tmp_path: Path) -> None:
    with LocalAzure(tmp_path) as local, ThreadPoolExecutor(8) as threads:
        address = local.azure.service(Amqp).address
        together = threading.Barrier(8)

        def asked(_: int) -> tuple[str, int]:
            together.wait()
            return address()

        assert len(set(threads.map(asked, range(8)))) == 1


def test_nothing_listens_before_somebody_calls_and_every_port_leads_to_the_same_place(
    local_azure: LocalAzure,
) -> None:
    amqp: Any = local_azure.azure.service(Amqp)
    assert amqp._listener is None
    proxy = urlsplit(local_azure.proxy_url)
    context = ssl.create_default_context(cafile=local_azure.addresses.authority)
    said: list[bytes] = []
    for port, hello in ((5671, SASL), (443, b"GET / HTTP/1.1\r\nHost: shop.servicebus.windows.net\r\n\r\n")):
        with socket.create_connection((str(proxy.hostname), int(proxy.port or 0))) as plain:
            plain.sendall(f"CONNECT shop.servicebus.windows.net:{port} HTTP/1.1\r\n\r\n".encode())
            assert plain.recv(100).startswith(b"HTTP/1.1 200")
            with context.wrap_socket(plain, server_hostname="shop.servicebus.windows.net") as line:
                line.sendall(hello)
                said.append(line.recv(8))
    assert said == [SASL, b"HTTP/1.1"]
    assert amqp._listener is not None
