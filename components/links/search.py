"""The link to an AI Search service, or to one of its indexes."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.ai import SEARCH_INDEX
from ..references import SEARCH, search_index_id
from ..roles import Role
from .endpoint import Addressed, Part, read_endpoint_link
from .link import Link
from .record import Record

SERVICE: Final = Addressed(
    type_=SEARCH, service="search", example="https://<service>.search.windows.net/", what="the service"
)
INDEX: Final = Part("index", SEARCH_INDEX, search_index_id)


class SearchAccess(StrEnum):
    """What an app may do with documents of search indexes."""

    READ = "read"
    """Search and read documents."""
    WRITE = "write"
    """Search, read, write and delete documents; the indexes stay as they are."""

    @property
    def role(self) -> Role:
        return {
            SearchAccess.READ: Role.SEARCH_INDEX_DATA_READER,
            SearchAccess.WRITE: Role.SEARCH_INDEX_DATA_CONTRIBUTOR,
        }[self]


class SearchLinkArgs(TypedDict):
    """An AI Search service, or one index of it. Code is told `_ENDPOINT` and `_INDEX`."""

    id: pulumi.Input[str]
    """Resource id of the service, as a SearchService outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the service, https://srch-team.search.windows.net/."""
    index: NotRequired[pulumi.Input[str]]
    """The one index that the link is for; left out, all of the service's."""
    access: NotRequired[SearchAccess]
    """What code may do with documents; left out, read."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/search/search-security-rbac"""
    verb = record.arguments.choice("access", SearchAccess, SearchAccess.READ)
    return read_endpoint_link(record, SERVICE, verb.role, INDEX)
