"""What leads programs that look names up, and know no proxy, to the listeners: the programs that the local
Azure runs are led there, if they are Python's.

`LOCAL_AZURE_LISTENERS` has for each listener its names, its ports and where it is, with a space between two:
`*.mysql.database.azure.com:3306=127.0.0.1:40123`. The module in `leads_here` reads it.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeGuard

from local_azure.planes import ListenerPlane, Plane

LISTENERS: Final = "LOCAL_AZURE_LISTENERS"
_FOLDER: Final = Path(__file__).with_name("leads_here")
_PATH: Final = "PYTHONPATH"


def listeners(planes: Iterable[Plane]) -> dict[str, str]:
    """The variable, of what listens."""
    return {LISTENERS: " ".join(_told(one) for one in planes if _is_looked_up(one))}


def led_here(environment: Mapping[str, str]) -> dict[str, str]:
    """A program's environment, in which Python finds the module where there is something to lead to. Folders
    that the program has in PYTHONPATH itself come after it."""
    if LISTENERS not in environment:
        return dict(environment)
    own = [one for one in environment.get(_PATH, "").split(os.pathsep) if one]
    return {**environment, _PATH: os.pathsep.join([str(_FOLDER), *own])}


def _is_looked_up(plane: Plane) -> TypeGuard[ListenerPlane]:
    return isinstance(plane, ListenerPlane) and plane.looked_up


def _told(plane: ListenerPlane) -> str:
    ports = ",".join(str(one) for one in (plane.port, *plane.other_ports))
    return "{}:{}={}:{}".format(plane.hosts, ports, *plane.address())
