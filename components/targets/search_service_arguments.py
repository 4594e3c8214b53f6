"""The arguments of an AI Search service: what to create or to adopt, and who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import SEARCH_SERVICE as TOKEN
from ..names.ai import SEARCH as NAME
from ..references import SEARCH
from ..roles import Role
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetworkArgs, read_target_network


class SearchTier(StrEnum):
    """What a service can do and costs, by Azure's own names.
    https://learn.microsoft.com/azure/search/search-sku-tier
    """

    FREE = "free"
    """For trying: 50 MB, no rules for networks, no private endpoint, one replica."""
    BASIC = "basic"
    """The least for production: up to three replicas and three partitions."""
    STANDARD = "standard"
    """S1: up to twelve of each."""
    STANDARD2 = "standard2"
    """S2."""
    STANDARD3 = "standard3"
    """S3."""
    STORAGE_OPTIMIZED_L1 = "storage_optimized_l1"
    """L1: much room, slower answers."""
    STORAGE_OPTIMIZED_L2 = "storage_optimized_l2"
    """L2."""

    @property
    def most(self) -> int:
        """How many replicas and how many partitions it takes."""
        return {SearchTier.FREE: 1, SearchTier.BASIC: 3}.get(self, 12)


class SearchServiceArgs(TargetNetworkArgs, TargetArgs):
    """Arguments of SearchService: either what to create, or `existing_id`; and the people who are let in."""

    service_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the service, 2 to 60 characters; left out, srch-<name>-<stack>-<random>."""
    tier: NotRequired[SearchTier]
    """What it can do and costs; left out, basic."""
    replicas: NotRequired[int]
    """Copies that answer, 1 to 12, in basic to 3; left out, 1. Azure's promise for reading begins with 2."""
    partitions: NotRequired[int]
    """Parts that indexes are spread over: 1, 2, 3, 4, 6 or 12, in basic to 3; left out, 1."""
    index_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may search, as display name to object id; left out, none."""
    index_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write documents, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="SearchService",
    token=TOKEN,
    type_=SEARCH,
    what="the service",
    name_key="service_name",
    name_rule=NAME,
    group_id="searchService",
    people={
        "index_readers": ("reader", Role.SEARCH_INDEX_DATA_READER),
        "index_writers": ("writer", Role.SEARCH_INDEX_DATA_CONTRIBUTOR),
    },
)
_PARTITIONS: Final = (1, 2, 3, 4, 6, 12)


@dataclass(frozen=True)
class SearchServiceChoices:
    """The arguments of a service, read and checked."""

    target: TargetChoices
    tier: SearchTier
    replicas: int
    partitions: int


def read_search_service(arguments: Arguments) -> SearchServiceChoices:
    """Problems are noted in `arguments`."""
    tier = arguments.choice("tier", SearchTier, SearchTier.BASIC)
    network = read_target_network(arguments, SEARCH, KIND.group_id, KIND.what)
    said = [key for key in TargetNetworkArgs.__annotations__ if arguments.has(key)]
    if tier is SearchTier.FREE and said and not (network.is_silent and network.endpoint is None):
        step = f"set tier to basic, or take {said[0]} out"
        expected = "rules for networks in a tier that has them: basic or above"
        arguments.refuse(f"tier and {said[0]}", f"free, with {said[0]}", expected, step)
    partitions = arguments.whole_number("partitions", 1, lowest=1, highest=tier.most)
    if partitions not in _PARTITIONS:
        fewer = max(one for one in _PARTITIONS if one < partitions)
        expected = f"one of {', '.join(map(str, _PARTITIONS))}"
        arguments.refuse("partitions", "a number between two of them", expected, f"write {fewer}")
    return SearchServiceChoices(
        target=read_target(arguments, SearchServiceArgs, KIND, network),
        tier=tier,
        replicas=arguments.whole_number("replicas", 1, lowest=1, highest=tier.most),
        partitions=partitions,
    )
