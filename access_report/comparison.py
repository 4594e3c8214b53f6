"""What an update changes about access: grants before and after, matched by what they allow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from access_report.grants import Grant, by_principal
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
    """Every grant of both moments, once; what widens or narrows is one line, not two."""
    changes: list[Changed] = []
    gone, come = by_principal(before), by_principal(after)
    for who in {**gone, **come}:
        changes += _of_one(preview, gone.get(who, []), come.get(who, []))
    order = list(Change)
    return sorted(
        changes, key=lambda c: (order.index(c.change), str(c.grant.who), c.grant.role, str(c.grant.where))
    )


def _of_one(preview: Preview, gone: list[Grant], come: list[Grant]) -> Iterator[Changed]:
    """Of one principal; what is matched is taken out of the lists."""
    for new in list(come):
        same = next((old for old in gone if old.is_same(new)), None)
        if same is not None:
            gone.remove(same)
            come.remove(new)
            yield _kept(preview, same, new)
    for change, wider, narrower in ((Change.WIDENED, come, gone), (Change.NARROWED, gone, come)):
        for wide in list(wider):
            narrow = next((n for n in narrower if wide.covers(n) and not n.covers(wide)), None)
            if narrow is not None:
                wider.remove(wide)
                narrower.remove(narrow)
                old, new = (narrow, wide) if change is Change.WIDENED else (wide, narrow)
                yield Changed(change, old, new)
    yield from (Changed(Change.ADDED, None, new) for new in come)
    yield from (Changed(Change.REMOVED, old, None) for old in gone)


def _kept(preview: Preview, old: Grant, new: Grant) -> Changed:
    """A grant that is there before and after: unchanged, or taken away in between."""
    if any(_is_replaced(preview.operations, urn) for urn in (new.who.key, new.where.urn)):
        return Changed(Change.RECREATED, old, new)
    if old.urn != new.urn:
        words = [preview.operations[urn].word for urn in (old.urn, new.urn) if urn in preview.operations]
        return Changed(Change.SAME, old, new, collides=words == ["delete", "create"])
    # Principal and scope stay, so the assignment does: a preview only shows it as replaced because it does
    # not know yet that their ids come back unchanged.
    return Changed(Change.SAME, old, new, only_shown=_is_replaced(preview.operations, new.urn))


def _is_replaced(operations: Mapping[str, Operation], urn: str) -> bool:
    operation = operations.get(urn)
    return operation is not None and operation.word in ("replace", "create-replacement", "delete-replaced")
