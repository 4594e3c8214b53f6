"""The report in words: one place, so that comment, page, table and JSON say the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from access_report.comparison import Change, Changed
from access_report.exposure import Concern, Exposed
from access_report.grants import Grant
from access_report.references import Cover, Setting
from access_report.report import Report, SettingChange

Quote = Callable[[str], str]
"""How a name is written in an output; every name goes through it."""

_SHOWN: Final = {
    Change.ADDED: "added",
    Change.WIDENED: "widened",
    Change.NARROWED: "narrowed",
    Change.REMOVED: "removed",
    Change.RECREATED: "re-created",
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
    operations = ", ".join(f"{count} {_plural(word, count)}" for word, count in report.counts) or "no changes"
    return f"{operations}. {access_sentence(report)}"


def access_sentence(report: Report) -> str:
    counts = {change: len(report.changed(change)) for change in _SHOWN}
    told = [
        f"{counts[c]} {word}"
        for c, word in _SHOWN.items()
        if counts[c] or c in (Change.ADDED, Change.REMOVED)
    ]
    grants = "No grant changes" if not any(counts.values()) else f"Grants: {', '.join(told)}"
    clear = [s for s in report.settings if s.becomes_literal]
    values = (
        f"{len(clear)} secret value{'s'[: len(clear) != 1]} now in clear"
        if clear
        else "no secret value in clear"
    )
    missing = len(report.uncovered)
    uncovered = f"; {missing} reference{'s'[: missing != 1]} without a grant" if missing else ""
    return f"{grants}; {values}{uncovered}."


def sections(report: Report, quote: Quote) -> Iterable[Section]:
    """In the order of what a reviewer needs first; empty ones are left out."""
    changed = report.changed(*_SHOWN)
    yield from _some(
        "Access that changes", ("", "who", "can", "on", "because of"), [_grant_row(c, quote) for c in changed]
    )
    yield from _some(
        "References without a grant",
        ("app", "setting", "secret"),
        [_setting_cells(s, quote) for s in report.uncovered],
        "These settings would reach the app as the literal text of the reference.",
    )
    literal = [change for change in report.settings if change.becomes_literal]
    yield from _some(
        "Settings that turn from a reference into a value in clear",
        ("app", "setting", "was the secret"),
        [_setting_cells(change.before, quote) for change in literal if change.before],
    )
    for concern, title in ((Concern.EXPOSURE, "Exposure"), (Concern.PROTECTION, "Protection")):
        rows = [_exposed_row(e, quote) for e in report.exposures if e.concern is concern]
        yield from _some(title, ("", "resource", "what", "before", "after"), rows)
    yield from _some(
        "What happens to vaults, identities and apps",
        ("resource", "what"),
        [(f"{event.kind} {quote(event.name)}", quote(event.words)) for event in report.events],
    )
    rows = [_setting_row(change, quote) for change in report.settings if _is_news(change)]
    yield from _some("Secrets", ("", "app", "setting", "secret"), rows)
    if report.needs.roles or report.needs.providers:
        needed = [(f"be allowed to grant {quote(role)}",) for role in report.needs.roles]
        needed += [
            (f"have the resource provider {quote(name)} registered",) for name in report.needs.providers
        ]
        yield Section("Whoever deploys now also has to", ("",), needed)
    shown = [c for c in report.grants if c.only_shown]
    yield from _some(
        "Shown as replaced, but staying",
        ("who", "can", "on"),
        [_grant_cells(c.grant, quote) for c in shown],
        "The preview does not know yet that ids come back unchanged; the update keeps these assignments.",
    )
    kept = report.changed(Change.SAME)
    yield from _some("Access that stays", ("who", "can", "on"), [_grant_cells(c.grant, quote) for c in kept])


def _some(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Iterable[Section]:
    if rows:
        yield Section(title, columns, rows, note)


def _grant_cells(grant: Grant, quote: Quote) -> tuple[str, str, str]:
    may = f"{grant.facts.may} " if grant.facts else ""
    return (
        f"{grant.who.kind} {quote(grant.who.name)}",
        f"{may}({quote(grant.role)})",
        f"{quote(grant.where.kind)} {quote(grant.where.name)}",
    )


def _grant_row(changed: Changed, quote: Quote) -> Sequence[str]:
    who, can, on = _grant_cells(changed.grant, quote)
    if changed.change in (Change.WIDENED, Change.NARROWED) and changed.before:
        _, was, there = _grant_cells(changed.before, quote)
        can, on = (f"{was} → {can}" if was != can else can), (f"{there} → {on}" if there != on else on)
    word = _SHOWN[changed.change]
    if changed.change is Change.RECREATED:
        word += ", access interrupted"
    return (word, who, can, on, quote(changed.grant.why) if changed.grant.why else "")


def _setting_cells(setting: Setting, quote: Quote) -> tuple[str, str, str]:
    return quote(setting.app), quote(setting.variable), f"{quote(setting.secret)} in {quote(setting.vault)}"


def _is_news(change: SettingChange) -> bool:
    """Whether a secret comes, goes, or moves to another name."""
    was, will = change.before, change.after
    if was is None or will is None:
        return True
    return (was.is_reference, was.secret) != (will.is_reference, will.secret)


def _setting_row(change: SettingChange, quote: Quote) -> Sequence[str]:
    was, will = change.before, change.after
    word = "changed" if was and will else "added" if will else "removed"
    app, variable, secret = _setting_cells(change.setting, quote)
    if will is not None and will.cover is Cover.ELSEWHERE:
        secret += ", granted by whoever owns identity or vault"
    return word, app, variable, secret


def _exposed_row(exposed: Exposed, quote: Quote) -> Sequence[str]:
    word = "weakened" if exposed.opens else "strengthened"
    if exposed.concern is Concern.EXPOSURE:
        word = "opened" if exposed.opens else "closed"
    before = "" if exposed.before is None else quote(exposed.before)
    return word, quote(exposed.name), exposed.words, before, quote(exposed.after or "")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else {"replace": "replacements"}.get(word, f"{word}s")
