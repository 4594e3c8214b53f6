"""Leads a Python program to the local Azure where it looks a name up: clients of databases and of Redis know
no proxy.

Python imports it by its name from a folder of PYTHONPATH, before the program. The program may run with other
packages, so it imports nothing of the project. `LOCAL_AZURE_LISTENERS` says what leads where, as
`local_azure/lookups.py` writes it. Names stay what they are: TLS asks for the certificate of Azure's name.

https://docs.python.org/3/library/site.html#module-sitecustomize
"""
# ruff: noqa: PTH100, PTH120 - every program pays for what is imported here

import importlib.util
import os
import socket
import sys
from importlib.machinery import PathFinder
from typing import Any

_real = socket.getaddrinfo


def _fits(wanted: str, label: str) -> bool:
    return wanted in ("*", label)


def _place(host: str, port: Any) -> "tuple[str, Any] | None":
    """Where a name and a port lead to; None where the name is not Azure's. Raises gaierror where nothing
    listens at that port of it: the real one is never asked."""
    labels = host.lower().rstrip(".").split(".")
    for entry in os.environ.get("LOCAL_AZURE_LISTENERS", "").split():
        names, _, place = entry.partition("=")
        pattern, _, ports = names.partition(":")
        wanted = pattern.split(".")
        if len(wanted) != len(labels) or not all(map(_fits, wanted, labels)):
            continue
        address, _, own = place.partition(":")
        if port is None:
            return address, None
        # Variables such as PGPORT tell clients the listener's own port.
        if str(port) in (*ports.split(","), own):
            return address, int(own)
        raise socket.gaierror(socket.EAI_NONAME, f"the local Azure does not listen at {host}:{port}")
    return None


def _getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
    name: Any = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    place = _place(name, port) if isinstance(name, str) else None
    return _real(*(place or (host, port)), *args, **kwargs)


def _import_the_next() -> None:
    """The module of that name that would have been found without this one."""
    here = os.path.dirname(os.path.abspath(__file__))
    elsewhere = [one for one in sys.path if os.path.abspath(one) != here]
    found = PathFinder.find_spec("sitecustomize", elsewhere)
    if found is not None and found.loader is not None:
        found.loader.exec_module(importlib.util.module_from_spec(found))


socket.getaddrinfo = _getaddrinfo
_import_the_next()
