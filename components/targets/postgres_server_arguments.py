"""The arguments of a PostgreSQL server: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import POSTGRES_SERVER as TOKEN
from ..names.databases import POSTGRES_DATABASE, POSTGRES_SERVER
from ..references import POSTGRES, TENANT
from .database_people import PARTS, DatabasePeopleArgs, refuse_people_without_databases
from .database_server_arguments import read_size
from .groups import Groups, read_groups
from .postgres_network import GROUP_ID, PostgresNetworkArgs, read_postgres_network
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target

_STORAGE: Final = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
DEFAULT_VERSION: Final = 17


class PostgresServerArgs(PostgresNetworkArgs, DatabasePeopleArgs, TargetArgs):
    """Arguments of PostgresServer: either what to create, or `existing_id`; and the people who are let in."""

    server_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the server, 3 to 63 characters; left out, psql-<name>-<stack>-<random>."""
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


KIND: Final = TargetKind(
    component="PostgresServer",
    token=TOKEN,
    type_=POSTGRES,
    what="the server",
    name_key="server_name",
    name_rule=POSTGRES_SERVER,
    group_id=GROUP_ID,
)


@dataclass(frozen=True)
class PostgresChoices:
    """The arguments of a server, read and checked."""

    target: TargetChoices
    administrators: Groups
    tenant_id: pulumi.Output[str] | None
    version: int
    size: str
    storage_gb: int
    backup_days: int
    databases: Sequence[str]
    people: Mapping[str, Groups]


def read_postgres_server(arguments: Arguments) -> PostgresChoices:
    """Problems are noted in `arguments`."""
    if not arguments.has("existing_id"):
        arguments.require("administrators", "a group that may let others in: nobody else can, ever")
    databases = arguments.plain_names("databases", POSTGRES_DATABASE.form)
    refuse_people_without_databases(arguments, databases)
    return PostgresChoices(
        target=read_target(arguments, PostgresServerArgs, KIND, read_postgres_network(arguments)),
        administrators=read_groups(arguments, "administrators"),
        tenant_id=arguments.text("tenant_id", TENANT),
        version=arguments.whole_number("postgres_version", DEFAULT_VERSION, lowest=14, highest=18),
        size=read_size(arguments),
        storage_gb=_read_storage(arguments),
        backup_days=arguments.whole_number("backup_retention_days", 7, lowest=7, highest=35),
        databases=databases,
        people={key: read_groups(arguments, key) for key in PARTS},
    )


def _read_storage(arguments: Arguments) -> int:
    given = arguments.whole_number("storage_gb", _STORAGE[0], lowest=_STORAGE[0], highest=_STORAGE[-1])
    if given not in _STORAGE:
        near = next(one for one in _STORAGE if one > given)
        expected = f"one of {', '.join(map(str, _STORAGE))}"
        arguments.refuse("storage_gb", "a whole number between two sizes", expected, f"write {near}")
    return given
