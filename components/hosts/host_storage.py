"""The storage account that the Functions runtime itself needs, reached with the app's identity and no key.

Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict, cast

import pulumi

from ..arguments import Arguments
from ..identity import IdentityKind
from ..names import STORAGE_ACCOUNT
from ..naming import Naming
from ..placement import Placement
from ..references import STORAGE, expected_id, is_id_of, parse_id
from ..roles import Role
from ..targets.storage_account import StorageAccount
from ..targets.storage_account_arguments import StorageAccountArgs
from .link import IdentityIds, Need
from .runtime import Runtime

_SETTING: Final = "AzureWebJobsStorage"
_SUFFIXES: Final = (
    "accountName",
    "blobServiceUri",
    "clientId",
    "credential",
    "managedIdentityResourceId",
    "queueServiceUri",
    "tableServiceUri",
)
_RESERVED: Final = (
    "FUNCTIONS_EXTENSION_VERSION",
    "FUNCTIONS_WORKER_RUNTIME",
    _SETTING,
    *(f"{_SETTING}__{suffix}" for suffix in _SUFFIXES),
    # Both are for plans that keep the app's files on a share, which opens with a key only.
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE",
)
_NEEDS: Final[Mapping[str, Role]] = {
    "host-blobs": Role.STORAGE_BLOB_DATA_OWNER,
    "host-queues": Role.STORAGE_QUEUE_DATA_CONTRIBUTOR,
    "host-tables": Role.STORAGE_TABLE_DATA_CONTRIBUTOR,
}
"""Leases of blobs for what runs once; queues for triggers of blobs; tables for diagnostic events."""


class HostStorageArgs(TypedDict):
    """The storage account of the Functions runtime."""

    host_storage_id: NotRequired[pulumi.Input[str]]
    """Resource id of the account the runtime keeps its own state in; left out, the app creates one."""


@dataclass(frozen=True)
class HostStorage:
    """What the runtime needs, as a link. `account_id` is None until the app has created its account."""

    runtime: Runtime
    account_id: pulumi.Output[str] | None

    @property
    def variables(self) -> Collection[str]:
        return _RESERVED

    def needs(self) -> Sequence[Need]:
        assert self.account_id is not None
        return [Need(key, role, self.account_id) for key, role in _NEEDS.items()]

    def settings(self, ids: IdentityIds) -> Mapping[str, pulumi.Input[str]]:
        assert self.account_id is not None
        told: dict[str, pulumi.Input[str]] = {
            "FUNCTIONS_EXTENSION_VERSION": "~4",
            "FUNCTIONS_WORKER_RUNTIME": self.runtime.value.partition("-")[0],
            f"{_SETTING}__accountName": self.account_id.apply(lambda id: parse_id(id).name),
            f"{_SETTING}__credential": "managedidentity",
        }
        # A system-assigned identity has none, and is what the runtime takes without one.
        return told if ids.client_id is None else {**told, f"{_SETTING}__clientId": ids.client_id}


def read_host_storage(arguments: Arguments, identity: IdentityKind, runtime: Runtime) -> HostStorage:
    if identity is IdentityKind.NONE:
        step = "set identity to user-assigned, or take it out"
        expected = "an identity: the Functions runtime reaches its own storage with it"
        arguments.refuse("identity", "none", expected, step)
    taken = {name.upper() for name in _RESERVED}
    secrets = arguments.raw("secrets")
    for variable in cast(Mapping[str, object], secrets) if isinstance(secrets, Mapping) else ():
        if variable.upper() in taken:
            step = f"take it out: the runtime's storage needs no secret, the app's identity opens {_SETTING}"
            arguments.refuse(f"secrets[{variable}]", variable, "a variable that is not derived", step)
    return HostStorage(
        runtime=runtime,
        account_id=arguments.text("host_storage_id", lambda id: is_id_of(STORAGE, id), expected_id(STORAGE)),
    )


def own_host_storage(
    parent: pulumi.Resource, name: str, choices: HostStorage, place: Placement, naming: Naming
) -> StorageAccount | None:
    """The account that an app creates for its runtime; None where one was given."""
    if choices.account_id is not None:
        return None
    args: StorageAccountArgs = {
        "resource_group_name": place.resource_group_name,
        "account_name": naming.choose(None, STORAGE_ACCOUNT),
    }
    if place.location is not None:
        args["location"] = place.location
    if place.tags is not None:
        args["tags"] = place.tags
    return StorageAccount(name, args, pulumi.ResourceOptions(parent=parent))
