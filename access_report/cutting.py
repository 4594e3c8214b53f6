"""Lists of which a comment shows as much as fits."""

from collections.abc import Sequence


def lines_within(lines: Sequence[str], room: int) -> str:
    """As many whole lines as have no more than `room` characters together, and the number of the others."""
    shown = 0
    while shown < len(lines) and len(lines[shown]) < room:
        room -= len(lines[shown]) + 1
        shown += 1
    more = [f"- … and {len(lines) - shown} more"] if shown < len(lines) else []
    return "".join(f"{line}\n" for line in [*lines[:shown], *more])
