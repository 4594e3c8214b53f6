"""How what a stack granted is told from what others granted: by how the names of its roles begin."""

import hashlib


def mark(owner: str) -> str:
    """How the names of a stack's roles begin."""
    return f"keyless~{hashlib.sha256(owner.encode()).hexdigest()[:8]}~"


def marked(owner: str, rest: str, longest: int) -> str:
    """The name of a role of that stack, which is told from others where it is cut."""
    room = longest - len(mark(owner))
    if len(rest) > room:
        rest = f"{rest[: room - 9]}~{hashlib.sha256(rest.encode()).hexdigest()[:8]}"
    return mark(owner) + rest
