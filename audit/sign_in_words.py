"""Sign-ins in words: who of the stack got tokens, who was refused one, and who got none."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from access_report.safety import LONGEST_SENTENCE, visible
from access_report.sentences.section import Quote, Section, some
from audit.evidence import Audit
from audit.sign_ins import SignIn
from audit.words import caller, listed, minute, times, who

ELSEWHERE: Final = "Signed in from elsewhere"
REFUSED: Final = "Sign-ins refused"
_NO_USE: Final = (
    "A token is good for hours, and Azure keeps a managed identity's for a day: a sign-in is no use, and a "
    "day without one is no evidence."
)
_SILENT: Final = (
    "Since then its log has rows of others. Whether it was on for the whole time, the directory's settings "
    "say, which are not read here."
)


def sections_of_sign_ins(audit: Audit, quote: Quote) -> Iterable[Section]:
    """In the order of what somebody has to do something about; empty ones are left out."""
    found = audit.sign_ins
    yield from some(
        ELSEWHERE,
        ("who", "for", "how often", "last", "from", "as"),
        [_row(audit, one, quote) for one in found.elsewhere],
        "No range of --known-from has one of these addresses.",
    )
    yield from some(
        REFUSED,
        ("who", "for", "how often", "last", "from", "as", "because"),
        [(*_row(audit, one, quote), quote(f"AADSTS{one.result}")) for one in found.found if one.is_refused],
        "What the number means: https://login.microsoftonline.com/error.",
    )
    yield from some(
        "Signed in",
        ("who", "for", "how often", "last", "from", "as"),
        [_row(audit, one, quote) for one in found.found if not one.is_refused],
        _NO_USE,
    )
    yield from some(
        "Got no token",
        ("who", "since"),
        [(f"{one.grant.who.kind} {quote(one.grant.who.name)}", minute(since)) for one, since in found.silent],
        _SILENT,
    )


def _row(audit: Audit, one: SignIn, quote: Quote) -> Sequence[str]:
    kind, name = who(audit.stack, one)
    return (
        f"{kind} {quote(name)}",
        quote(one.resource),
        times(one.count),
        minute(one.last),
        listed(one.addresses, quote) or "not said",
        quote(one.credential),
    )


def document_of_sign_ins(audit: Audit) -> dict[str, Any]:
    """For programs. Names are made visible; nothing of a token is in it, as no row has one."""
    found = audit.sign_ins
    elsewhere = {replace(one, addresses=()) for one in found.elsewhere}
    return {
        "logs": {log.table: log.since.strftime(_TIME) if log.since else None for log in found.logs},
        "found": [
            {
                "who": visible(caller(audit.stack, one), LONGEST_SENTENCE),
                "objectId": visible(one.principal_id),
                "clientId": visible(one.app_id) or None,
                "resource": visible(one.resource),
                "as": visible(one.credential),
                "result": visible(one.result),
                "count": one.count,
                "first": one.first.strftime(_TIME),
                "last": one.last.strftime(_TIME),
                "addresses": [visible(address) for address in one.addresses],
                "isFromElsewhere": replace(one, addresses=()) in elsewhere,
            }
            for one in found.found
        ],
        "gotNoToken": [
            {"objectId": one.principal_id, "since": since.strftime(_TIME)} for one, since in found.silent
        ],
    }


_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
