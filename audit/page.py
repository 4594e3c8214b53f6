"""The audit as a page: the access map with used grants solid, unused ones dashed, and refusals marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from access_report.page import rendered
from access_report.page.map import Box, Map, Wire, near
from access_report.safety import LONGEST_SENTENCE, visible
from access_report.scopes import Where, place_with_id
from audit.evidence import Audit, Evidence, Verdict
from audit.sign_in_words import ELSEWHERE, REFUSED, sections_of_sign_ins
from audit.uses import Use
from audit.words import headline, made_by, sections, span, times, who

UNUSED: Final = "Never used"
_TONES: Final = {
    Verdict.UNUSED: ("unused", "◌"),
    Verdict.USED: ("used", "●"),
    Verdict.UNSEEN: ("unseen", "◌"),
    Verdict.NOT_LOGGED: ("unlogged", "?"),
    Verdict.NO_LOG: ("unlogged-kind", "?"),
}
"""How a grant is drawn, by what is known of its use."""
_UNKNOWN: Final = ("unknown", "!", "by a grant that the program does not know")
_REFUSED: Final = ("refused", "✕", "refused")
_ORDER: Final = ("refused", "unknown", *(tone for tone, _ in _TONES.values()))


@dataclass(frozen=True)
class _Line:
    """A wire before it has its ends."""

    who: tuple[str, str]
    """Kind and name."""
    where: Where
    tone: str
    mark: str
    word: str
    may: str
    role: str
    told: str


def page(audit: Audit) -> str:
    """One file, which loads nothing and sends nothing."""
    drawn = _draw([*_refused(audit), *_unknown(audit), *(_grant(one) for one in audit.evidence)])
    stack = visible(audit.stack.name)
    return rendered(
        title=f"Use of the access of {stack}",
        question="Who used which access",
        stack=stack,
        headline=headline(audit),
        drawn=drawn,
        order=[tone for tone in _ORDER if tone in drawn.tones()],
        told=[*sections(audit, visible), *sections_of_sign_ins(audit, visible)],
        alarms={"Let in by something that this program does not know", "Refused", REFUSED, ELSEWHERE},
    )


def _grant(one: Evidence) -> _Line:
    grant = one.of.grant
    tone, mark = _TONES[one.verdict]
    word = one.verdict.value
    if one.verdict is Verdict.USED:
        word = f"used {times(one.count)}"
    elif one.logged_for:
        word = f"{one.verdict.value} in {span(one)}"
    refused = sum(use.count for use in one.refused)
    word += f", refused {times(refused)}" if refused else ""
    told = f"{grant.who} can {grant.may} on {grant.where} ({grant.role}): {word}; made by {made_by(one.of)}"
    return _Line((grant.who.kind, grant.who.name), grant.where, tone, mark, word, grant.may, grant.role, told)


def _unknown(audit: Audit) -> Iterable[_Line]:
    yield from _calls(audit, audit.unknown, _UNKNOWN)


def _refused(audit: Audit) -> Iterable[_Line]:
    yield from _calls(audit, audit.refused, _REFUSED)


def _calls(audit: Audit, uses: Sequence[Use], how: tuple[str, str, str]) -> Iterable[_Line]:
    """One line for all calls of somebody to one place."""
    tone, mark, word = how
    found: dict[tuple[tuple[str, str], str], list[Use]] = {}
    for use in uses:
        found.setdefault((who(audit.stack, use), use.place), []).append(use)
    for (someone, place), calls in found.items():
        where = place_with_id(audit.stack.directory, place)
        did = ", ".join(sorted({use.operation for use in calls}))
        count = times(sum(use.count for use in calls))
        told = f"{' '.join(someone)} did {did} on {where}, {count}: {word}"
        yield _Line(someone, where, tone, mark, word, f"{visible(did)}, {count}", word, told)


def _draw(lines: Sequence[_Line]) -> Map:
    by_who: dict[tuple[str, str], list[_Line]] = {}
    for line in lines:
        by_who.setdefault(line.who, []).append(line)
    place_of = {line.where.key: line.where for line in lines}
    ids = {
        key: f"b{n}" for n, key in enumerate(near([one.where.key for one in of] for of in by_who.values()))
    }
    order = {key: n for n, key in enumerate(ids)}
    principals: list[Box] = []
    for n, ((kind, name), of) in enumerate(by_who.items()):
        drawn = [
            _wire(f"a{n}", ids[one.where.key], one)
            for one in sorted(of, key=lambda line: order[line.where.key])
        ]
        principals.append(Box(f"a{n}", visible(kind), visible(name), drawn, []))
    wires = [wire for box in principals for wire in box.wires]
    places = [
        Box(
            id,
            visible(place_of[key].kind),
            visible(place_of[key].name, LONGEST_SENTENCE),
            [wire for wire in wires if wire.where == id],
            [],
        )
        for key, id in ids.items()
    ]
    return Map(principals, places)


def _wire(from_: str, to: str, line: _Line) -> Wire:
    return Wire(
        who=from_,
        where=to,
        tone=line.tone,
        word=line.word if line.tone in ("refused", "unknown") else _chip(line.tone),
        mark=line.mark,
        may=line.may,
        role=visible(line.role if line.role == line.word else f"{line.role}: {line.word}", LONGEST_SENTENCE),
        on=visible(str(line.where), LONGEST_SENTENCE),
        was="",
        because="",
        told=visible(line.told, len(line.told) * 10),
        secrets="",
    )


def _chip(tone: str) -> str:
    return next(verdict.value for verdict, (of, _) in _TONES.items() if of == tone)
