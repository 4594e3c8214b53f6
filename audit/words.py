"""The audit in words: one place, so that terminal, comment, page and JSON say the same.

Names come from logs, too, where whoever calls chooses them: each goes through the quote of its output.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from access_report.forms.principals import principal
from access_report.scopes import is_our_word, place_with_id
from access_report.sentences.section import Quote, Section, counted, some
from audit.evidence import Audit, Evidence, Verdict
from audit.grants import Stack, StackGrant
from audit.sign_ins import SignIn
from audit.uses import Use

DELAYS: Final = (
    "Rows come minutes after what they tell of, sometimes later; all times are UTC. Who only has a token "
    "from a key or a signature is in no row as somebody."
)
_MOST: Final = 5
"""Parts and addresses that are named of one grant; the JSON has all of them."""
_UNCERTAIN: Final = " (by principal and place: this log names no assignment)"


def headline(audit: Audit) -> str:
    """The first line, which says the least that somebody has to know."""
    counts = [(len(audit.of(verdict)), verdict.value) for verdict in Verdict]
    told = ", ".join(f"{count} {word}" for count, word in counts if count) or "none"
    callers = len({use.caller for use in audit.unknown})
    more = [
        f"{counted(callers, 'caller')} that the program does not know" if callers else "",
        f"{counted(sum(use.count for use in audit.refused), 'refusal')}" if audit.refused else "",
    ]
    days = (audit.until - audit.since).days
    span = f"{_day(audit.since)} to {_day(audit.until)} ({counted(days, 'day')})"
    rest = "".join(f"; {one}" for one in more if one)
    return f"{span}. {counted(len(audit.evidence), 'grant')}: {told}{rest}."


def sections(audit: Audit, quote: Quote) -> Iterable[Section]:
    """In the order of what somebody has to do something about; empty ones are left out."""
    stack = audit.stack
    yield from some(
        "Never used",
        ("who", "can", "on", "no use in", "made by"),
        [(*_grant(one, quote), span(one), _made_by(one.of, quote)) for one in audit.of(Verdict.UNUSED)],
        "The log was on for the whole time. Who has not called in it may call once a quarter.",
    )
    yield from some(
        "Let in by something that this program does not know",
        ("who", "did", "on", "how often", "last", "from", "by assignment"),
        [(*_use(stack, use, quote), quote(use.assignment) or "not said") for use in audit.unknown],
        "The assignment was made by hand, by another program, or further up.",
    )
    yield from some(
        "Refused",
        ("who", "asked for", "on", "how often", "last", "from"),
        [_use(stack, use, quote) for use in audit.refused],
        "`python -m audit why` says what decided.",
    )
    used = audit.of(Verdict.USED)
    yield from some(
        "Used",
        ("who", "can", "on", "did", "how often", "last", "from", "made by"),
        [_used(one, quote) for one in used],
    )
    yield from some(
        "Not used yet",
        ("who", "can", "on", "no use in", "because", "made by"),
        [
            (*_grant(one, quote), span(one), one.how, _made_by(one.of, quote))
            for one in audit.of(Verdict.UNSEEN)
        ],
        "Log or grant are younger than the time that is asked about: this is no evidence yet.",
    )
    yield from some(
        "Not logged",
        ("who", "can", "on", "why", "made by"),
        [(*_grant(one, quote), one.how, _made_by(one.of, quote)) for one in audit.of(Verdict.NOT_LOGGED)],
        "Whether these are used, nobody can say: send their logs to a workspace.",
    )
    yield from some(
        "No log of this kind",
        ("who", "can", "on", "made by"),
        [(*_grant(one, quote), _made_by(one.of, quote)) for one in audit.of(Verdict.NO_LOG)],
    )
    yield from some(
        "Rows that were not understood",
        ("table", "what is with them", "how many"),
        [(quote(one.table), one.why, f"{one.count}") for one in audit.unread],
    )
    yield from some("Not read", ("",), [(quote(note),) for note in audit.notes])


def made_by(grant: StackGrant) -> str:
    """Component and line, plain."""
    return f"{grant.component} ({grant.line})" if grant.line else grant.component


def span(one: Evidence) -> str:
    """How long log and grant were there: days, or less than one."""
    hours = one.logged_for.total_seconds() / 3600
    return counted(one.days, "day") if one.days else f"{counted(int(hours), 'hour')}"


def times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def caller(stack: Stack, use: Use | SignIn) -> str:
    """Somebody of the stack by name, anybody else by what the row says, plain."""
    kind, name = who(stack, use)
    return f"{kind} {name}".strip()


def place(stack: Stack, use: Use) -> str:
    """What was reached, in the program's names, plain."""
    return str(place_with_id(stack.directory, use.place))


def who(stack: Stack, use: Use | SignIn) -> tuple[str, str]:
    """The kind of whoever called, and a name: the stack's own where it has one."""
    found = stack.directory.with_principal(use.principal_id) if use.principal_id else None
    if found is not None:
        someone = principal(found)
        return someone.kind, someone.name
    for one in stack.grants:
        if {use.principal_id, use.app_id} & ({one.principal_id, one.client_id} - {""}):
            return one.grant.who.kind, one.grant.who.name
    if use.name:
        return "person", use.name
    if use.principal_id:
        return "principal", use.principal_id
    return ("application", use.app_id) if use.app_id else ("somebody", "whom the row does not name")


def _use(stack: Stack, use: Use, quote: Quote) -> tuple[str, ...]:
    kind, name = who(stack, use)
    return (
        f"{kind} {quote(name)}",
        quote(use.operation),
        _on(stack, use, quote),
        times(use.count),
        minute(use.last),
        listed(use.addresses, quote),
    )


def _on(stack: Stack, use: Use, quote: Quote) -> str:
    where = place_with_id(stack.directory, use.place)
    kind = where.kind if is_our_word(where.kind) else quote(where.kind)
    within = f" of {where.within.kind} {quote(where.within.name)}" if where.within else ""
    return f"{kind} {quote(where.own_name)}{within}"


def _grant(one: Evidence, quote: Quote) -> tuple[str, str, str]:
    grant, where = one.of.grant, one.of.grant.where
    kind = where.kind if is_our_word(where.kind) else quote(where.kind)
    within = f" of {where.within.kind} {quote(where.within.name)}" if where.within else ""
    refused = sum(use.count for use in one.refused)
    tail = f"; refused {times(refused)}" if refused else ""
    return (
        f"{grant.who.kind} {quote(grant.who.name)}",
        f"{grant.may} ({quote(grant.role)}){tail}",
        f"{kind} {quote(where.own_name)}{within}",
    )


def _used(one: Evidence, quote: Quote) -> Sequence[str]:
    did = sorted({use.operation for use in one.uses})
    parts = [part.rpartition("/")[2] for part in one.parts if not one.of.scope.endswith(part.lower())]
    what = listed(did, quote) + (f": {listed(parts, quote)}" if parts else "")
    addresses = sorted({address for use in one.uses for address in use.addresses})
    return (
        *_grant(one, quote),
        what,
        times(one.count) + ("" if one.is_certain else _UNCERTAIN),
        minute(one.last) if one.last else "",
        listed(addresses, quote),
        _made_by(one.of, quote),
    )


def _made_by(grant: StackGrant, quote: Quote) -> str:
    return f"{quote(grant.component)}" + (f", {quote(str(grant.line))}" if grant.line else "")


def listed(names: Sequence[str], quote: Quote) -> str:
    """The first few of them, and how many more there are."""
    more = len(names) - _MOST
    return ", ".join(map(quote, names[:_MOST])) + (f" and {more} more" if more > 0 else "")


def minute(time: datetime) -> str:
    """To the minute, UTC."""
    return time.strftime("%Y-%m-%d %H:%M")


def _day(time: datetime) -> str:
    return time.strftime("%Y-%m-%d")
