"""The suggestion in words, the same in a terminal, in a pull request and in JSON; the diff as it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from access_report.markdown import assembled
from access_report.safety import LONGEST_SENTENCE, in_markdown, in_terminal
from access_report.sentences import STAYS
from access_report.sentences import headline as of_report
from access_report.sentences import sections as of_access
from access_report.sentences.section import Quote, Section, counted, some
from access_report.terminal import printed
from audit.evidence import Evidence
from audit.suggest.suggestion import Proposed, Suggestion, Unwritten
from audit.suggest.weighed import Weighed
from audit.suggest.wishes import Kind, Wish

_SHARED: Final = (
    "The evidence is of this stack alone; other stacks of the same program may use what it does not. What an "
    "app is no longer linked to, its code is no longer told: a link takes its variables with it."
)
_MORE: Final = (
    "The preview adds or widens access: the program has changes that are not deployed. Deploy them first, "
    "and ask again."
)


def headline(told: Suggestion) -> str:
    """What is proposed, in one line."""
    gone = sum(len(one.wish.of) for one in told.proposed if one.wish.kind is Kind.GONE)
    narrower = sum(len(one.wish.of) for one in told.proposed if one.wish.kind is Kind.NARROWER)
    parts = [
        f"{counted(gone, 'grant')} to take away" if gone else "",
        f"{counted(narrower, 'grant')} to narrow" if narrower else "",
        f"{counted(len(told.unwritten), 'change')} to write by hand" if told.unwritten else "",
    ]
    what = ", ".join(part for part in parts if part) or "nothing to change"
    return f"{what}, by the evidence of {counted(told.days, 'day')} and more"


def sections(told: Suggestion, weighed: Weighed | None, quote: Quote) -> Iterable[Section]:
    """The proposals with their evidence, and what a person has to do or to know; empty ones are left out."""
    yield from some(
        "Proposed",
        ("who", "can now", "on", "becomes", "evidence", "in"),
        [row for one in told.proposed for row in _proposed(one, quote)],
        _SHARED,
    )
    if weighed is not None:
        yield from some(
            "Without effect",
            ("who", "can", "on", "why"),
            [
                (*_grant(one, quote), "something else of the program gives the same")
                for item in weighed.stay
                for one in item.wish.of
            ],
        )
        yield from some("More access", ("",), [(_MORE,)] if weighed.more else [])
    yield from some(
        "To write by hand",
        ("who", "can now", "on", "evidence", "where", "why not here", "write"),
        [_unwritten(one, quote) for one in told.unwritten],
    )
    yield from some(
        "Not used to the full, and left as it is",
        ("who", "can", "on", "why"),
        [(*_grant(one.of, quote), quote(one.why)) for one in told.stays],
    )


def terminal(told: Suggestion, weighed: Weighed | None, *, color: bool = False) -> str:
    """Sections, what the access report says of the change, and the diff, in which control characters are
    spelt out.
    """
    head = f"{in_terminal(told.audit.stack.name)}: {headline(told)}"
    text = printed(head, sections(told, weighed, in_terminal), color=color)
    if weighed is not None:
        head = f"The access report of the change: {of_report(weighed.report)}"
        text += "\n" + printed(head, _of_change(weighed, in_terminal), color=color)
    return f"{text}\n{_shown(told.diff)}" if told.diff else text


def markdown(told: Suggestion, weighed: Weighed | None) -> str:
    """The body of a pull request, of at most 64,000 characters, in which names are harmless."""
    head = f"### {in_markdown(told.audit.stack.name)}: {headline(told)}\n"
    change: list[Section] = []
    if weighed is not None:
        change = [Section("The access report of the change", ("",), [(of_report(weighed.report),)]),
                  *_of_change(weighed, in_markdown)]  # fmt: skip
    return assembled(head, [*sections(told, weighed, in_markdown), *change], {})


def document(told: Suggestion, weighed: Weighed | None) -> Mapping[str, Any]:
    """For programs; every name as it is."""
    return {
        "stack": told.audit.stack.name,
        "since": told.audit.since.isoformat(),
        "until": told.audit.until.isoformat(),
        "days": told.days,
        "proposed": [
            {**_wish(one.wish), "in": [{"file": line.file, "line": line.number} for line in one.lines],
             "withoutEffect": weighed is not None and one in weighed.stay}
            for one in told.proposed
        ],
        "byHand": [
            {**_wish(one.wish), "why": one.why, "at": one.at, "write": list(one.words)}
            for one in told.unwritten
        ],
        "stays": [{"grant": one.of.of.grant.urn, "why": one.why} for one in told.stays],
        "addsAccess": None if weighed is None else weighed.more,
        "diff": told.diff,
    }  # fmt: skip


def evidence(one: Evidence) -> str:
    """What the logs have of a grant, and for how long they would have had it."""
    seen = f"{counted(one.days, 'day')} of logs"
    if not one.uses:
        return f"no use in {seen}"
    did = sorted({use.operation for use in one.uses})
    return f"{counted(one.count, 'use')} in {seen}: {', '.join(did)}"


def _wish(wish: Wish) -> Mapping[str, Any]:
    return {
        "kind": wish.kind.value,
        "grants": [one.of.grant.urn for one in wish.of],
        "becomes": wish.words,
        "evidence": [evidence(one) for one in wish.of],
        "days": wish.days,
    }


def _proposed(one: Proposed, quote: Quote) -> Iterable[Sequence[str]]:
    lines = ", ".join(dict.fromkeys(str(line) for line in one.lines))
    for grant in one.wish.of:
        yield (*_grant(grant, quote), quote(one.wish.words), quote(evidence(grant)), quote(lines))


def _unwritten(one: Unwritten, quote: Quote) -> Sequence[str]:
    return (
        *_grant(one.wish.of[0], quote),
        quote(evidence(one.wish.of[0])),
        quote(one.at) or "not known",
        quote(one.why),
        quote("; ".join(one.words)),
    )


def _grant(one: Evidence, quote: Quote) -> tuple[str, str, str]:
    grant = one.of.grant
    return (
        f"{grant.who.kind} {quote(grant.who.name)}",
        f"{grant.may} ({quote(grant.role)})",
        quote(str(grant.where)),
    )


def _of_change(weighed: Weighed, quote: Quote) -> list[Section]:
    """What changes; what stays is in no suggestion."""
    return [one for one in of_access(weighed.report, quote) if one.title != STAYS]


def _shown(diff: str) -> str:
    return "\n".join(in_terminal(line, LONGEST_SENTENCE) for line in diff.splitlines()) + "\n"
