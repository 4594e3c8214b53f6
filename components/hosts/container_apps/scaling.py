"""Rules by which replicas or executions are started, each asked with the identity.

https://learn.microsoft.com/azure/container-apps/scale-app#authentication
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi

from ...arguments import Arguments
from ...form import Form
from ...identity import IdentityKind
from ...plain import is_plain
from ...shown import entry

_WITHOUT_IDENTITY: Final = frozenset({"cpu", "cron", "http", "memory", "tcp"})
"""These ask nobody."""
_TEXT: Final = Form('a text, as every value of a scaler is: "5" for a number', lambda _: True)
_CREDENTIALS: Final = ("connection", "password", "accountkey", "sastoken", "personalaccesstoken", "apikey")
"""How the entries begin by which a scaler finds a key, in lower case; `…FromEnv` names a variable with
one."""


class ScaleRuleArgs(TypedDict):
    """A rule of KEDA's: what to look at. It is asked with the app's identity, so it has no key."""

    type: str
    """Kind of scaler, such as http, cpu, azure-servicebus, azure-queue or azure-eventhub."""
    metadata: NotRequired[Mapping[str, pulumi.Input[str]]]
    """What the scaler is told, by KEDA's names, such as queueName and namespace; left out, nothing."""


@dataclass(frozen=True)
class ScaleRule:
    """A rule, read and checked. `asks` is whether it is asked with the identity."""

    name: str
    type: str
    metadata: Mapping[str, pulumi.Input[str]]
    asks: bool


def read_scale_rules(arguments: Arguments, identity: IdentityKind) -> Sequence[ScaleRule]:
    """Problems are noted in `arguments`."""
    found: list[ScaleRule] = []
    for name, record in arguments.records("scale_rules", ScaleRuleArgs, "names to rules"):
        record.require("type", "the kind of scaler, such as http or azure-servicebus")
        kind = record.plain_text("type", "")
        metadata = record.plain_map("metadata", "names to texts")
        for key in metadata:
            if key.lower().startswith(_CREDENTIALS) or key.lower().endswith("fromenv"):
                step = "take it out, say where to look instead, and let the identity in there by a link"
                expected = "no key: the rule is asked with the identity"
                subject = entry(record.at("metadata"), key, metadata)
                record.refuse(subject, "where a scaler finds a key", expected, step)
        told = {
            key: record.checked(entry(record.at("metadata"), key, metadata), value, _TEXT)
            for key, value in metadata.items()
        }
        asks = kind not in _WITHOUT_IDENTITY
        if asks and identity is IdentityKind.NONE and is_plain(kind):
            step = "set identity to user-assigned, or take the rule out"
            expected = "an identity that the rule is asked with"
            arguments.refuse(f"identity and {record.path}", "none, with a rule that asks", expected, step)
        found.append(ScaleRule(name, kind, told, asks))
    return found
