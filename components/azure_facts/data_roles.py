"""What lets into data beside Azure's roles: Cosmos DB's own roles, and rights of keys.

https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security,
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas and
https://learn.microsoft.com/azure/event-hubs/authorize-access-shared-access-signature
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from .data import read
from .roles import BuiltInRole, Permissions


class CosmosRole(StrEnum):
    """The roles on data that every Cosmos DB account has, by their names."""

    READER = "Cosmos DB Built-in Data Reader"
    CONTRIBUTOR = "Cosmos DB Built-in Data Contributor"

    @property
    def guid(self) -> str:
        """Under which GUID each account has it."""
        return next(guid for guid, role in _data()["cosmosdb"].items() if role["name"] == self.value)


def cosmos_role(guid: str) -> BuiltInRole | None:
    """What one of them is called, and allows; None for any other role's GUID."""
    found = _data()["cosmosdb"].get(guid.lower())
    if found is None:
        return None
    blocks = (Permissions((), (), tuple(one["dataActions"]), (), None) for one in found["permissions"])
    return BuiltInRole(found["name"], guid.lower(), tuple(blocks))


def rights_of_key(module: str, rights: Iterable[str]) -> Permissions | None:
    """What whoever holds a key with these rights, such as `Listen`, is allowed; `module` is azure-native's,
    such as `servicebus`. None where one of them is not known here.
    """
    known: Mapping[str, str] = _data()["rights_of_keys"].get(module, {})
    actions = [known.get(right.lower()) for right in rights]
    if None in actions:
        return None
    return Permissions((), (), tuple(sorted(one for one in actions if one)), (), None)


@cache
def _data() -> Mapping[str, Any]:
    return read("data_roles")
