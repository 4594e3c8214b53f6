"""The id of what a role is for, before it is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import pulumi

from ..plain import is_plain


@dataclass(frozen=True)
class Scope:
    """The id of what a role is for, and what tells it from others before it is known."""

    id: pulumi.Output[str]
    parts: tuple[str | int, ...]
    below: str | None = ""
    """How the id goes on from that of the target that the scope is in, as `/keys/invoices`; None where the
    program does not know it."""

    @classmethod
    def of(cls, given: object, id: pulumi.Output[str]) -> Self:
        """`given` is what `id` was read from."""
        return cls(id, (_part(given),))

    def within(
        self,
        given: object,
        below: Callable[[str, str], str],
        name: pulumi.Output[str] | None = None,
        *,
        differs_in_case: bool = False,
    ) -> Self:
        """Something in it, by the name that was given, read as `name`; `below` makes the id of the two.
        `differs_in_case` is whether names there that differ in case are two.
        """
        both = pulumi.Output.all(self.id, given if name is None else name)
        id = both.apply(lambda known: below(str(known[0]), str(known[1])))
        part, rest = str(given) if differs_in_case and is_plain(given) else _part(given), None
        if is_plain(given) and self.below is not None:
            rest = below(self.below, str(given))
        if isinstance(part, str) and all(isinstance(one, str) for one in self.parts):
            # All of it is known, so it is the same as the whole id that another link gives.
            whole = below("/".join(map(str, self.parts)), part)
            return type(self)(id, (whole.rstrip("/") if differs_in_case else _part(whole),), rest)
        return type(self)(id, (*self.parts, part), rest)

    def may_be(self, other: "Scope") -> bool:
        """Whether two that differ now may turn out to be one: where they part, something is not known yet."""
        pairs = list(zip(self.parts, other.parts, strict=False))
        parted = next((n for n, (one, two) in enumerate(pairs) if one != two), len(pairs))
        return any(isinstance(part, int) for part in (*self.parts[parted:], *other.parts[parted:]))


def _part(given: object) -> str | int:
    """Azure compares ids without case. An Output is equal to itself alone."""
    return str(given).lower().rstrip("/") if is_plain(given) else id(given)
