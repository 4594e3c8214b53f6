"""Runs Python as in a container: with a network and packages of its own. Started by file name; it imports
nothing of the project.

`python isolated.py '{"ports": {"8000": 23456}, "root": "/…"}' (FILE | -m MODULE | -c CODE) ARGUMENT…`

A container may listen at any port of all its addresses, and only what its host publishes is reached from
outside. Here a port that is published becomes the free one of the loopback that the host chose, and each
other one any that is free: two containers with one port do not meet, and nothing listens to the world."""

import json
import runpy
import socket
import sys
from pathlib import Path
from typing import Any

_bind = socket.socket.bind
_EVERYWHERE = ("", "0.0.0.0", "::")


def main(told: dict[str, Any], command: list[str]) -> None:
    """Become the program."""
    ports: dict[str, int] = told["ports"]

    def bind(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] in _EVERYWHERE:
            loopback = "127.0.0.1" if self.family == socket.AF_INET else "::1"
            if self.family == socket.AF_INET6 and str(address[1]) in ports:
                # What is published is reached at 127.0.0.1; this address of the loopback takes both.
                self.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                loopback = "::ffff:127.0.0.1"
            address = (loopback, ports.get(str(address[1]), 0), *address[2:])
        _bind(self, address)

    socket.socket.bind = bind  # type: ignore[method-assign,assignment]
    # After this machine's own: what an image was built with may be for another Python.
    sys.path += [str(one) for one in sorted(Path(told["root"]).glob("usr/local/lib/python3*/site-packages"))]
    kind, *rest = command
    if kind == "-m":
        sys.path[0] = str(Path.cwd())
        sys.argv = ["-m", *rest[1:]]
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.path[0] = ""
        sys.argv = ["-c", *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.path[0] = str(Path(kind).resolve().parent)
        sys.argv = [kind, *rest]
        runpy.run_path(kind, run_name="__main__")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
