"""The link from a host to a storage account: roles by verb, and the address that its code needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict, cast

import pulumi

from ..arguments import Arguments
from ..identity import IdentityKind
from ..names import CONTAINER
from ..references import STORAGE, container_id, expected_id, is_endpoint, is_id_of, normal_endpoint, queues_of
from ..roles import Role
from .link import IdentityIds, Need

BLOB_ENDPOINT: Final = "AZURE_STORAGE_BLOB_ENDPOINT"
BLOB_CONTAINER: Final = "AZURE_STORAGE_BLOB_CONTAINER"
QUEUE_ENDPOINT: Final = "AZURE_STORAGE_QUEUE_ENDPOINT"
_VARIABLES: Final = (BLOB_ENDPOINT, BLOB_CONTAINER, QUEUE_ENDPOINT)


class BlobAccess(StrEnum):
    """What an app may do with blobs."""

    READ = "read"
    """Read and list them."""
    WRITE = "write"
    """Read, write and delete them."""

    @property
    def role(self) -> Role:
        reads = self is BlobAccess.READ
        return Role.STORAGE_BLOB_DATA_READER if reads else Role.STORAGE_BLOB_DATA_CONTRIBUTOR


class QueueAccess(StrEnum):
    """What an app may do with queues."""

    SEND = "send"
    """Put messages into them."""
    PROCESS = "process"
    """Look at messages, take them and delete them."""
    WRITE = "write"
    """Everything, with the queues themselves."""

    @property
    def role(self) -> Role:
        return {
            QueueAccess.SEND: Role.STORAGE_QUEUE_DATA_MESSAGE_SENDER,
            QueueAccess.PROCESS: Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR,
            QueueAccess.WRITE: Role.STORAGE_QUEUE_DATA_CONTRIBUTOR,
        }[self]


class StorageLinkArgs(TypedDict):
    """The storage account to use, and for what."""

    storage_account_id: NotRequired[pulumi.Input[str]]
    """Resource id of the account, with storage_endpoint; required with blob_access or queue_access."""
    storage_endpoint: NotRequired[pulumi.Input[str]]
    """Address of its blobs, https://stteam.blob.core.windows.net/, together with storage_account_id."""
    blob_access: NotRequired[BlobAccess]
    """What the app may do with blobs; left out, nothing."""
    blob_container: NotRequired[pulumi.Input[str]]
    """The one container that blob_access is for; left out, all of the account's."""
    queue_access: NotRequired[QueueAccess]
    """What the app may do with queues; left out, nothing."""
    manage_storage_access: NotRequired[bool]
    """Whether the app is granted here; left out, true. With false, whoever governs the account does it."""


@dataclass(frozen=True)
class StorageLink:
    """The arguments of the link, read and checked."""

    account_id: pulumi.Output[str] | None
    endpoint: pulumi.Output[str] | None
    blobs: BlobAccess | None
    container: pulumi.Output[str] | None
    queues: QueueAccess | None
    manages_access: bool

    @property
    def variables(self) -> Collection[str]:
        return () if self.blobs is None and self.queues is None else _VARIABLES

    def known(self) -> Mapping[str, str]:
        """What a preview can say of the link before anything else is known."""
        said = {"blobAccess": self.blobs, "queueAccess": self.queues}
        return {key: verb.value for key, verb in said.items() if verb is not None}

    def needs(self) -> Sequence[Need]:
        if self.account_id is None or not self.manages_access:
            return []
        found: list[Need] = []
        if self.blobs is not None:
            found.append(Need("blobs", self.blobs.role, self._blob_scope(self.account_id)))
        if self.queues is not None:
            found.append(Need("queues", self.queues.role, self.account_id))
        return found

    def settings(self, _ids: IdentityIds) -> Mapping[str, pulumi.Input[str]]:
        if self.endpoint is None:
            return {}
        told: dict[str, pulumi.Input[str]] = {}
        if self.blobs is not None:
            told[BLOB_ENDPOINT] = self.endpoint.apply(normal_endpoint)
            if self.container is not None:
                told[BLOB_CONTAINER] = self.container
        if self.queues is not None:
            told[QUEUE_ENDPOINT] = self.endpoint.apply(queues_of)
        return told

    def _blob_scope(self, account_id: pulumi.Output[str]) -> pulumi.Output[str]:
        """The narrowest that does: the one container, where there is one."""
        if self.container is None:
            return account_id
        both = pulumi.Output.all(account_id, self.container)
        return both.apply(lambda known: container_id(cast(str, known[0]), cast(str, known[1])))


def read_storage_link(arguments: Arguments, identity: IdentityKind) -> StorageLink:
    verbs = [key for key in ("blob_access", "queue_access") if arguments.has(key)]
    _check(arguments, identity, verbs)
    blobs = arguments.choice("blob_access", BlobAccess, BlobAccess.READ)
    queues = arguments.choice("queue_access", QueueAccess, QueueAccess.SEND)
    return StorageLink(
        account_id=arguments.text("storage_account_id", _is_account, expected_id(STORAGE)),
        endpoint=arguments.text("storage_endpoint", _is_blobs, "https://<account>.blob.core.windows.net/"),
        blobs=blobs if "blob_access" in verbs else None,
        container=arguments.text("blob_container", CONTAINER.allows, CONTAINER.words),
        queues=queues if "queue_access" in verbs else None,
        manages_access=arguments.flag("manage_storage_access", True),
    )


def _check(arguments: Arguments, identity: IdentityKind, verbs: Sequence[str]) -> None:
    arguments.pair("storage_account_id", "storage_endpoint")
    has_account = arguments.has("storage_account_id") or arguments.has("storage_endpoint")
    for key in verbs:
        if identity is IdentityKind.NONE:
            step = f"set identity to user-assigned, or take {key} out"
            expected = "an identity that can be let in"
            arguments.refuse(f"identity and {key}", f"none, with {key}", expected, step)
        if not has_account:
            step = "give storage_account_id and storage_endpoint, as a StorageAccount outputs them"
            arguments.refuse(key, f"{key} without an account", "the account that it is for", step)
    if has_account and not verbs:
        step = "give blob_access or queue_access, or take the account out"
        expected = "what the app may do there"
        arguments.refuse("storage_account_id", "an account that nothing is done with", expected, step)
    if arguments.has("blob_container") and "blob_access" not in verbs:
        step = "give blob_access, or take blob_container out"
        expected = "what the app may do in the container"
        arguments.refuse("blob_container", "blob_container alone", expected, step)
    secrets = arguments.raw("secrets")
    for variable in cast(Mapping[str, object], secrets) if isinstance(secrets, Mapping) else ():
        if verbs and variable.upper() in _VARIABLES:
            step = "choose another variable: the component sets this one"
            arguments.refuse(f"secrets[{variable}]", variable, "a variable that is not derived", step)


def _is_account(text: str) -> bool:
    return is_id_of(STORAGE, text)


def _is_blobs(text: str) -> bool:
    """Queues have an address of their own, which follows from this one."""
    return is_endpoint(text) and ".blob." in text
