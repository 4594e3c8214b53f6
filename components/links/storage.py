"""What links to the blobs, queues and tables of a storage account have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi

from ..arguments import Arguments
from ..endpoints import normal_endpoint, read_id_and_endpoint
from ..names import NameRule
from ..references import STORAGE
from ..roles import Role
from .grants import RoleNeed, Scope, parts_named
from .link import TargetLink, Told
from .record import Record


@dataclass(frozen=True)
class Service:
    """One service of an account, and what is in it: the narrowest scope of a role there."""

    name: str
    part: str
    """What the arguments call that: container, queue, table."""
    rule: NameRule
    below: Callable[[str, str], str]


@dataclass(frozen=True)
class Account:
    """An account as it was given, with the address of the service that a link is for."""

    scope: Scope
    endpoint: pulumi.Output[str]


def read_storage_link(record: Record, service: Service, role: Role) -> TargetLink:
    """A role on one part of the service, or on all of it where none is named."""
    arguments = record.arguments
    account = read_account(arguments, ("id", "endpoint"), service.name)
    if account is None and not arguments.has("id") and not arguments.has("endpoint"):
        arguments.require("id", "the account that the link is for")
    link = Access(record, service, role, arguments.path).to(account, arguments, service.part)
    return replace(link, recorded=parts_named(link.needed))


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
        if name is not None:
            scope = scope.within(given.raw(part_key), self.service.below, name)
            told[f"{prefix}_{self.service.part.upper()}"] = name
        need = RoleNeed(self.record.name, self.role, scope, self.source)
        return TargetLink(self.source, here, [need], told, self.recorded)
