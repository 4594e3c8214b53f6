"""The arguments of a way for rows into Log Analytics: what to create or to adopt, and who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import LOGS_INGESTION as TOKEN
from ..form import Form
from ..links.logs_ingestion import ENDPOINT
from ..names.monitor import COLLECTION_ENDPOINT, COLLECTION_RULE, LOG_STREAM, LOG_TABLE
from ..naming import read_name
from ..references import COLLECTION_RULE as TYPE
from ..references import WORKSPACE, id_form
from ..roles import Role
from ..shown import entry
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetwork

TIME: Final = "TimeGenerated"
_TYPES: Final = ("boolean", "datetime", "dynamic", "int", "long", "real", "string")
_RESERVED: Final = frozenset(
    {"_itemid", "_resourcegroup", "_resourceid", "_subscriptionid", "_timereceived", "billedsize", "id"}
    | {"invalidtimegenerated", "isbillable", "tenantid", "timegenerated", "title", "type", "uniqueid"}
)
"""https://learn.microsoft.com/azure/azure-monitor/logs/create-custom-table"""
_COLUMN: Final = Form(
    "a column's name: 2 to 45 letters, digits and underscores, starting with a letter, none of Azure's own",
    lambda text: (
        2 <= len(text) <= 45
        and text[0].isalpha()
        and all(one.isascii() and (one.isalnum() or one == "_") for one in text)
        and text.lower() not in _RESERVED
    ),
    r"(?:[A-Za-z][0-9A-Za-z_]*)?",
)
_TYPE: Final = Form(f"a type of column: one of {', '.join(_TYPES)}", lambda text: text in _TYPES, r"[a-z]*")


class LogsIngestionArgs(TargetArgs):
    """Arguments of LogsIngestion: either what to create, or `existing_id` with `stream` and its address."""

    workspace_id: NotRequired[pulumi.Input[str]]
    """Log Analytics workspace to make the table in, in the same region; required unless existing_id is."""
    table: NotRequired[str]
    """Name of the table to make, plain, ending with _CL; required unless existing_id is given."""
    columns: NotRequired[Mapping[str, str]]
    """Columns of the table besides TimeGenerated, plain, as name to type; required unless existing_id is."""
    rule_name: NotRequired[pulumi.Input[str]]
    """Name of the data collection rule, 3 to 64 characters; left out, dcr-<name>-<stack>-<random>."""
    endpoint_name: NotRequired[pulumi.Input[str]]
    """Name of the data collection endpoint, 3 to 44 characters; left out, dce-<name>-<stack>-<random>."""
    public_network_access: NotRequired[bool]
    """Whether rows are taken from the public network, not by a private link scope alone; left out, true."""
    stream: NotRequired[pulumi.Input[str]]
    """With existing_id: the rule's stream that code sends to; left out otherwise, the table's."""
    ingestion_endpoint: NotRequired[pulumi.Input[str]]
    """With existing_id: address of the rule's data collection endpoint; left out otherwise, a new one's."""
    row_senders: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may send rows, as display name to object id; left out, none."""


_ADOPTING: Final = ("stream", "ingestion_endpoint")
_CREATING: Final = ("workspace_id", "table", "columns")
KIND: Final = TargetKind(
    component="LogsIngestion",
    token=TOKEN,
    type_=TYPE,
    what="the data collection rule",
    name_key="rule_name",
    name_rule=COLLECTION_RULE,
    group_id="",
    people={"row_senders": ("sender", Role.MONITORING_METRICS_PUBLISHER)},
)


@dataclass(frozen=True)
class LogsIngestionChoices:
    """The arguments, read and checked. What is adopted has `stream` and `address`; the rest is None there."""

    target: TargetChoices
    workspace_id: pulumi.Output[str] | None
    table: str
    columns: Mapping[str, str]
    endpoint_name: pulumi.Output[str] | None
    public: bool
    stream: pulumi.Output[str] | None
    address: pulumi.Output[str] | None


def read_logs_ingestion(arguments: Arguments) -> LogsIngestionChoices:
    """Problems are noted in `arguments`."""
    if arguments.has("existing_id"):
        for key in _ADOPTING:
            arguments.require(key, "it with existing_id: no id says it")
    else:
        for key in _ADOPTING:
            if arguments.has(key):
                step = f"take {key} out, or give existing_id"
                arguments.refuse(key, "something of what exists", "existing_id with it", step)
        for key in _CREATING:
            arguments.require(key, "what is made: a table with its columns, in a workspace")
    public = arguments.flag("public_network_access", True)
    network = TargetNetwork(public, None, None, None)
    return LogsIngestionChoices(
        target=read_target(arguments, LogsIngestionArgs, KIND, network, _ADOPTING),
        workspace_id=arguments.text("workspace_id", id_form(WORKSPACE)),
        table=_read_table(arguments),
        columns=_read_columns(arguments),
        endpoint_name=read_name(arguments, "endpoint_name", COLLECTION_ENDPOINT),
        public=public,
        stream=arguments.text("stream", LOG_STREAM),
        address=arguments.text("ingestion_endpoint", ENDPOINT),
    )


def _read_table(arguments: Arguments) -> str:
    table = arguments.plain_text("table", "")
    if arguments.has("table") and not LOG_TABLE.allows(table):
        step = "name the table so, as Orders_CL"
        arguments.refuse("table", LOG_TABLE.form.refused(table), LOG_TABLE.words, step)
    return table


def _read_columns(arguments: Arguments) -> Mapping[str, str]:
    given = arguments.plain_map("columns", "names of columns to their types")
    for name, type_ in given.items():
        subject = entry("columns", name, given)
        if not _COLUMN.holds(name):
            step = "name the column so; TimeGenerated is there anyway"
            arguments.refuse(subject, _COLUMN.refused(name), _COLUMN.words, step)
        elif not _TYPE.holds(type_):
            arguments.refuse(subject, _TYPE.refused(type_), _TYPE.words, "write one of them")
    return {name: str(type_) for name, type_ in given.items()}
