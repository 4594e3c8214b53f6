"""What is known when the program runs, and what only later; and numbers as a plugin gets them."""

import pulumi


def is_plain(value: object) -> bool:
    """Whether a value is known now: neither an Output nor something to await."""
    return not isinstance(value, pulumi.Output) and not hasattr(value, "__await__")


def as_whole_number(value: object) -> int | None:
    """A number without a fraction, which a plugin gets as a float; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None
