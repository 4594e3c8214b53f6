"""What the report on a scenario has to say, and how that is read from its document."""

from dataclasses import dataclass
from typing import Any, Final

READS: Final = "Key Vault Secrets User"
SEES: Final = "Key Vault Reader"
WRITES: Final = "Key Vault Secrets Officer"
CLEAN: Final = "no secret value in clear"

Line = tuple[str, str, str, str]
"""What becomes of a grant, who has it, with which role, where."""


@dataclass(frozen=True)
class Facts:
    """What a report has to say, and all that it says of these things."""

    headline: str
    grants: tuple[Line, ...] = ()
    """Those that change."""
    exposures: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """Those that come to run as an identity that others know."""
    secrets_in_clear: tuple[str, ...] = ()
    unweighed: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """The values of `--fail-on` that would hold."""


def facts(document: Any) -> Facts:
    """The same of a report's document."""
    return Facts(
        headline=document["headline"],
        grants=tuple(_line(one) for one in document["grants"] if one["change"] != "unchanged"),
        exposures=tuple(
            f"{one['kind']} {one['name']}: {one['what']} "
            + " → ".join(value for value in (one["before"], one["after"]) if value is not None)
            for one in document["exposures"]
        ),
        events=tuple(f"{one['kind']} {one['name']} {one['what']}" for one in document["events"]),
        uncovered=tuple(
            f"{one['variable']} of {one['app']}"
            for one in document["settings"]
            if one["after"] and one["after"]["cover"] == "no grant"
        ),
        hosts=tuple(f"{one['host']} as {one['identity']}" for one in document["attachedIdentities"]),
        secrets_in_clear=tuple(
            f"{one['name']} of {one['resource']}"
            for one in document["valuesInClear"]
            if one["looks"] == "secret"
        ),
        unweighed=tuple(f"{one['change']} {one['type']} {one['name']}" for one in document["notWeighed"]),
        conditions=tuple(condition for condition, reasons in document["conditions"].items() if reasons),
    )


def _line(changed: Any) -> Line:
    moments = [moment for moment in (changed["before"], changed["after"]) if moment]
    (who,) = {f"{moment['who']['kind']} {moment['who']['name']}" for moment in moments}
    roles = dict.fromkeys(moment["role"] for moment in moments)
    places = dict.fromkeys(_place(moment) for moment in moments)
    return changed["change"], who, " → ".join(roles), " → ".join(places)


def _place(grant: Any) -> str:
    where = grant["where"]
    within = f" of {where['within']['kind']} {where['within']['name']}" if where["within"] else ""
    return f"{where['kind']} {where['name']}{within}"
