"""Which argument of which declaration made a grant, as far as a state tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from access_report.following import Directory
from access_report.resources import Resource, entries
from audit.suggest.changes import Declared, Path
from components import contract
from components.contract import secret_grant_key
from components.links.key_vault import SHORT

_GRANTS: Final = (contract.ACCESS_GRANT, contract.COSMOS_GRANT, contract.REDIS_GRANT)
_OURS: Final = "keyless:index:"
_PEOPLE: Final = ("Group", "User")
_FLAT: Final[Mapping[str, tuple[str, str]]] = {
    "blobs": ("blobAccess", "blob_access"),
    "queues": ("queueAccess", "queue_access"),
}
"""The links that the older, flat arguments of a storage account are read into."""


@dataclass(frozen=True)
class Holder:
    """What of a program a grant follows from. `key` ends the grant's name and tells a host's grants apart; it
    is empty where the declaration is of the grant alone.
    """

    of: Declared
    key: str
    host: Resource | None = None
    is_of_people: bool = False
    """Whether people are let in: by a group, or in person."""

    @property
    def link(self) -> str:
        """The name of the link; empty for the short form, which has none."""
        short = self.secrets_by_key("")
        if self.key in short or (short and self.key == SHORT):
            return ""
        for name in self.links:
            if self.key in self.secrets_by_key(name):
                return name
        return self.key

    @property
    def links(self) -> Mapping[str, Any]:
        """The links to secrets of a vault, by name, each with its variables and secrets."""
        return entries(self.host.inputs.get(contract.LINKS)) if self.host else {}

    @property
    def secrets(self) -> Mapping[str, str]:
        """Variable to secret, of the vault that the link is to."""
        if self.host is None:
            return {}
        if not self.link:
            return entries(self.host.inputs.get(contract.SECRETS))
        return entries(self.links.get(self.link))

    @property
    def is_flat(self) -> bool:
        """Whether the link is an older, flat argument."""
        return self.host is not None and _FLAT.get(self.key, ("",))[0] in self.host.inputs

    def path(self, target: str, argument: str) -> Path:
        """Of an argument of the link's target."""
        if not self.link:
            return (argument,)
        if self.is_flat:
            return (_FLAT[self.key][1],)
        return ("links", self.link, target, argument)

    @property
    def whole(self) -> Path:
        """The link itself."""
        if not self.link:
            return ("secrets",)
        return ("links", self.link)

    def secrets_by_key(self, link: str) -> frozenset[str]:
        """How the grants on single secrets of a link are called; of the short form with an empty name."""
        given = self.host.inputs.get(contract.SECRETS) if self.host and not link else self.links.get(link)
        return frozenset(secret_grant_key(str(secret), link) for secret in entries(given).values())


def holder(directory: Directory, resource: Resource) -> Holder:
    """Of a resource that makes a grant."""
    people = str(resource.value("principalType") or "") in _PEOPLE
    grant = directory.component_of(resource)
    if grant is None or grant.type not in _GRANTS:
        return Holder(_declared(directory, resource), "", is_of_people=people)
    host = directory.component_of(grant)
    if host is None or not host.type.startswith(_OURS):
        return Holder(_declared(directory, grant), "", is_of_people=people)
    key = grant.name.removeprefix(f"{host.name}-")
    return Holder(_declared(directory, host), key, host, people)


def _declared(directory: Directory, resource: Resource) -> Declared:
    around: list[Declared] = []
    above = directory.component_of(resource)
    while above is not None:
        around.append(_named(above))
        above = directory.component_of(above)
    return Declared(*_of(resource), tuple(around))


def _named(resource: Resource) -> Declared:
    return Declared(*_of(resource))


def _of(resource: Resource) -> tuple[str, str, str]:
    return resource.type.rpartition(":")[2], resource.name, resource.type
