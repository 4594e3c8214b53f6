"""App registrations: applications of one's own that tokens can be for, and which tokens those are.

https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal, Self

from local_azure.http import JsonObject
from local_azure.store import Store

V1: Final = 1
V2: Final = 2
Part = Literal["roles", "assigned", "federated"]


@dataclass(frozen=True)
class Registration:
    """`names` are what a token for it can be asked for by, besides its `app_id`. `version` is of the tokens
    that are issued for it: 1, which one that says nothing has, or 2. `object_id` is the registration's own,
    empty for one that nobody made here. The last three are as Graph has them: `roles` are its app roles,
    `assigned` who has which, `federated` whose tokens stand for it.
    """

    app_id: str
    names: Sequence[str] = ()
    version: int | None = None
    name: str = ""
    object_id: str = ""
    needs_assignment: bool = False
    """Whether only who has an app role gets a token for it."""
    roles: Sequence[JsonObject] = ()
    assigned: Sequence[JsonObject] = ()
    federated: Sequence[JsonObject] = ()

    @classmethod
    def new(cls) -> Self:
        return cls(str(uuid.uuid4()), object_id=str(uuid.uuid4()))

    def is_called(self, name: str) -> bool:
        asked = _plain(name)
        return asked in {_plain(one) for one in (self.app_id, *self.names)}

    def roles_of(self, object_id: str) -> Sequence[str] | None:
        """The values of the app roles that a principal has; None where it has none, nor the bare assignment
        of no role.
        """
        ids = [one["appRoleId"].lower() for one in self.assigned if one["principalId"].lower() == object_id]
        return [str(one["value"]) for one in self.roles if str(one["id"]).lower() in ids] if ids else None

    def with_more(self, part: Part, one: JsonObject) -> Self:
        return replace(self, **{part: [*getattr(self, part), one]})


Source = Callable[[], Iterable[Registration]]


class Registrations:
    """Those that were made through Graph, and those that a service knows because somebody names them."""

    def __init__(self, store: Store) -> None:
        self._documents = store.documents("applications")
        self._sources: list[Source] = []

    def also(self, source: Source) -> None:
        """From now on what a service says somebody has made is there, too, unless Graph knows it better."""
        self._sources.append(source)

    def made(self) -> list[Registration]:
        """Those that were made here."""
        return [Registration(**document) for _, document in self._documents.items()]

    def one(self, object_id: str) -> Registration | None:
        document = self._documents.get(object_id)
        return Registration(**document) if document else None

    def put(self, one: Registration) -> None:
        self._documents.put(one.object_id, asdict(one))

    def remove(self, object_id: str) -> None:
        self._documents.delete(object_id)

    def called(self, name: str) -> Registration | None:
        """The one that a token is asked for by that name."""
        made = self.made()
        ids = {one.app_id.lower() for one in made}
        told = (one for source in self._sources for one in source() if one.app_id.lower() not in ids)
        return next((one for one in (*made, *told) if one.is_called(name)), None)


def _plain(name: str) -> str:
    return name.rstrip("/").lower()
