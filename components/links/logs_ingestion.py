"""The link to a data collection rule, by which rows come into tables of a Log Analytics workspace."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..endpoints import endpoint_form
from ..form import Form
from ..names.monitor import LOG_STREAM
from ..references import COLLECTION_RULE, id_form
from ..roles import Role
from .link import Link, TargetLink
from .record import Record
from .role_need import RoleNeed
from .scope import Scope

ENDPOINT: Final = endpoint_form("ingest", "https://<endpoint>-<letters>.<region>-1.ingest.monitor.azure.com")
_IMMUTABLE: Final = Form.matching(
    "the immutable id of a data collection rule, dcr- and 32 hexadecimal digits",
    r"dcr-[0-9a-f]{32}",
    r"(?:d(?:c(?:r(?:-[0-9a-f]*)?)?)?)?",
)


class LogsAccess(StrEnum):
    """What an app may do with a data collection rule."""

    SEND = "send"
    """Send rows by it, and read none."""

    @property
    def role(self) -> Role:
        return Role.MONITORING_METRICS_PUBLISHER


class LogsIngestionLinkArgs(TypedDict):
    """A data collection rule. Code is told `_ENDPOINT`, `_RULE_ID` and `_STREAM`."""

    id: pulumi.Input[str]
    """Resource id of the data collection rule, as a LogsIngestion outputs it."""
    endpoint: pulumi.Input[str]
    """Address of its data collection endpoint, https://dce-team-a1b2.westeurope-1.ingest.monitor.azure.com."""
    rule_id: pulumi.Input[str]
    """What the rule is called when rows are sent: its immutable id, dcr- and 32 hexadecimal digits."""
    stream: pulumi.Input[str]
    """Stream of the rule that code sends to, as Custom-Orders_CL."""
    access: NotRequired[LogsAccess]
    """What code may do; left out, send, as a rule gives no rows out."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview"""
    arguments, prefix = record.arguments, record.prefix
    for key, why in (
        ("id", id_form(COLLECTION_RULE).words),
        ("endpoint", "the address that rows are sent to"),
        ("rule_id", "the rule's immutable id"),
        ("stream", "the stream that code sends to"),
    ):
        arguments.require(key, why)
    verb = arguments.choice("access", LogsAccess, LogsAccess.SEND)
    id, endpoint = arguments.text("id", id_form(COLLECTION_RULE)), arguments.text("endpoint", ENDPOINT)
    rule, stream = arguments.text("rule_id", _IMMUTABLE), arguments.text("stream", LOG_STREAM)
    if id is None or endpoint is None or rule is None or stream is None:
        return TargetLink(arguments.path, record.grants_here)
    need = RoleNeed(record.name, verb.role, Scope.of(arguments.raw("id"), id), arguments.path)
    told = {
        f"{prefix}_ENDPOINT": endpoint.apply(lambda text: text.rstrip("/")),
        f"{prefix}_RULE_ID": rule,
        f"{prefix}_STREAM": stream,
    }
    return TargetLink(arguments.path, record.grants_here, [need], told)
