"""The arguments of a storage account: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..elsewhere import Elsewhere, read_elsewhere
from ..encryption import CustomerKey, EncryptionArgs, read_encryption
from ..locks import LockArgs, read_lock
from ..names.storage import CONTAINER, STORAGE_ACCOUNT, TABLE
from ..naming import read_name
from ..placement import Placement, adopt_or_create, read_placement
from ..references import STORAGE, id_form
from ..tags import ForeignTagsArgs, read_foreign_tags
from .groups import Groups
from .storage_network import StorageNetworkArgs, StorageNetworkChoices, read_storage_network
from .storage_people import PEOPLE, StoragePeopleArgs, read_people


class Redundancy(StrEnum):
    """Where the copies of what is stored are."""

    LOCAL = "local"
    """Three copies in one data centre."""
    ZONE = "zone"
    """Copies in three zones of the region."""
    GEO = "geo"
    """Three copies in one data centre, and three in the paired region."""
    GEO_ZONE = "geo-zone"
    """Copies in three zones of the region, and three in the paired region."""

    @property
    def sku(self) -> str:
        """Azure's own spelling."""
        return {"local": "LRS", "zone": "ZRS", "geo": "GRS", "geo-zone": "GZRS"}[self.value]


class StorageAccountArgs(
    EncryptionArgs, StorageNetworkArgs, StoragePeopleArgs, DiagnosticsArgs, ForeignTagsArgs, LockArgs
):
    """Arguments of StorageAccount: either what to create, or `existing_id`; and the people who are let in."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create the account in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    account_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 3 to 24 lower-case letters and digits; left out, st<name><stack><random>."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of an account to adopt: nothing is created, its address is read; left out, one is."""
    redundancy: NotRequired[Redundancy]
    """Where the copies are; left out, in three zones of the region."""
    soft_delete_retention_days: NotRequired[int]
    """Days for which deleted blobs and containers can be restored, 1 to 365; left out, 7."""
    containers: NotRequired[Sequence[str]]
    """Names of the blob containers to create, plain; left out, none."""
    queues: NotRequired[Sequence[str]]
    """Names of the queues to create, plain; left out, none."""
    tables: NotRequired[Sequence[str]]
    """Names of the tables to create, plain; left out, none."""
    shares: NotRequired[Sequence[str]]
    """Names of the file shares to create, plain; left out, none."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the account; left out, none."""


_FOR_BOTH: Final = frozenset({"existing_id", *PEOPLE})
"""Arguments that an account takes that exists already; the others shape one that is created."""


@dataclass(frozen=True)
class StorageChoices:
    """The arguments of a storage account, read and checked. `component` is what messages call it."""

    component: str
    place: Placement
    elsewhere: Elsewhere
    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    redundancy: Redundancy
    retention_days: int
    containers: Sequence[str]
    queues: Sequence[str]
    tables: Sequence[str]
    shares: Sequence[str]
    people: Mapping[str, Groups]
    network: StorageNetworkChoices
    used: Sequence[str]
    """The services that something is made in, and that of blobs always."""
    encryption: CustomerKey | None
    diagnostics_workspace_id: pulumi.Output[str] | None
    is_locked: bool
    foreign_tags: tuple[str, ...]


def read_storage_account(arguments: Arguments) -> StorageChoices:
    """Problems are noted in `arguments`."""
    creating = tuple(key for key in StorageAccountArgs.__annotations__ if key not in _FOR_BOTH)
    adopt_or_create(arguments, creating, "an account is adopted or created")
    queues = arguments.plain_names("queues", CONTAINER.form)
    tables = arguments.plain_names("tables", TABLE.form)
    shares = arguments.plain_names("shares", CONTAINER.form)
    parts = {"queue": queues, "table": tables, "file": shares}
    used = [service for service, named in parts.items() if named]
    return StorageChoices(
        component=arguments.component,
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, StorageAccountArgs),
        existing_id=arguments.text("existing_id", id_form(STORAGE)),
        name=read_name(arguments, "account_name", STORAGE_ACCOUNT),
        redundancy=arguments.choice("redundancy", Redundancy, Redundancy.ZONE),
        retention_days=arguments.whole_number("soft_delete_retention_days", 7, lowest=1, highest=365),
        containers=arguments.plain_names("containers", CONTAINER.form),
        queues=queues,
        tables=tables,
        shares=shares,
        people=read_people(arguments),
        network=read_storage_network(arguments, used),
        used=["blob", *used],
        encryption=read_encryption(arguments),
        diagnostics_workspace_id=read_diagnostics(arguments),
        is_locked=read_lock(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )
