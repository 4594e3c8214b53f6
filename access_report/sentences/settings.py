"""References, settings and values in clear in words: names, never what they hold."""

from collections.abc import Iterable, Sequence
from typing import Final

from access_report.references import Cover, Setting
from access_report.report import Report
from access_report.sentences.section import Quote, Section, some
from access_report.setting_changes import SettingChange
from access_report.values import Looks

_OTHER_VALUES: Final = {
    Looks.PLAIN: "Values in clear that come or change",
    Looks.LATER: "Values that only the update will know",
}
_COVERS: Final = {
    Cover.ELSEWHERE: "granted by whoever owns identity or vault",
    Cover.CUSTOM: "if a custom role allows it that is not defined here",
}


def uncovered(report: Report, quote: Quote) -> Iterable[Section]:
    """References that nobody lets in."""
    yield from some(
        "References without a grant",
        ("app", "setting", "secret"),
        [_setting_cells(s, quote) for s in report.uncovered],
        "Unless somebody else grants it, a site gets the text of the reference in place of the secret, and a "
        "container app or job is refused.",
    )


def in_clear(report: Report, quote: Quote) -> Iterable[Section]:
    """Secrets that stand, or come to stand, in clear."""
    literal = [change for change in report.settings if change.becomes_literal]
    yield from some(
        "Settings that turn from a reference into a value in clear",
        ("app", "setting", "was the secret"),
        [_setting_cells(change.earlier, quote) for change in literal if change.earlier],
    )
    yield from some(
        "Secret values in clear",
        ("resource", "value", "why"),
        [
            (f"{v.kind} {quote(v.owner)}", quote(v.name), v.why.told(quote) if v.why else "")
            for v in report.secrets_in_clear
        ],
    )


def carried(report: Report, quote: Quote) -> Iterable[Section]:
    """Secrets and other values that settings carry."""
    rows = [_setting_row(change, quote) for change in report.settings if _is_news(change)]
    yield from some("Secrets", ("", "app", "setting", "secret"), rows)
    for looks, title in _OTHER_VALUES.items():
        yield from some(title, ("resource", "values"), list(_values_by_owner(report, looks, quote)))


def _setting_cells(setting: Setting, quote: Quote) -> tuple[str, str, str]:
    return quote(setting.app), quote(setting.variable), _secret(setting, quote)


def _secret(setting: Setting, quote: Quote) -> str:
    if setting.kept_in:
        return f"{quote(setting.kept_in)} of the app itself"
    return f"{quote(setting.secret)} in {quote(setting.vault)}"


def _carried(setting: Setting, quote: Quote) -> str:
    if setting.is_reference:
        return _secret(setting, quote)
    return "a value in clear" if setting.is_known else "a value that only the update will know"


def _is_news(change: SettingChange) -> bool:
    """Whether a secret comes, goes, or moves to another name."""
    was, will = change.before, change.after
    if was is None or will is None:
        return True
    was_it, will_be = ((s.is_reference, s.vault, s.secret, s.kept_in) for s in (was, will))
    return was_it != will_be


def _setting_row(change: SettingChange, quote: Quote) -> Sequence[str]:
    was, will = change.before, change.after
    word = "changed" if was and will else "added" if will else "removed"
    app, variable, secret = _setting_cells(change.setting, quote)
    if was and will:
        words = _secret if was.kept_in and will.kept_in else _carried
        secret = f"{words(was, quote)} → {words(will, quote)}"
    if will is not None and will.cover is not None and will.cover in _COVERS:
        secret += f", {_COVERS[will.cover]}"
    return word, app, variable, secret


def _values_by_owner(report: Report, looks: Looks, quote: Quote) -> Iterable[Sequence[str]]:
    """One row for each resource, with the names of its values."""
    owners: dict[tuple[str, str, str], list[str]] = {}
    for one in report.in_clear:
        if one.looks is looks:
            owners.setdefault((one.kind, one.owner, one.urn), []).append(quote(one.name))
    for (kind, owner, _), names in owners.items():
        yield f"{kind} {quote(owner)}", ", ".join(names)
