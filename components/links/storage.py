"""What links to the blobs, files, queues and tables of a storage account have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from ..arguments import Arguments
from ..endpoints import normal_endpoint, read_id_and_endpoint
from ..names.rule import NameRule
from ..references import STORAGE
from ..roles import Role
from .link import ConnectionLink, TargetLink, Told
from .needs import Need
from .record import Record
from .role_need import RoleNeed, parts_named
from .scope import Scope

_BESIDE: Final = "signing"
"""Ends the name of what all links that sign in one account share, whichever of them come and go."""


@dataclass(frozen=True)
class Service:
    """One service of an account, and what is in it: the narrowest scope of a role there."""

    name: str
    part: str
    """What the arguments call that: container, share, queue, table."""
    rule: NameRule
    below: Callable[[str, str], str]
    connection: str = ""
    """What the Functions runtime calls its address; empty where it has no trigger or binding for it."""


@dataclass(frozen=True)
class Account:
    """An account as it was given, with the address of the service that a link is for."""

    scope: Scope
    endpoint: pulumi.Output[str]


def read_storage_link(
    record: Record, service: Service, role: Role, *, beside: Role | None = None, trigger: Role | None = None
) -> TargetLink:
    """A role on one part of the service, or on all of it where none is named. `beside` is what it takes on
    the account where the role is on a part, `trigger` what a trigger of Functions takes besides on the same.
    """
    arguments = record.arguments
    account = read_account(arguments, ("id", "endpoint"), service.name)
    if account is None and not arguments.has("id") and not arguments.has("endpoint"):
        arguments.require("id", "the account that the link is for")
    link = Access(record, service, role, arguments.path, beside=beside).to(account, arguments, service.part)
    if account is None:
        return link
    own = link.needed[0]
    also = (
        [RoleNeed(f"{record.name}-trigger", trigger, own.scope, link.source)]
        if trigger is not None and isinstance(own, RoleNeed)
        else []
    )
    return ConnectionLink(
        link.source,
        link.grants_here,
        link.needed,
        link.told,
        parts_named([*link.needed, *also]),
        prefix=record.prefix,
        connection={service.connection: account.endpoint.apply(normal_endpoint)}
        if service.connection
        else {},
        for_triggers=also,
    )


def read_account(arguments: Arguments, keys: tuple[str, str], service: str) -> Account | None:
    example = f"https://<account>.{service}.core.windows.net/"
    id, endpoint = read_id_and_endpoint(arguments, keys, STORAGE, service, example)
    return None if id is None or endpoint is None else Account(Scope.of(arguments.raw(keys[0]), id), endpoint)


@dataclass(frozen=True)
class Access:
    """What is done with a service, and how messages and a preview call it."""

    record: Record
    service: Service
    role: Role
    source: str
    recorded: Mapping[str, Any] = field(default_factory=dict[str, Any])
    beside: Role | None = None

    def to(self, account: Account | None, given: Arguments, part_key: str) -> TargetLink:
        """The link. Code is told the service's address as `<PREFIX>_ENDPOINT` and the name of a part as
        `<PREFIX>_<PART>`; nothing where there is no account.
        """
        here, prefix = self.record.grants_here, self.record.prefix
        name = given.text(part_key, self.service.rule.form)
        if account is None:
            return TargetLink(self.source, here, recorded=self.recorded)
        scope, told = account.scope, dict[str, Told]()
        told[f"{prefix}_ENDPOINT"] = account.endpoint.apply(normal_endpoint)
        needs: list[Need] = []
        if name is not None:
            if self.beside is not None:
                apart = f"{self.record.name}-account"
                needs.append(RoleNeed(_BESIDE, self.beside, account.scope, self.source, apart=apart))
            scope = scope.within(given.raw(part_key), self.service.below, name)
            told[f"{prefix}_{self.service.part.upper()}"] = name
        needs.insert(0, RoleNeed(self.record.name, self.role, scope, self.source))
        return TargetLink(self.source, here, needs, told, self.recorded)
