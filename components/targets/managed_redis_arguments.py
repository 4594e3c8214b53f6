"""The arguments of an Azure Managed Redis: what to create or to adopt."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import MANAGED_REDIS as TOKEN
from ..form import Form
from ..names.databases import MANAGED_REDIS
from ..references import REDIS
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetZoneArgs, read_target_network

SMALLEST: Final = "Balanced_B0"
_SIZE: Final = Form.matching(
    "a size such as Balanced_B0, MemoryOptimized_M10, ComputeOptimized_X3 or FlashOptimized_A250",
    r"(Balanced_B|MemoryOptimized_M|ComputeOptimized_X|FlashOptimized_A)\d{1,4}",
    r"(?:[A-Za-z]*_?[A-Za-z]?\d*)",
)
"""https://learn.microsoft.com/azure/redis/overview#choosing-the-right-tier"""


class ClusteringPolicy(StrEnum):
    """How clients see the shards. Azure's own names."""

    ENTERPRISE = "EnterpriseCluster"
    """As one server: every client of Redis works."""
    OSS = "OSSCluster"
    """Each by itself, which is faster and takes a client that knows clusters."""
    NONE = "NoCluster"
    """There is one shard, for up to 25 GB."""


class ManagedRedisArgs(TargetZoneArgs, TargetArgs):
    """Arguments of ManagedRedis: either what to create, or `existing_id`. Links let identities in."""

    redis_name: NotRequired[pulumi.Input[str]]
    """Name of it, unique in its region, 1 to 60 characters; left out, amr-<name>-<stack>-<random>."""
    size: NotRequired[str]
    """What it can hold and costs, by Azure's name; left out, Balanced_B0, the smallest."""
    high_availability: NotRequired[bool]
    """Whether there is a second node, at twice the price; left out, true."""
    clustering_policy: NotRequired[ClusteringPolicy]
    """How clients see its shards; left out, EnterpriseCluster. Another one makes the database anew, empty."""


KIND: Final = TargetKind(
    component="ManagedRedis",
    token=TOKEN,
    type_=REDIS,
    what="the Managed Redis",
    name_key="redis_name",
    name_rule=MANAGED_REDIS,
    group_id="redisEnterprise",
)


@dataclass(frozen=True)
class ManagedRedisChoices:
    """The arguments, read and checked."""

    target: TargetChoices
    size: str
    is_available: bool
    clustering: ClusteringPolicy


def read_managed_redis(arguments: Arguments) -> ManagedRedisChoices:
    """Problems are noted in `arguments`."""
    size = arguments.plain_text("size", SMALLEST)
    if not _SIZE.holds(size):
        step = f"write one of Azure's sizes, or leave it out for {SMALLEST}"
        arguments.refuse("size", _SIZE.refused(size), _SIZE.words, step)
    network = read_target_network(arguments, REDIS, KIND.group_id, KIND.what)
    return ManagedRedisChoices(
        target=read_target(arguments, ManagedRedisArgs, KIND, network),
        size=size,
        is_available=arguments.flag("high_availability", True),
        clustering=arguments.choice("clustering_policy", ClusteringPolicy, ClusteringPolicy.ENTERPRISE),
    )
