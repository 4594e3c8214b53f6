"""What an HTTP action can reach as the workflow's identity, by which audience, and what it cannot and why.

An action sends its token as a header, `Authorization: Bearer`, and reads and writes HTTP: no more than that.
Source: https://learn.microsoft.com/azure/logic-apps/authenticate-with-managed-identity
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ...arguments import Arguments
from ...azure_facts.audiences import Service, audience
from ...errors import Step, TakeOut
from ...links import target_records
from .operations import map_in

AUDIENCES: Final[Mapping[str, Service]] = {
    "key_vault": Service.KEY_VAULT,
    "keys": Service.KEY_VAULT,
    "certificates": Service.KEY_VAULT,
    "blobs": Service.STORAGE,
    "queues": Service.STORAGE,
    "tables": Service.STORAGE,
    "files": Service.STORAGE,
    "service_bus": Service.SERVICE_BUS,
    "event_hubs": Service.EVENT_HUBS,
    "event_grid": Service.EVENT_GRID,
    "signalr": Service.SIGNALR,
    "web_pub_sub": Service.WEB_PUBSUB,
    "logs_ingestion": Service.MONITOR,
    "app_configuration": Service.APP_CONFIGURATION,
    "ai": Service.AZURE_AI_SERVICES,
    "search": Service.SEARCH,
}
"""Targets, as fields of a link call them, whose services take such a header."""
OF_VAULTS: Final = frozenset(target for target, service in AUDIENCES.items() if service is Service.KEY_VAULT)
"""Targets whose answers may be secrets: a key opens them, a certificate that is used is read as one."""
OWN_AUDIENCE: Final = "app"
"""The target that says itself what a token for it is for."""
ANY_AUDIENCE: Final = "role"
"""The target that may be anything: an action says the audience itself."""

_NO_HTTP: Final = "its clients speak a protocol of their own, and an HTTP action speaks HTTP"
_NO_HEADER: Final = "its interface takes a token in a header of another form than an HTTP action writes"
_EXCHANGED: Final = "a client exchanges its token for one of the registry's, and no action holds its token"
UNREACHABLE: Final[Mapping[str, str]] = {
    "cosmos": _NO_HEADER,
    "postgres": _NO_HTTP,
    "mysql": _NO_HTTP,
    "sql": _NO_HTTP,
    "redis": _NO_HTTP,
    "registry": _EXCHANGED,
}
"""Targets that no action can reach as an identity, with the reason. https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
and https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md"""


def read_targets(arguments: Arguments) -> Mapping[str, str]:
    """The target of each link, by the link's name. Those that no action can reach are refused."""
    kinds, found = target_records(), dict[str, str]()
    for name, record in _records(arguments).items():
        named = [target for target in kinds if target in record]
        for target in named:
            if target in UNREACHABLE:
                _refuse(arguments, f"links[{name}]", target)
        if len(named) == 1:
            found[name] = named[0]
    return found


def audience_of(target: str) -> str:
    """What a token for a target of `AUDIENCES` is asked for."""
    return audience(AUDIENCES[target])


def is_of_vaults(said: object) -> bool:
    """Whether a token for that audience opens vaults."""
    return isinstance(said, str) and said.rstrip("/").lower() == audience(Service.KEY_VAULT)


def _refuse(arguments: Arguments, link: str, target: str) -> None:
    instead = "let a function app or a container app reach it, and have the workflow call that one"
    out = Step(f"take {link} out; {instead}", (TakeOut(link),))
    expected = f"a target that an HTTP action reaches as an identity: {UNREACHABLE[target]}"
    arguments.refuse(link, f"a link with {target}", expected, out)


def _records(arguments: Arguments) -> Mapping[str, Sequence[str]]:
    """The fields that each link has, as far as it can be read; what is no link is refused elsewhere."""
    links = map_in({"links": arguments.raw("links")}, "links")
    return {name: [key for key, value in map_in(links, name).items() if value is not None] for name in links}
