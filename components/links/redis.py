"""The link to the database of an Azure Managed Redis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi

from ..endpoints import read_id_and_host
from ..redis_grant import POLICY, RedisGrant
from ..references import REDIS
from .link import Link, TargetLink
from .needs import Granted, Grantee, Need
from .record import Record
from .scope import Scope

PORT: Final = 10000
"""The one port of a database. https://learn.microsoft.com/azure/redis/architecture"""
_EXAMPLE: Final = "<name>.<region>.redis.azure.net"


class RedisLinkArgs(TypedDict):
    """The database of a Managed Redis. Code is told `_HOST` and `_PORT`; it may do everything there."""

    id: pulumi.Input[str]
    """Resource id of the Managed Redis, as a ManagedRedis outputs it."""
    endpoint: pulumi.Input[str]
    """Host name of it, amr-team.westeurope.redis.azure.net."""


@dataclass(frozen=True)
class RedisNeed:
    """The one access policy that there is, in the database."""

    key: str
    scope: Scope
    source: str

    @property
    def same(self) -> tuple[object, ...]:
        return ("redis", *self.scope.parts)

    def told_apart(self, component: str, earlier: Sequence[Need]) -> Need:  # noqa: ARG002 - the protocol's
        return self  # two that turn out to be one have one name, which the engine or Azure refuses

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        made = RedisGrant(name, self.scope.id, to.principal_id, to.principal_name, to.granted_by, opts)
        return Granted(made, made.assignment, made.access)

    def words(self) -> pulumi.Output[str]:
        return pulumi.Output.format("access policy {0} on {1}", POLICY, self.scope.id)


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/redis/entra-for-authentication"""
    arguments, prefix = record.arguments, record.prefix
    arguments.require("id", "the Managed Redis that the link is for")
    id, host = read_id_and_host(arguments, ("id", "endpoint"), REDIS, "redis", _EXAMPLE)
    if id is None or host is None:
        return TargetLink(arguments.path, record.grants_here)
    need = RedisNeed(record.name, Scope.of(arguments.raw("id"), id), arguments.path)
    told = {f"{prefix}_HOST": host, f"{prefix}_PORT": pulumi.Output.from_input(str(PORT))}
    return TargetLink(arguments.path, record.grants_here, [need], told)
