"""Every type that the access report weighs, calls harmless, or leaves unweighed, and what in it counts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Final

from access_report.weighing import EVERY_TYPE, Harmless, Part, Row, Told, Weighed, Weighing, weighings
from access_report.weighing.judges import told
from tests.unit.access_report.native_schema import every_type, properties_of
from tests.unit.reference.markdown import code, table, words
from toolchain.paths import ROOT

PAGE: Final = "weighed-types.md"
SUMMARY_IN: Final = ROOT / "docs" / "access-report.md"
_BEGIN: Final = "<!-- types: written by `make docs` -->\n"
_END: Final = "<!-- end of types -->\n"
_INTRODUCTION: Final = """
What the [access report](../access-report.md) knows of each type, from its
[data](../../access_report/weighing/types). A property covers all below it, and the longest one counts.
Whatever does not stand here is *not weighed*: a change of it is told by type, name and property, and counted
in the first line.

Of a resource that changes, each property of a table is told when it changes, as opened or weakened when it
becomes what the last column says. Of a new resource only what opens a way in is told, also where it does so
because nothing is said. What is *compared* is told by the part of the report that is named. A deletion or a
replacement is told as each type says.
""".strip()
_ABOUT_OTHERS: Final = (
    "Their changes are told, too; those of every package that is not named here are not weighed."
)
_ABOUT_ELSEWHERE: Final = "Only packages of one api-version have this type."
_COMPARED: Final[Mapping[Part, str]] = {
    Part.GRANTS: "among grants",
    Part.SETTINGS: "among references, secrets and values in clear",
    Part.EVENTS: "among identities that come, go or get another host",
    Part.PROTECTIONS: "among locks and protections",
}


@cache
def listed() -> Sequence[Weighing]:
    """azure-native's types of the data, by name."""
    found = [one for type_, one in weighings().items() if type_.count(":") == 1 and type_ != EVERY_TYPE]
    return sorted(found, key=lambda one: one.type)


def weighed(types: Sequence[Weighing]) -> list[Weighing]:
    """Those of which something is compared, or that are told when they go."""
    return [
        one
        for one in types
        if any(not isinstance(row, Harmless) for row in (*one.rows.values(), one.deleted))
    ]


def unlisted() -> Mapping[str, list[str]]:
    """Names of the types that no row names, by module."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for type_ in sorted(every_type() - {one.type for one in listed()}):
        module, _, name = type_.partition(":")
        found[module].append(name)
    return found


def unknown_properties(one: Weighing) -> list[str]:
    """Properties that azure-native's type has and no row covers."""
    has = properties_of(one.type, one.lists) if one.type in every_type() else ()
    return sorted(path for path in has if not one.row(path))


def weighing_page() -> str:
    parts = ["# Types that the access report weighs", _INTRODUCTION, _counts(".")]
    parts += ["## What every type has", *_harmless(weighings()[EVERY_TYPE])]
    told_before: dict[str, str] = {}
    for module, types in groupby(listed(), key=_module):
        parts.append(f"## {module}")
        for one in types:
            parts += [f"### {one.type}", *_of(one, told_before)]
    parts += ["## Other packages", _ABOUT_OTHERS]
    others = [one for type_, one in sorted(weighings().items()) if type_.count(":") > 1]
    for one in others:
        parts += [f"### {one.type}", *_of(one, told_before)]
    parts += [
        "## Not weighed",
        "Whatever happens to one of these is told, and a person has to read it.",
        _folded(),
    ]
    return "\n\n".join(parts) + "\n"


def summary() -> str:
    """For the page of the report: how many types are in which class, and what of each module counts."""
    rows: list[tuple[str, ...]] = []
    for module, types in groupby(listed(), key=_module):
        of_module = list(types)
        what = dict.fromkeys(row.what for one in of_module for row in one.weighed)
        names = ", ".join(_without_slots([one.type.partition(":")[2] for one in of_module]))
        rows.append(
            (f"[{module}](reference/{PAGE}#{module})", names, str(len(what)), str(_compared(of_module)))
        )
    columns = ("module", "types, and those of slots", "properties weighed", "compared")
    return f"{_counts('reference')}\n\n{table(columns, rows)}"


def written_into(page: str) -> str:
    """The page of the report with the summary of today."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{summary()}\n\n{_END}{after}"


def _without_slots(names: Sequence[str]) -> list[str]:
    """A slot is weighed as its app, so that its types need no mention."""
    return [name for name in names if name.removesuffix("Slot") == name or name[:-4] not in names]


def _compared(types: Sequence[Weighing]) -> int:
    return len({row.path for one in types for row in one.rows.values() if isinstance(row, Told)})


def _counts(folder: str) -> str:
    """Of azure-native's types of today, and of those that only packages of one api-version have."""
    today = [one for one in listed() if not one.is_elsewhere]
    page = "" if folder == "." else f"{folder}/{PAGE}"
    some, all_of_them = weighed(today), len(every_type())
    rows = [
        ("weighed", str(len(some)), "what gives access, opens, protects or runs is compared"),
        ("harmless", str(len(today) - len(some)), "no property changes anybody's access; each has a reason"),
        (
            "not weighed",
            f"{all_of_them - len(today):,}",
            f"told by type, name and property ([names]({page}#not-weighed))",
        ),
    ]
    older = len(listed()) - len(today)
    sentence = f"Of azure-native's {all_of_them:,} types ({older} more are known from its older versions):"
    return f"{sentence}\n\n{table(('class', 'types', ''), rows)}"


def _module(one: Weighing) -> str:
    return one.type.partition(":")[0]


def _of(one: Weighing, told_before: dict[str, str]) -> Iterator[str]:
    """A type; of one whose rows another type has too, only which."""
    if one.is_elsewhere:
        yield _ABOUT_ELSEWHERE
    rows = [_row(row) for row in one.weighed]
    properties = table(
        ("property", "what it is", "about", "left out", "opens or weakens when it becomes"), rows
    )
    if rows and properties in told_before:
        other = told_before[properties]
        yield f"The properties of [{other}](#{other.replace(':', '').lower()}) are weighed here, too."
    elif rows:
        told_before[properties] = one.type
        yield properties
    compared = [row for row in one.rows.values() if isinstance(row, Told)]
    if compared or one.deleted is not None or unknown_properties(one):
        yield "\n".join(_lines(one, compared))
    yield from _harmless(one)


def _row(row: Weighed) -> tuple[str, ...]:
    only = [f"{code(path)} is {told(value)}" for path, value in (row.only_where or {}).items()]
    what = row.what + (f", where {' and '.join(only)}" if only else "")
    return code(row.path), words(what), row.concern.value, words(_left_out(row)), words(row.judge.how)


def _left_out(row: Weighed) -> str:
    return "" if row.absent is None else told(row.absent)


def _lines(one: Weighing, compared: Sequence[Told]) -> Iterator[str]:
    for part in Part:
        paths = [code(row.path) for row in compared if row.by is part]
        if paths:
            yield f"- Compared {_COMPARED[part]}: {', '.join(paths)}."
    if unknown := unknown_properties(one):
        yield f"- **Not weighed**: {', '.join(map(code, unknown))}."
    yield f"- {_deletion(one)}"
    if then := one.then.get("replaced"):
        yield f"- A replacement is told: {then}."


def _deletion(one: Weighing) -> str:
    if one.deleted is None:
        return "A deletion is **not weighed**."
    if isinstance(one.deleted, Harmless):
        return f"A deletion is harmless: {one.deleted.reason}."
    then = one.then.get("deleted")
    if one.deleted.by is Part.EVENTS:
        return f"A deletion is told{f': {then}' if then else ''}."
    return f"A deletion is told {_COMPARED[one.deleted.by]}."


def _harmless(one: Weighing) -> Iterator[str]:
    """What is harmless, by reason, without what every type has."""
    everywhere = weighings()[EVERY_TYPE].rows if one.type != EVERY_TYPE else dict[str, Row]()
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for path, row in one.rows.items():
        if isinstance(row, Harmless) and everywhere.get(path) != row:
            reasons[row.reason].append(code(path) if path else "all of it")
    if reasons:
        yield "Harmless:\n\n" + "\n".join(f"- {', '.join(paths)}: {why}" for why, paths in reasons.items())


def _folded() -> str:
    return "\n\n".join(
        f"<details><summary>{module}: {len(names)}</summary>\n\n{', '.join(map(code, names))}\n</details>"
        for module, names in unlisted().items()
    )
