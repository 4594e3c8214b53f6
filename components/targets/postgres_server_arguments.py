"""The arguments of a PostgreSQL server: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..deployer import Elsewhere, read_elsewhere
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..form import Form
from ..locks import LockArgs, read_lock
from ..names import POSTGRES_DATABASE, POSTGRES_SERVER
from ..naming import read_name
from ..placement import Placement, adopt_or_create, read_placement
from ..references import POSTGRES, TENANT, id_form
from ..tags import ForeignTagsArgs, read_foreign_tags
from .groups import Groups, read_groups
from .postgres_network import PostgresNetworkArgs, PostgresNetworkChoices, read_postgres_network

_SIZE: Final = Form.matching(
    "the name of a size, such as Standard_B1ms, Standard_D2ds_v5 or Standard_E2ds_v5",
    r"Standard_[BDE][0-9]+[a-z]*(_v[0-9]+)?",
    r"(?:S(?:t(?:a(?:n(?:d(?:a(?:r(?:d(?:_[0-9A-Za-z_]*)?)?)?)?)?)?)?)?)?",
)
TIERS: Final = {"B": "Burstable", "D": "GeneralPurpose", "E": "MemoryOptimized"}
"""https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute"""
_STORAGE: Final = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
DEFAULT_VERSION: Final = 17


class PostgresServerArgs(PostgresNetworkArgs, DiagnosticsArgs, ForeignTagsArgs, LockArgs):
    """Arguments of PostgresServer: either what to create, or `existing_id`; and the people who are let in."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create the server in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    server_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the server, 3 to 63 characters; left out, psql-<name>-<stack>-<random>."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of a server to adopt: nothing is created, its host name is read; left out, one is created."""
    administrators: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may do everything, as display name to object id; required to create one."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Entra tenant of those who may be let in; left out, the one the deployment is signed in to."""
    postgres_version: NotRequired[int]
    """Major version of PostgreSQL, 14 to 18; left out, 17."""
    size: NotRequired[str]
    """Azure's name for the size of its machine; left out, Standard_B1ms, the smallest."""
    storage_gb: NotRequired[int]
    """Gibibytes of storage, 32 to 32768 and a power of two, which only grows; left out, 32."""
    backup_retention_days: NotRequired[int]
    """Days for which the server can be restored to, 7 to 35; left out, 7."""
    databases: NotRequired[Sequence[str]]
    """Names of the databases to create, plain; left out, none."""
    database_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read the databases, as display name to object id; left out, none."""
    database_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write the databases, as display name to object id; left out, none."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the server; left out, none."""


@dataclass(frozen=True)
class PostgresChoices:
    """The arguments of a server, read and checked."""

    place: Placement
    elsewhere: Elsewhere
    foreign_tags: tuple[str, ...]
    is_locked: bool
    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    administrators: Groups
    tenant_id: pulumi.Output[str] | None
    version: int
    size: str
    storage_gb: int
    backup_days: int
    databases: Sequence[str]
    readers: Groups
    writers: Groups
    network: PostgresNetworkChoices
    diagnostics_workspace_id: pulumi.Output[str] | None

    @property
    def tier(self) -> str:
        return TIERS[self.size.removeprefix("Standard_")[:1]]


def read_postgres_server(arguments: Arguments) -> PostgresChoices:
    """Problems are noted in `arguments`."""
    creating = tuple(key for key in PostgresServerArgs.__annotations__ if key != "existing_id")
    adopt_or_create(arguments, creating, "a server is adopted or created")
    if not arguments.has("existing_id"):
        arguments.require("administrators", "a group that may let others in: nobody else can, ever")
    databases = arguments.plain_names("databases", POSTGRES_DATABASE.form)
    for people in ("database_readers", "database_writers"):
        if arguments.has(people) and not databases:
            step = f"name the databases in databases, or take {people} out"
            arguments.refuse(people, "people, and no database of this component", "databases with it", step)
    return PostgresChoices(
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, PostgresServerArgs),
        foreign_tags=read_foreign_tags(arguments),
        is_locked=read_lock(arguments),
        existing_id=arguments.text("existing_id", id_form(POSTGRES)),
        name=read_name(arguments, "server_name", POSTGRES_SERVER),
        administrators=read_groups(arguments, "administrators"),
        tenant_id=arguments.text("tenant_id", TENANT),
        version=arguments.whole_number("postgres_version", DEFAULT_VERSION, lowest=14, highest=18),
        size=_read_size(arguments),
        storage_gb=_read_storage(arguments),
        backup_days=arguments.whole_number("backup_retention_days", 7, lowest=7, highest=35),
        databases=databases,
        readers=read_groups(arguments, "database_readers"),
        writers=read_groups(arguments, "database_writers"),
        network=read_postgres_network(arguments),
        diagnostics_workspace_id=read_diagnostics(arguments),
    )


def _read_size(arguments: Arguments) -> str:
    size = arguments.plain_text("size", "Standard_B1ms")
    if not _SIZE.holds(size):
        arguments.refuse("size", _SIZE.refused(size), _SIZE.words, "write Standard_B1ms, or a larger one")
    return size


def _read_storage(arguments: Arguments) -> int:
    given = arguments.whole_number("storage_gb", _STORAGE[0], lowest=_STORAGE[0], highest=_STORAGE[-1])
    if given not in _STORAGE:
        near = next(one for one in _STORAGE if one > given)
        expected = f"one of {', '.join(map(str, _STORAGE))}"
        arguments.refuse("storage_gb", "a whole number between two sizes", expected, f"write {near}")
    return given
