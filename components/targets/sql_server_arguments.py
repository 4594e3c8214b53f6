"""The arguments of an Azure SQL server: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import SQL_SERVER as TOKEN
from ..form import Form
from ..names.databases import SQL_DATABASE, SQL_SERVER
from ..references import SQL, TENANT
from .database_people import PARTS, DatabasePeopleArgs, refuse_people_without_databases
from .groups import Groups, read_groups
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetwork, TargetSubnetArgs, read_target_network

GROUP_ID: Final = "sqlServer"
_SIZE: Final = Form.matching(
    "Azure's name for the size of a database, such as Basic, S0, P1, GP_S_Gen5_1 or GP_Gen5_2",
    r"Basic|[SP][0-9]{1,2}|(GP|BC|HS)_(S_)?[A-Za-z0-9]+_[0-9]{1,3}",
    r"(?:[A-Z][0-9A-Za-z_]*)?",
)
DEFAULT_SIZE: Final = "Basic"


class SqlServerArgs(TargetSubnetArgs, TargetArgs, DatabasePeopleArgs):
    """Arguments of SqlServer: either what to create, or `existing_id`; and the people who are let in."""

    server_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the server, 1 to 63 characters; left out, sql-<name>-<stack>-<random>."""
    administrators: NotRequired[Mapping[str, pulumi.Input[str]]]
    """The Entra group whose members may do everything, as name to object id; required to create a server."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Entra tenant of that group; left out, the one the deployment is signed in to."""
    size: NotRequired[str]
    """Azure's name for the size of each database; left out, Basic, the smallest."""
    allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may connect, as name to CIDR; left out, no address."""


KIND: Final = TargetKind(
    component="SqlServer",
    token=TOKEN,
    type_=SQL,
    what="the server",
    name_key="server_name",
    name_rule=SQL_SERVER,
    group_id=GROUP_ID,
)


@dataclass(frozen=True)
class SqlChoices:
    """The arguments of a server, read and checked. `people` are the groups, by argument."""

    target: TargetChoices
    network: TargetNetwork
    administrators: Groups
    tenant_id: pulumi.Output[str] | None
    databases: Sequence[str]
    people: Mapping[str, Groups]
    size: str


def read_sql_server(arguments: Arguments) -> SqlChoices:
    """Problems are noted in `arguments`."""
    network = read_target_network(arguments, SQL, GROUP_ID, KIND.what)
    databases = arguments.plain_names("databases", SQL_DATABASE.form)
    refuse_people_without_databases(arguments, databases)
    if arguments.has("diagnostics_workspace_id") and not (databases or arguments.has("existing_id")):
        expected = "databases with it: a server has no logs of its own"
        step = "name the databases in databases, or take diagnostics_workspace_id out"
        arguments.refuse("diagnostics_workspace_id", "a workspace, and no database", expected, step)
    size = arguments.plain_text("size", DEFAULT_SIZE)
    if not _SIZE.holds(size):
        arguments.refuse("size", _SIZE.refused(size), _SIZE.words, "write Basic, or a larger one")
    return SqlChoices(
        target=read_target(arguments, SqlServerArgs, KIND, network),
        network=network,
        administrators=_read_administrators(arguments),
        tenant_id=arguments.text("tenant_id", TENANT),
        databases=databases,
        people={key: read_groups(arguments, key) for key in PARTS},
        size=size,
    )


def _read_administrators(arguments: Arguments) -> Groups:
    groups = read_groups(arguments, "administrators")
    if not arguments.has("existing_id"):
        arguments.require("administrators", "a group that may let others in: nobody else can, ever")
    if arguments.has("administrators") and len(groups) != 1:
        given = "no group" if not groups else f"{len(groups)} groups"
        step = "name one group, and make the others its members"
        arguments.refuse("administrators", given, "one group: a server has one administrator", step)
    return groups
