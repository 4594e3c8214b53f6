"""Hosts whose platform reads no secret from a vault: code asks the vault itself, with the identity.

A link to secrets is the same there. The identity is let in, and in the place of each secret code is told
where it lies: of `secrets: {DB_PASSWORD: db-password}`, DB_PASSWORD_URI is the address of that secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Answers, Arguments
from ..endpoints import secret_uri
from ..identity import IdentityKind
from ..links import LinkArgs, check_identity, read_records
from ..links.key_vault import VaultLink
from ..links.link import IdentityIds, Link, LinkAround, SecretRef, Told, Variables

ADDRESS: Final = "_URI"
"""How the variable ends that tells where a secret lies."""

_NO_VALUE: Final = (
    "no secret as a variable: this platform reads none from a vault, and keeps what is written to it",
    "give links a link with keyVault, and read the secret in code at the address in <VARIABLE>_URI",
)
_SHORT_FORM: Final = ("secrets", "vault_id", "vault_endpoint", "secret_access", "manage_vault_access")
NO_SECRETS: Final[Answers] = dict.fromkeys(_SHORT_FORM, _NO_VALUE)
"""What people ask for where secrets can be variables, and is not there."""


class LinksWithoutReferencesArgs(TypedDict):
    """Everything that code reaches, on a host whose platform reads no secrets."""

    links: NotRequired[Mapping[str, LinkArgs]]
    """What code reaches, each with one target; of a secret it is told the address; left out, nothing."""


@dataclass(frozen=True)
class SecretsByAddress(LinkAround[VaultLink]):
    """The link to the secrets of a vault where code reads them itself."""

    @property
    def variables(self) -> Variables:
        secrets = self.link.secrets
        return [(_address(name) if name in secrets else name, by) for name, by in self.link.variables]

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        return dict(_told(name, told) for name, told in self.link.tells(ids).items())


def read_links_without_references(arguments: Arguments, identity: IdentityKind) -> Sequence[Link]:
    """The links in `links`. Problems are noted in `arguments`."""
    links: list[Link] = []
    for _, link in read_records(arguments):
        links.append(SecretsByAddress(link) if isinstance(link, VaultLink) else link)
    check_identity(arguments, identity, links)
    return links


def plain(told: Mapping[str, Told]) -> dict[str, pulumi.Output[str]]:
    """What code is told, in which there is no secret left."""
    return {name: value for name, value in told.items() if not isinstance(value, SecretRef)}


def _told(name: str, told: Told) -> tuple[str, Told]:
    if not isinstance(told, SecretRef):
        return name, told
    return _address(name), told.endpoint.apply(lambda endpoint: secret_uri(endpoint, told.secret))


def _address(variable: str) -> str:
    return f"{variable}{ADDRESS}"
