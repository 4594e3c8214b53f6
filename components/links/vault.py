"""What links to what is in a vault have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pulumi

from ..arguments import Arguments
from ..endpoints import normal_endpoint, read_id_and_endpoint
from ..form import Form
from ..references import VAULT
from .link import Told
from .record import Record
from .scope import Scope

_SERVICE: Final = "vault"
_EXAMPLE: Final = "https://<vault>.vault.azure.net/"


@dataclass(frozen=True)
class Part:
    """What a vault holds of one kind: what the arguments call one of them, and the id of one."""

    name: str
    form: Form
    below: Callable[[str, str], str]


@dataclass(frozen=True)
class Opened:
    """What a link is for: one thing in a vault, or all that is in it where none is named. Code is told the
    vault's address as `<PREFIX>_ENDPOINT` and the name as `<PREFIX>_<PART>`.
    """

    vault: Scope
    scope: Scope
    name: pulumi.Output[str] | None
    told: Mapping[str, Told] = field(default_factory=dict[str, Told])


def read_vault(
    arguments: Arguments, keys: tuple[str, str]
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """The id and the address of one vault."""
    return read_id_and_endpoint(arguments, keys, VAULT, _SERVICE, _EXAMPLE)


def read_opened(record: Record, part: Part) -> Opened | None:
    """None where no vault was given, which is noted in the record's arguments."""
    arguments, prefix = record.arguments, record.prefix
    id, endpoint = read_vault(arguments, ("id", "endpoint"))
    if not arguments.has("id") and not arguments.has("endpoint"):
        arguments.require("id", "the vault that the link is for")
    name = arguments.text(part.name, part.form)
    if id is None or endpoint is None:
        return None
    vault = Scope.of(arguments.raw("id"), id)
    told: dict[str, Told] = {f"{prefix}_ENDPOINT": endpoint.apply(normal_endpoint)}
    if name is None:
        return Opened(vault, vault, None, told)
    told[f"{prefix}_{part.name.upper()}"] = name
    return Opened(vault, vault.within(arguments.raw(part.name), part.below, name), name, told)
