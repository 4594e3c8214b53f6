"""The arguments of a MySQL server: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import MYSQL_SERVER as TOKEN
from ..form import Form
from ..names.databases import MYSQL_DATABASE, MYSQL_SERVER, MYSQL_USER
from ..references import IDENTITY, MYSQL, TENANT, id_form
from ..shown import entry
from .database_people import PARTS, DatabasePeopleArgs, refuse_people_without_databases
from .database_server_arguments import read_size
from .groups import Groups, read_groups
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetworkArgs, read_target_network

GROUP_ID: Final = "mysqlServer"
DEFAULT_VERSION: Final = "8.4"
_VERSIONS: Final = ("8.0.21", DEFAULT_VERSION)
_VERSION: Final = Form(f"one of {', '.join(_VERSIONS)}", lambda text: text in _VERSIONS, r"[0-9.]*")


class MySqlServerArgs(TargetNetworkArgs, DatabasePeopleArgs, TargetArgs):
    """Arguments of MySqlServer: either what to create, or `existing_id`; and the people who are let in."""

    server_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the server, 3 to 63 characters; left out, mysql-<name>-<stack>-<random>."""
    administrators: NotRequired[Mapping[str, pulumi.Input[str]]]
    """The one Entra group that may do everything, as display name to object id; required to create one."""
    identity_id: NotRequired[pulumi.Input[str]]
    """User-assigned identity by which the server looks people up in Entra; required to create one."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Entra tenant of those who may be let in; left out, the one the deployment is signed in to."""
    mysql_version: NotRequired[str]
    """Version of MySQL as Azure names it, 8.0.21 for all of 8.0, or 8.4; left out, 8.4."""
    size: NotRequired[str]
    """Azure's name for the size of its machine; left out, Standard_B1ms, the smallest."""
    storage_gb: NotRequired[int]
    """Gibibytes of storage, 20 to 16384, which only grows; left out, 20."""
    backup_retention_days: NotRequired[int]
    """Days for which the server can be restored to, 1 to 35; left out, 7."""
    allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may connect, as name to CIDR; left out, no address."""


KIND: Final = TargetKind(
    component="MySqlServer",
    token=TOKEN,
    type_=MYSQL,
    what="the server",
    name_key="server_name",
    name_rule=MYSQL_SERVER,
    group_id=GROUP_ID,
)


@dataclass(frozen=True)
class MySqlChoices:
    """The arguments of a server, read and checked."""

    target: TargetChoices
    administrators: Groups
    identity_id: pulumi.Output[str] | None
    tenant_id: pulumi.Output[str] | None
    version: str
    size: str
    storage_gb: int
    backup_days: int
    databases: Sequence[str]
    people: Mapping[str, Groups]


def read_mysql_server(arguments: Arguments) -> MySqlChoices:
    """Problems are noted in `arguments`."""
    if not arguments.has("existing_id"):
        arguments.require("administrators", "a group that may let others in: nobody else can, ever")
        arguments.require("identity_id", "an identity by which the server looks principals up in Entra")
    databases = arguments.plain_names("databases", MYSQL_DATABASE.form)
    refuse_people_without_databases(arguments, databases)
    network = read_target_network(arguments, MYSQL, GROUP_ID, "the server")
    administrators = _read_groups(arguments, "administrators")
    if len(administrators) > 1:
        step = "name one group, and make the others members of it"
        arguments.refuse("administrators", f"{len(administrators)} groups", "one group", step)
    return MySqlChoices(
        target=read_target(arguments, MySqlServerArgs, KIND, network),
        administrators=administrators,
        identity_id=arguments.text("identity_id", id_form(IDENTITY)),
        tenant_id=arguments.text("tenant_id", TENANT),
        version=_read_version(arguments),
        size=read_size(arguments),
        storage_gb=arguments.whole_number("storage_gb", 20, lowest=20, highest=16384),
        backup_days=arguments.whole_number("backup_retention_days", 7, lowest=1, highest=35),
        databases=databases,
        people={key: _read_groups(arguments, key) for key in PARTS},
    )


def _read_groups(arguments: Arguments, key: str) -> Groups:
    """Groups whose names can be those of users: their members sign in by them."""
    groups = read_groups(arguments, key)
    for group in groups:
        if not MYSQL_USER.holds(group):
            step = "give a group whose display name in Entra can be one"
            arguments.refuse(entry(key, group, groups), MYSQL_USER.refused(group), MYSQL_USER.words, step)
    return groups


def _read_version(arguments: Arguments) -> str:
    version = arguments.plain_text("mysql_version", DEFAULT_VERSION)
    if not _VERSION.holds(version):
        step = f"write {DEFAULT_VERSION}, or leave it out"
        arguments.refuse("mysql_version", _VERSION.refused(version), _VERSION.words, step)
    return version
