"""Which searches a review saves, and of which somebody is told: what its logs can answer."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

import pulumi

from .alerts import QueryAlert
from .arguments import AccessReviewChoices, EntraLog
from .queries import query

OF_ENTRA: Final[Mapping[EntraLog, str]] = {
    EntraLog.MANAGED_IDENTITIES: "sign_ins_of_managed_identities",
    EntraLog.SERVICE_PRINCIPALS: "sign_ins_of_applications",
    EntraLog.PEOPLE: "sign_ins_of_people",
    EntraLog.PEOPLE_AGAIN: "sign_ins_of_people_again",
    EntraLog.CHANGES: "directory_changes",
}
"""A log of the directory, to the search that asks it."""
_REFUSED: Final = '\n| where Result != "0"'
_OF_SIGN_INS: Final = {
    EntraLog.MANAGED_IDENTITIES: ("identities", "A managed identity was refused a token."),
    EntraLog.SERVICE_PRINCIPALS: ("applications", "An application was refused a token."),
}
"""Of people everybody mistypes a password; of these none should be refused."""


def searches(choices: AccessReviewChoices) -> dict[str, pulumi.Output[str]]:
    """By name, with the ids of whom the program knows."""
    found = {
        "refused_calls": pulumi.Output.from_input(query("refused_calls")),
        "reads_by_grant": pulumi.Output.from_input(query("reads_by_grant")),
        "secrets_near_expiry": pulumi.Output.from_input(query("secrets_near_expiry")),
        "unknown_callers": _with_ids("unknown_callers", choices.known.values()),
    }
    if choices.exports_activity_log:
        found["grants_by_others"] = _with_ids("grants_by_others", choices.deployers.values())
    for log in choices.entra_logs:
        found[OF_ENTRA[log]] = pulumi.Output.from_input(query(OF_ENTRA[log]))
    return found


def _with_ids(name: str, ids: Collection[pulumi.Output[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(*ids).apply(lambda known: query(name, cast(Sequence[str], known)))


def alerts_on(choices: AccessReviewChoices, asked: Mapping[str, pulumi.Output[str]]) -> Sequence[QueryAlert]:
    """The alerts on rows."""
    found = [
        QueryAlert("refused", "A call to a vault was refused.", 3, asked["refused_calls"]),
        QueryAlert(
            "expiry", "A secret, key or certificate expires soon.", 2, asked["secrets_near_expiry"], True
        ),
    ]
    if choices.known:
        text = "A principal that the program does not know called a vault."
        found.append(QueryAlert("unknown", text, 1, asked["unknown_callers"]))
    if choices.deployers:
        text = "Somebody else than who deploys gave or took a role."
        found.append(QueryAlert("grants", text, 1, asked["grants_by_others"]))
    for log in choices.entra_logs:
        if log in _OF_SIGN_INS:
            name, text = _OF_SIGN_INS[log]
            refused = pulumi.Output.concat(asked[OF_ENTRA[log]].apply(str.rstrip), _REFUSED)
            found.append(QueryAlert(name, text, 3, refused))
    return found
