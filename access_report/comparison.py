"""What an update changes about access: grants before and after, matched by what they allow."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from access_report.following import ROLE_ASSIGNMENT
from access_report.grants import Form, Grant, by_principal
from access_report.matching import Gone
from access_report.resources import Operation, Preview


class Change(StrEnum):
    """What becomes of a grant."""

    ADDED = "added"
    REMOVED = "removed"
    WIDENED = "widened"
    NARROWED = "narrowed"
    RECREATED = "re-created"
    """Taken away and given again: access is interrupted until Azure honours the new assignment."""
    SAME = "unchanged"


@dataclass(frozen=True)
class Changed:
    """One line of the report: `before` is None for what is added, `after` for what is removed."""

    change: Change
    before: Grant | None
    after: Grant | None
    only_shown: bool = False
    """Whether the preview shows a replacement that the update will not make."""
    collides: bool = False
    """Whether it is made under another name before it is deleted: Azure refuses the second of two that are
    the same.
    """

    @property
    def grant(self) -> Grant:
        grant = self.after or self.before
        assert grant is not None
        return grant


def compare(preview: Preview, before: Sequence[Grant], after: Sequence[Grant]) -> list[Changed]:
    """Every grant of both moments; what widens or narrows is one line, not two.

    A grant of afterwards is told once. It is unchanged or narrowed only where *one* grant that the same
    principal has before allows all that it does: so nothing that becomes possible is told as less than added
    or widened. One grant that goes can be behind several that narrow it.
    """
    changes: list[Changed] = []
    gone, come = by_principal(before), by_principal(after)
    for who in {**gone, **come}:
        changes += _of_one(preview, gone.get(who, []), come.get(who, []))
    return sorted(changes, key=_order)


_WORDS: Final = list(Change)


def _order(changed: Changed) -> tuple[int, bool, str, str, str]:
    """Within each kind of change first what lets its holder get at more."""
    grant = changed.grant
    gives = bool(grant.facts and grant.facts.gives_access)
    return _WORDS.index(changed.change), not gives, str(grant.who), grant.role, str(grant.where)


def _of_one(preview: Preview, before: Sequence[Grant], after: Sequence[Grant]) -> Iterator[Changed]:
    """Of one principal."""
    same_key: defaultdict[tuple[str, ...], list[Grant]] = defaultdict(list)
    for old in before:
        same_key[old.key].append(old)
    come: list[Grant] = []
    for new in after:
        candidates = same_key[new.key]
        old = next((one for one in candidates if one.urn == new.urn), candidates[0] if candidates else None)
        if old is None or not (
            old.is_same(new) or _cannot_be_weighed(old, new) or _is_untouched(preview, old, new)
        ):
            come.append(new)
            continue
        candidates.remove(old)
        if _is_untouched(preview, old, new):
            yield Changed(Change.SAME, old, new)
        elif old.is_same(new) and not _is_redefined(preview.operations, new):
            yield _kept(preview, old, new)
        else:
            yield Changed(Change.WIDENED, old, new)
    gone = Gone(old for olds in same_key.values() for old in olds)
    left: list[Grant] = []
    for new in come:
        # What is made anew is not a part of what was there.
        wide = None if _is_made_anew(preview.operations, new) else gone.covering(new)
        if wide is None:
            left.append(new)
        else:
            yield Changed(Change.NARROWED, wide, new)
    for new in left:
        narrow = gone.covered(new)
        yield Changed(Change.ADDED if narrow is None else Change.WIDENED, narrow, new)
    yield from (Changed(Change.REMOVED, old, None) for old in gone.left)


def _is_untouched(preview: Preview, old: Grant, new: Grant) -> bool:
    """Whether the engine, which sees what it keeps secret, says that nothing of an unread grant changes."""
    operation = preview.operations.get(new.urn)
    return not new.is_known and old == new and operation is not None and operation.word == "same"


_ONCE: Final = frozenset({Form.ROLE, Form.FEDERATION})
"""Forms of which Azure takes no second that says the same under another name."""


def _cannot_be_weighed(old: Grant, new: Grant) -> bool:
    """Whether a role that stays the same one allows what this report does not know, before or after."""
    return old.is_known and new.is_known and (old.facts is None) != (new.facts is None)


def _is_redefined(operations: Mapping[str, Operation], new: Grant) -> bool:
    """Whether a role of which the report does not know what it allows gets another definition."""
    operation = operations.get(new.granted.key)
    return new.facts is None and operation is not None and operation.word not in ("same", "read", "refresh")


def _is_made_anew(operations: Mapping[str, Operation], new: Grant) -> bool:
    return any(_is_replaced(operations, urn) for urn in (new.who.key, new.where.urn, new.where.part))


def _kept(preview: Preview, old: Grant, new: Grant) -> Changed:
    """A grant that is there before and after: unchanged, or taken away in between."""
    is_replaced = _is_replaced(preview.operations, new.urn)
    if _is_made_anew(preview.operations, new) or (is_replaced and not _stays_itself(preview, new)):
        return Changed(Change.RECREATED, old, new)
    if old.urn != new.urn:
        words = [preview.operations[urn].word for urn in (old.urn, new.urn) if urn in preview.operations]
        collides = new.form in _ONCE and words == ["delete", "create"]
        return Changed(Change.SAME, old, new, collides=collides)
    # A preview only shows it as replaced because it does not know yet that ids come back unchanged.
    return Changed(Change.SAME, old, new, only_shown=is_replaced)


def _stays_itself(preview: Preview, new: Grant) -> bool:
    """Whether what is shown as replaced is an assignment that stays as long as principal and scope do."""
    resource = preview.after.get(new.urn)
    return resource is not None and resource.is_of(ROLE_ASSIGNMENT)


def _is_replaced(operations: Mapping[str, Operation], urn: str) -> bool:
    operation = operations.get(urn)
    return operation is not None and operation.word in ("replace", "create-replacement", "delete-replaced")
