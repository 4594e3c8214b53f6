"""Grants in words: who can do what, where, and what becomes of it."""

from collections.abc import Iterable, Sequence
from typing import Final

from access_report.comparison import Change, Changed
from access_report.grants import Grant, Who
from access_report.report import Report
from access_report.scopes import Where, is_our_word
from access_report.sentences.section import Quote, Section, some

STAYS: Final = "Access that stays"
"""The one section that a reviewer need not read."""
MOST_WAYS: Final = 4
"""Of one role that are named; the JSON has all of them."""
SHOWN: Final = {
    Change.ADDED: "added",
    Change.WIDENED: "widened",
    Change.NARROWED: "narrowed",
    Change.REMOVED: "removed",
    Change.RECREATED: "re-created",
}
"""What is told of a grant that changes, most urgent first."""
_CLAIMED: Final = "(by its word)"
_CLAIMED_NOTE: Final = (
    "By its word: the ids of role and scope are known only by the update; until then the component alone "
    "says which role it is, and that it is no more than the one secret."
)


def changing(report: Report, quote: Quote) -> Iterable[Section]:
    """Access that changes."""
    changed = report.changed(*SHOWN)
    yield from some(
        "Access that changes",
        ("", "who", "can", "on", "because of"),
        [_grant_row(c, quote, report) for c in changed],
        _CLAIMED_NOTE if any(c.after and c.after.is_claimed for c in changed) else "",
    )
    yield from some(
        "Roles that lead to more",
        ("role", "its holder can also"),
        list(_leading_to_more(report, quote)),
        "What its holder reaches by that is not among the grants of this report.",
    )
    yield from some(
        "Identities with another host",
        ("host", "runs as"),
        [(f"{one.kind} {quote(one.host)}", f"identity {quote(one.identity)}") for one in report.attached],
        "Whoever decides what runs there has all that the identity may.",
    )


def _leading_to_more(report: Report, quote: Quote) -> Iterable[Sequence[str]]:
    """Each role that somebody comes to have, and how its holder gets at more than what is told of it."""
    come = report.changed(Change.ADDED, Change.WIDENED, Change.NARROWED)
    for grant in {c.grant.granted.key: c.grant for c in come}.values():
        ways = [way for way in (grant.facts.gives_access if grant.facts else ()) if way not in grant.may]
        more = len(ways) - MOST_WAYS
        if ways:
            yield quote(grant.role), ", ".join(ways[:MOST_WAYS]) + (f" and {more} more" if more > 0 else "")


def refused(report: Report, quote: Quote) -> Iterable[Section]:
    """Grants that the update cannot make."""
    yield from some(
        "Grants that Azure will refuse",
        ("who", "can", "on"),
        [_grant_cells(c.grant, quote) for c in report.grants if c.collides],
        "The update makes each under a new name before it deletes the old one, and Azure takes no second. "
        "Give the component an alias with its old name.",
    )


def staying(report: Report, quote: Quote) -> Iterable[Section]:
    """Access that does not change, though a preview may show that it does."""
    yield from some(
        "Shown as replaced, but staying",
        ("who", "can", "on"),
        [_grant_cells(c.grant, quote) for c in report.only_shown],
        "The preview does not know yet that ids come back unchanged; the update keeps these assignments.",
    )
    kept = report.changed(Change.SAME)
    yield from some(STAYS, ("who", "can", "on"), [_grant_cells(c.grant, quote) for c in kept])


def _grant_cells(grant: Grant, quote: Quote) -> tuple[str, str, str]:
    return (
        _who(grant.who, quote),
        f"{grant.may} ({quote(grant.role)})",
        _where(grant.where, quote),
    )


def _who(who: Who, quote: Quote) -> str:
    return f"{who.kind} {quote(who.name)}" + (f" ({quote(who.object_id)})" if who.object_id else "")


def _where(where: Where, quote: Quote) -> str:
    kind = where.kind if is_our_word(where.kind) else quote(where.kind)
    within = f" of {_where(where.within, quote)}" if where.within else ""
    return f"{kind} {quote(where.own_name)}{within}"


def _grant_row(changed: Changed, quote: Quote, report: Report) -> Sequence[str]:
    who, can, on = _grant_cells(changed.grant, quote)
    if changed.after and report.is_another(changed.after.who):
        who += ", another principal under the same name"
    if changed.change in (Change.WIDENED, Change.NARROWED) and changed.before:
        _, was, there = _grant_cells(changed.before, quote)
        can, on = (f"{was} → {can}" if was != can else can), (f"{there} → {on}" if there != on else on)
    word = SHOWN[changed.change]
    if changed.change is Change.RECREATED:
        word += ", access interrupted"
    why = quote(changed.grant.why) if changed.grant.why else ""
    if changed.after and changed.after.is_claimed:
        why += f"{' ' if why else ''}{_CLAIMED}"
    return (word, who, can, on, why)
