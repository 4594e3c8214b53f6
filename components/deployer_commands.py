"""What a deployer needs, as commands for whoever owns the subscription."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Final

from .takes import GRANTS

SUBSCRIPTION: Final = "/subscriptions/$subscription"
"""The subscription that is deployed to, which the shell knows."""
ITS_GROUP: Final = f"{SUBSCRIPTION}/resourceGroups/<group>"
"""A group in it that only the update knows: no shell takes the line, until somebody writes its name."""


@dataclass(frozen=True)
class Needed:
    """A built-in role that the deployer needs on a scope, and why."""

    role: str
    scope: str
    why: str


def commands(needed: Sequence[Needed], limits: Mapping[str, str], providers: Sequence[str]) -> str:
    """Lines for a POSIX shell. `limits` are the conditions of the roles that grant, by scope."""
    lines = [
        "subscription=$(az account show --query id --output tsv)",
        "deployer=<object id of the deployer>",
        "kind=<User, Group or ServicePrincipal>",
        *(f"az provider register --namespace {namespace} --wait" for namespace in providers),
    ]
    written = ""
    for one in needed:
        under = ""
        if one.role == GRANTS:
            if limits[one.scope] != written or not written:
                written = limits[one.scope]
                lines += _condition(written)
            under = ' --condition-version 2.0 --condition "$condition"'
        lines.append(
            "az role assignment create --assignee-object-id $deployer --assignee-principal-type $kind"
            f' --role "{one.role}" --scope {_scope(one.scope)}{under}'
        )
    return "\n".join(lines)


def _scope(id: str) -> str:
    """As a shell takes it: names in an id may have parentheses, and who writes an id may mean worse."""
    if id == ITS_GROUP:
        return id
    below = id.removeprefix(SUBSCRIPTION)
    return quote(id) if below == id else SUBSCRIPTION + (quote(below) if below else "")


def _condition(limit: str) -> list[str]:
    if not limit:
        return ["condition=<of the roles that are granted here, which the update will know>"]
    # Not in double quotes: an interactive bash takes the ! in them for its history.
    return ["condition=$(cat <<END", limit, "END", ")"]
