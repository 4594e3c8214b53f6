"""What the policy pack found, read from what the engine printed."""

import re


def told(printed: str, level: str) -> set[str]:
    """Ids of the rules that the engine lists at a level."""
    return set(re.findall(rf"\[{level}\]\s+([\w-]+)", printed))
