"""No request to the local Azure waits for TCP's own delays."""

import socket
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest

from local_azure.listeners import acknowledging, listener


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with listener() as listening:
        yield listening


def test_what_is_accepted_sends_small_pieces_at_once(listening: socket.socket) -> None:
    with socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_keeps_nobody_from_listening(listening: socket.socket) -> None:
    last = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with listener(last) as other:
        assert other.getsockname()[0] == "127.0.0.1"
        assert other.getsockname() != listening.getsockname()


def test_pieces_are_acknowledged_at_once_where_the_system_can(monkeypatch: pytest.MonkeyPatch) -> None:
    connection: Any = Mock(spec=socket.socket)
    monkeypatch.setattr(socket, "TCP_QUICKACK", 12, raising=False)
    acknowledging(connection)()
    connection.setsockopt.assert_called_once_with(socket.IPPROTO_TCP, 12, 1)
    monkeypatch.delattr(socket, "TCP_QUICKACK")
    acknowledging(connection)()
    assert connection.setsockopt.call_count == 1
