"""What links have in common that are a role on one resource, which code reaches at one address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi

from ..endpoints import normal_endpoint, read_id_and_endpoint
from ..names.rule import NameRule
from ..roles import Role
from .link import ConnectionLink, TargetLink, Told
from .record import Record
from .role_need import RoleNeed, parts_named
from .scope import Scope


@dataclass(frozen=True)
class Addressed:
    """A type of resource with one address: Azure's type, the word in its host names, such as `signalr`, and
    what that address looks like. `what` is how a message calls one, with its article.

    `path` ends the address where that is not its host; `connection` is what the Functions runtime calls the
    address in its settings, empty where it has no trigger or binding for it.
    """

    type_: str
    service: str
    example: str
    what: str
    path: str = ""
    connection: str = ""
    is_named: bool = True
    """Whether the host begins with the resource's name."""

    @property
    def written(self) -> Callable[[str], str]:
        """How code is told an address, however it was given."""
        return str if self.path else normal_endpoint


@dataclass(frozen=True)
class Part:
    """Something in the resource: what the arguments call it, and its id, where a role can be for it alone."""

    name: str
    rule: NameRule
    below: Callable[[str, str], str] | None = None


def read_endpoint_link(record: Record, target: Addressed, role: Role, part: Part | None = None) -> TargetLink:
    """The role on the resource, or on the part of it that is named. Code is told the address as
    `<PREFIX>_ENDPOINT` and the part's name as `<PREFIX>_<PART>`.
    """
    arguments, prefix = record.arguments, record.prefix
    keys = ("id", "endpoint")
    id, address = read_id_and_endpoint(
        arguments,
        keys,
        target.type_,
        target.service,
        target.example,
        target.path,
        is_named=target.is_named,
    )
    if not any(arguments.has(key) for key in keys):
        arguments.require("id", f"{target.what} that the link is for")
    name = None if part is None else arguments.text(part.name, part.rule.form)
    if id is None or address is None:
        return TargetLink(arguments.path, record.grants_here)
    endpoint: pulumi.Output[str] = address.apply(target.written)
    scope, told = Scope.of(arguments.raw("id"), id), dict[str, Told]({f"{prefix}_ENDPOINT": endpoint})
    if part is not None and name is not None:
        told[f"{prefix}_{part.name.upper()}"] = name
        scope = scope if part.below is None else scope.within(arguments.raw(part.name), part.below, name)
    connection = {target.connection: endpoint} if target.connection else {}
    return role_on(record, role, scope, told, connection)


def role_on(
    record: Record,
    role: Role,
    scope: Scope,
    told: Mapping[str, Told],
    connection: Mapping[str, pulumi.Output[str]],
) -> ConnectionLink:
    """The link that is one role on that scope, with what code and what triggers are told."""
    needs, path = [RoleNeed(record.name, role, scope, record.arguments.path)], record.arguments.path
    named = parts_named(needs)
    return ConnectionLink(
        path, record.grants_here, needs, told, named, prefix=record.prefix, connection=connection
    )
