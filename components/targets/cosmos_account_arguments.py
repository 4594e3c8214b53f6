"""The arguments of a Cosmos DB account: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import COSMOS_ACCOUNT as TOKEN
from ..encryption import CustomerKey, EncryptionArgs, read_encryption
from ..form import Form
from ..names.databases import COSMOS_ACCOUNT, COSMOS_NAME
from ..references import COSMOS_DB
from ..shown import described, entry
from .groups import Groups, read_groups
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetwork, TargetSubnetArgs, read_target_network

GROUP_ID: Final = "Sql"
_PEOPLE: Final = ("data_readers", "data_writers")
_SERVERLESS: Final = 0
_LEAST, _MOST = 1_000, 1_000_000
_STEP: Final = 1_000
_KEY: Final = Form.matching(
    "one to three paths with commas between, such as /customer or /tenant,/customer",
    r"(?:/[^/,\s]+)+(?:,(?:/[^/,\s]+)+){0,2}",
    r"[^\s]*",
)
"""https://learn.microsoft.com/azure/cosmos-db/hierarchical-partition-keys"""


class CosmosBackup(StrEnum):
    """To when an account can be brought back."""

    CONTINUOUS_7_DAYS = "continuous-7-days"
    """To any moment of the last seven days, for which Azure asks nothing."""
    CONTINUOUS_30_DAYS = "continuous-30-days"
    """To any moment of the last thirty days, at a price."""
    PERIODIC = "periodic"
    """To one of two copies, by a request to Azure's support."""


class CosmosAccountArgs(EncryptionArgs, TargetSubnetArgs, TargetArgs):
    """Arguments of CosmosAccount: either what to create, or `existing_id`; and the people who are let in."""

    location: NotRequired[pulumi.Input[str]]
    """Azure region, in which its data is; required unless existing_id is given."""
    account_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the account, 3 to 44 characters; left out, cosno-<name>-<stack>-<random>."""
    databases: NotRequired[Sequence[str]]
    """Names of the databases to create, plain; left out, none."""
    containers: NotRequired[Mapping[str, str]]
    """Containers to create, plain, as <database>/<container> to its partition key; left out, none."""
    max_throughput: NotRequired[int]
    """Request units a second that each database scales to, whole thousands; left out, it is serverless."""
    backup: NotRequired[CosmosBackup]
    """To when it can be brought back; left out, continuous-7-days, from which periodic is no way back."""
    data_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read all items, as display name to object id; left out, none."""
    data_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write all items, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="CosmosAccount",
    token=TOKEN,
    type_=COSMOS_DB,
    what="the account",
    name_key="account_name",
    name_rule=COSMOS_ACCOUNT,
    group_id=GROUP_ID,
)


@dataclass(frozen=True)
class CosmosContainer:
    """A container to create, with the paths of its partition key. `subject` is how a message calls it."""

    database: str
    name: str
    paths: Sequence[str]
    subject: str

    @property
    def path(self) -> str:
        return f"{self.database}/{self.name}"


@dataclass(frozen=True)
class CosmosChoices:
    """The arguments of an account, read and checked. `max_throughput` is None for a serverless one."""

    target: TargetChoices
    network: TargetNetwork
    databases: Sequence[str]
    containers: Sequence[CosmosContainer]
    max_throughput: int | None
    backup: CosmosBackup
    encryption: CustomerKey | None
    readers: Groups
    writers: Groups


def read_cosmos_account(arguments: Arguments) -> CosmosChoices:
    """Problems are noted in `arguments`."""
    network = read_target_network(arguments, COSMOS_DB, GROUP_ID, KIND.what)
    if not arguments.has("existing_id"):
        arguments.require("location", "the region in which the account's data is")
    databases = arguments.plain_names("databases", COSMOS_NAME.form)
    return CosmosChoices(
        target=read_target(arguments, CosmosAccountArgs, KIND, network, _PEOPLE),
        network=network,
        databases=databases,
        containers=_read_containers(arguments, databases),
        max_throughput=_read_throughput(arguments),
        backup=arguments.choice("backup", CosmosBackup, CosmosBackup.CONTINUOUS_7_DAYS),
        encryption=read_encryption(arguments),
        readers=read_groups(arguments, "data_readers"),
        writers=read_groups(arguments, "data_writers"),
    )


def _read_throughput(arguments: Arguments) -> int | None:
    """https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale"""
    given = arguments.whole_number("max_throughput", _SERVERLESS, lowest=_LEAST, highest=_MOST)
    if given % _STEP:
        near = (given // _STEP + 1) * _STEP
        expected = "whole thousands of request units a second"
        arguments.refuse("max_throughput", "a number between two thousands", expected, f"write {near}")
    return given or None


def _read_containers(arguments: Arguments, databases: Sequence[str]) -> Sequence[CosmosContainer]:
    found: list[CosmosContainer] = []
    given = arguments.plain_map("containers", "<database>/<container> to partition keys")
    for name, key in given.items():
        subject = entry("containers", name, given)
        database, slash, container = name.partition("/")
        if not slash or not COSMOS_NAME.allows(container):
            expected = f"<database>/<container>, of which the container has {COSMOS_NAME.words}"
            arguments.refuse(subject, described(name), expected, "give <database>/<container>")
        elif database not in databases:
            expected = "a container of one of the databases"
            step = "add it to databases, or take the entry out"
            arguments.refuse(subject, "a container of another database", expected, step)
        elif name.lower() in (one.path.lower() for one in found):
            # Data tells them apart, and Resource Manager's ids do not.
            step = "take one of the two out, or give it another name"
            arguments.refuse(subject, "a container's name in another case", "each name once", step)
        elif not _KEY.holds(key):
            step = "give the path that most queries ask for, such as /customer"
            arguments.refuse(subject, _KEY.refused(key), _KEY.words, step)
        else:
            found.append(CosmosContainer(database, container, str(key).split(","), subject))
    return found
