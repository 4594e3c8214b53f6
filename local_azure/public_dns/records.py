"""Records of the public DNS, as far as App Service asks for them. Tests and people write them through
`local-azure.internal`; the names of Azure itself need none."""

from collections.abc import Sequence
from typing import Final

from local_azure.store import Store

RECORD_TYPES: Final = ("A", "CNAME", "TXT")


class Records:
    """`name` in any case, with or without a last dot; several records of one name and type are kept apart."""

    def __init__(self, store: Store) -> None:
        self._records = store.documents("public-dns")

    def add(self, name: str, type_: str, value: str) -> None:
        self._put(name, type_, [*self.find(name, type_), value])

    def remove(self, name: str, type_: str, value: str) -> None:
        self._put(name, type_, [one for one in self.find(name, type_) if one != value])

    def find(self, name: str, type_: str) -> Sequence[str]:
        """The values of a name, none where it has none of that type."""
        found = self._records.get(_key(name, type_))
        return [] if found is None else list(found["values"])

    def _put(self, name: str, type_: str, values: Sequence[str]) -> None:
        if values:
            self._records.put(_key(name, type_), {"values": list(dict.fromkeys(values))})
        else:
            self._records.delete(_key(name, type_))


def _key(name: str, type_: str) -> str:
    return f"{type_} {normal(name)}"


def normal(name: str) -> str:
    """A host name as it is compared."""
    return name.lower().rstrip(".")
