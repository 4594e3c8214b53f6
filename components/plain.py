"""What is known when the program runs, and what only later."""

import pulumi


def is_plain(value: object) -> bool:
    """Whether a value is known now: neither an Output nor something to await."""
    return not isinstance(value, pulumi.Output) and not hasattr(value, "__await__")
