"""The report in words: one place, so that comment, page, table and JSON say the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from access_report.comparison import Change, Changed
from access_report.differences import Unweighed
from access_report.exposure import Exposed
from access_report.grants import Grant, Who
from access_report.reading import FORGOTTEN
from access_report.references import Cover, Setting
from access_report.report import Report, SettingChange
from access_report.scopes import Where, is_our_word
from access_report.values import Looks
from access_report.weighing import Concern

STAYS: Final = "Access that stays"
"""The one section that a reviewer need not read."""
MOST_PROPERTIES: Final = 12
"""Of one resource that are named; the JSON has all of them."""
Quote = Callable[[str], str]
"""How a name is written in an output; every name goes through it."""

_SHOWN: Final = {
    Change.ADDED: "added",
    Change.WIDENED: "widened",
    Change.NARROWED: "narrowed",
    Change.REMOVED: "removed",
    Change.RECREATED: "re-created",
}


_CONCERNS: Final = {
    Concern.EXPOSURE: ("exposure", "opened", "closed"),
    Concern.PROTECTION: ("protection", "weakened", "strengthened"),
    Concern.CODE: ("source of code", "changed", "changed"),
}
"""What is counted, the word for more of it than before, and the one for less."""
_TITLES: Final = {
    Concern.CODE: "What runs with an app's access",
    Concern.EXPOSURE: "Exposure",
    Concern.PROTECTION: "Protection",
}
_OTHER_VALUES: Final = {
    Looks.PLAIN: "Values in clear that come or change",
    Looks.LATER: "Values that only the update will know",
}
_CLAIMED: Final = "(by its word)"
_CLAIMED_NOTE: Final = (
    "By its word: the ids of role and scope are known only by the update; until then the component alone "
    "says which role it is, and that it is no more than the one secret."
)
_COVERS: Final = {
    Cover.ELSEWHERE: "granted by whoever owns identity or vault",
    Cover.CUSTOM: "if a custom role allows it that is not defined here",
}


@dataclass(frozen=True)
class Section:
    """A part of the report: a title, the columns of its table, its rows, and what they mean together."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def headline(report: Report) -> str:
    """One sentence: what happens to resources, to access, and to values in clear."""
    shown = {"replace": len(report.only_shown)}
    told = [_operation(word, count, shown.get(word, 0)) for word, count in report.counts]
    if report.left_out:
        told.append(f"{report.left_out} not made, as the run names others")
    return f"{', '.join(told) or 'no changes'}. {access_sentence(report)}"


def _operation(word: str, count: int, only_shown: int) -> str:
    if word == FORGOTTEN:
        return f"{count} left in Azure"
    noun = {"replace": "replacement"}.get(word, word)
    note = "" if not only_shown else " (only shown)" if only_shown == count else f" ({only_shown} only shown)"
    return f"{_count(count, noun)}{note}"


def access_sentence(report: Report) -> str:
    counts = {change: len(report.changed(change)) for change in _SHOWN}
    told = [
        f"{counts[c]} {word}{' (access interrupted)' if c is Change.RECREATED else ''}"
        for c, word in _SHOWN.items()
        if counts[c] or c in (Change.ADDED, Change.REMOVED)
    ]
    told_of_grants = f"Grants: {', '.join(told)}"
    if not any(counts.values()):
        told_of_grants = (
            "No grant changes" if not report.unweighed else "No grant changes in what was weighed"
        )
    return f"{'; '.join([*_unread(report), told_of_grants, *_values(report), *_warnings(report)])}."


def _unread(report: Report) -> Iterable[str]:
    """What stands before any assurance: how much of the change it does not speak of."""
    if count := len(report.unweighed):
        yield f"{_count(count, 'change')} not weighed, to be read"


def _values(report: Report) -> Iterable[str]:
    """Of secrets in clear: nothing is promised where not every place was read that can carry one."""
    looks = [one.looks for one in report.in_clear]
    turned = {(c.setting.app, c.setting.variable) for c in report.settings if c.becomes_literal}
    if clear := len(turned | {(one.owner, one.name) for one in report.secrets_in_clear}):
        yield f"{_count(clear, 'secret value')} now in clear"
    elif not report.unweighed and Looks.LATER not in looks:
        yield "no value in clear looks like a secret" if looks else "no secret value in clear"
    if later := looks.count(Looks.LATER):
        yield f"{_count(later, 'value')} known only by the update"


def _warnings(report: Report) -> Iterable[str]:
    """What else must not be missed, each kind of thing with its number."""
    if attached := len(report.attached):
        yield f"{_count(attached, 'identity')} with another host"
    if missing := len(report.uncovered):
        yield f"{_count(missing, 'reference')} without a grant"
    if refused := [changed for changed in report.grants if changed.collides]:
        yield f"{_count(len(refused), 'grant')} that Azure will refuse"
    for concern, (word, verb, _) in _CONCERNS.items():
        if worse := [e for e in report.exposures if e.opens and e.concern is concern]:
            yield f"{_count(len(worse), word)} {verb}"
    seen = Counter((event.kind, event.short) for event in report.events)
    if seen:
        yield ", ".join(f"{_count(number, kind)} {short}" for (kind, short), number in sorted(seen.items()))


def sections(report: Report, quote: Quote) -> Iterable[Section]:
    """In the order of what a reviewer needs first; empty ones are left out."""
    yield from _some(
        "Not weighed: read these",
        ("", "type", "name", "what changes"),
        [_unweighed_row(one, quote) for one in report.unweighed],
        "This report does not know what these change about access.",
    )
    changed = report.changed(*_SHOWN)
    yield from _some(
        "Access that changes",
        ("", "who", "can", "on", "because of"),
        [_grant_row(c, quote, report) for c in changed],
        _CLAIMED_NOTE if any(c.after and c.after.is_claimed for c in changed) else "",
    )
    yield from _some(
        "Identities with another host",
        ("host", "runs as"),
        [(f"{one.kind} {quote(one.host)}", f"identity {quote(one.identity)}") for one in report.attached],
        "Whoever decides what runs there has all that the identity may.",
    )
    yield from _some(
        "References without a grant",
        ("app", "setting", "secret"),
        [_setting_cells(s, quote) for s in report.uncovered],
        "Unless somebody else grants it, the app gets the text of the reference in place of the secret.",
    )
    yield from _some(
        "Grants that Azure will refuse",
        ("who", "can", "on"),
        [_grant_cells(c.grant, quote) for c in report.grants if c.collides],
        "The update makes each under a new name before it deletes the old one, and Azure takes no second. "
        "Give the component an alias with its old name.",
    )
    literal = [change for change in report.settings if change.becomes_literal]
    yield from _some(
        "Settings that turn from a reference into a value in clear",
        ("app", "setting", "was the secret"),
        [_setting_cells(change.before, quote) for change in literal if change.before],
    )
    yield from _some(
        "Secret values in clear",
        ("resource", "value", "why"),
        [(f"{v.kind} {quote(v.owner)}", quote(v.name), v.why) for v in report.secrets_in_clear],
    )
    for concern, title in _TITLES.items():
        rows = [_exposed_row(e, quote) for e in report.exposures if e.concern is concern]
        yield from _some(title, ("", "resource", "what", "before", "after"), rows)
    yield from _some(
        "What happens to vaults, identities and apps",
        ("resource", "what"),
        [(f"{event.kind} {quote(event.name)}", event.told(quote)) for event in report.events],
    )
    rows = [_setting_row(change, quote) for change in report.settings if _is_news(change)]
    yield from _some("Secrets", ("", "app", "setting", "secret"), rows)
    for looks, title in _OTHER_VALUES.items():
        yield from _some(title, ("resource", "values"), list(_values_by_owner(report, looks, quote)))
    if report.needs.roles or report.needs.providers:
        needed = [(f"be allowed to grant {quote(role)}",) for role in report.needs.roles]
        needed += [
            (f"have the resource provider {quote(name)} registered",) for name in report.needs.providers
        ]
        yield Section("Whoever deploys now also has to", ("",), needed)
    yield from _some(
        "Shown as replaced, but staying",
        ("who", "can", "on"),
        [_grant_cells(c.grant, quote) for c in report.only_shown],
        "The preview does not know yet that ids come back unchanged; the update keeps these assignments.",
    )
    kept = report.changed(Change.SAME)
    yield from _some(STAYS, ("who", "can", "on"), [_grant_cells(c.grant, quote) for c in kept])


def _some(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Iterable[Section]:
    if rows:
        yield Section(title, columns, rows, note)


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
    word = _SHOWN[changed.change]
    if changed.change is Change.RECREATED:
        word += ", access interrupted"
    why = quote(changed.grant.why) if changed.grant.why else ""
    if changed.after and changed.after.is_claimed:
        why += f"{' ' if why else ''}{_CLAIMED}"
    return (word, who, can, on, why)


def _setting_cells(setting: Setting, quote: Quote) -> tuple[str, str, str]:
    return quote(setting.app), quote(setting.variable), f"{quote(setting.secret)} in {quote(setting.vault)}"


def _carried(setting: Setting, quote: Quote) -> str:
    if setting.is_reference:
        return f"{quote(setting.secret)} in {quote(setting.vault)}"
    return "a value in clear" if setting.is_known else "a value that only the update will know"


def _is_news(change: SettingChange) -> bool:
    """Whether a secret comes, goes, or moves to another name."""
    was, will = change.before, change.after
    if was is None or will is None:
        return True
    return (was.is_reference, was.vault, was.secret) != (will.is_reference, will.vault, will.secret)


def _setting_row(change: SettingChange, quote: Quote) -> Sequence[str]:
    was, will = change.before, change.after
    word = "changed" if was and will else "added" if will else "removed"
    app, variable, secret = _setting_cells(change.setting, quote)
    if was and will:
        secret = f"{_carried(was, quote)} → {_carried(will, quote)}"
    if will is not None and will.cover is not None and will.cover in _COVERS:
        secret += f", {_COVERS[will.cover]}"
    return word, app, variable, secret


def _exposed_row(exposed: Exposed, quote: Quote) -> Sequence[str]:
    _, opens, closes = _CONCERNS[exposed.concern]
    word = opens if exposed.opens else closes
    before = "" if exposed.before is None else quote(exposed.before)
    return word, f"{exposed.kind} {quote(exposed.name)}", exposed.words, before, quote(exposed.after or "")


def _values_by_owner(report: Report, looks: Looks, quote: Quote) -> Iterable[Sequence[str]]:
    """One row for each resource, with the names of its values."""
    owners: dict[tuple[str, str, str], list[str]] = {}
    for one in report.in_clear:
        if one.looks is looks:
            owners.setdefault((one.kind, one.owner, one.urn), []).append(quote(one.name))
    for (kind, owner, _), names in owners.items():
        yield f"{kind} {quote(owner)}", ", ".join(names)


def _unweighed_row(one: Unweighed, quote: Quote) -> Sequence[str]:
    shown = ", ".join(map(quote, one.properties[:MOST_PROPERTIES]))
    more = len(one.properties) - MOST_PROPERTIES
    properties = f"{shown} and {more} more" if more > 0 else shown
    return one.change, quote(one.type), quote(one.name), properties or "all of it"


def _count(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"
