"""What links to Service Bus and to Event Hubs have in common: a namespace, something in it, and a connection
of the Functions runtime.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..endpoints import host_of, read_id_and_endpoint
from ..names.rule import NameRule
from ..roles import Role
from .endpoint import role_on
from .link import TargetLink, Told
from .record import Record
from .scope import Scope

_SERVICE: Final = "servicebus"
"""In the address of a namespace of either service."""
_EXAMPLE: Final = "https://<namespace>.servicebus.windows.net/"


@dataclass(frozen=True)
class Part:
    """Something in a namespace, or in another part: what the arguments call it, and how its id ends."""

    name: str
    rule: NameRule
    segment: str

    def below(self, id: str, name: str) -> str:
        return f"{id.rstrip('/')}/{self.segment}/{name}"


def read_messaging_link(record: Record, type_: str, role: Role, parts: Sequence[Part]) -> TargetLink:
    """A role on the last of the parts that are named, each in the one before it; on all of the namespace
    where none is.

    Code is told the namespace's host as `<PREFIX>_HOST`, and each part's name as `<PREFIX>_<PART>`.
    """
    arguments, prefix = record.arguments, record.prefix
    id, endpoint = read_id_and_endpoint(arguments, ("id", "endpoint"), type_, _SERVICE, _EXAMPLE)
    if not arguments.has("id") and not arguments.has("endpoint"):
        arguments.require("id", "the namespace that the link is for")
    names = [(part, arguments.text(part.name, part.rule.form)) for part in parts]
    if id is None or endpoint is None:
        return TargetLink(arguments.path, record.grants_here)
    host = endpoint.apply(host_of)
    scope, told = Scope.of(arguments.raw("id"), id), dict[str, Told]({f"{prefix}_HOST": host})
    for part, name in names:
        if name is not None:
            scope = scope.within(arguments.raw(part.name), part.below, name)
            told[f"{prefix}_{part.name.upper()}"] = name
    return role_on(record, role, scope, told, {"fullyQualifiedNamespace": host})
