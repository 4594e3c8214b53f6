"""Findings that somebody has answered for: named by resource, with a reason, and for as long as is said."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from access_report.resources import Resource

_URN: Final = "urn:pulumi:"
SCHEMA: Final[Mapping[str, Any]] = {
    "type": "array",
    "description": "Findings that are reported as waived, and stop nothing.",
    "items": {
        "type": "object",
        "required": ["resource", "reason"],
        "properties": {
            "resource": {
                "type": "string",
                "minLength": 1,
                "description": "Name or URN of the resource; * stands for any text.",
            },
            "reason": {"type": "string", "minLength": 10, "description": "Why it may be so, in words."},
            "until": {
                "type": "string",
                "format": "date",
                "description": "The last day it holds, such as 2027-01-31; left out, it holds on.",
            },
        },
    },
}


@dataclass(frozen=True)
class Waiver:
    """One entry of a rule's `waivers`."""

    resource: str
    reason: str
    until: date | None = None

    def is_over(self, today: date) -> bool:
        return self.until is not None and today > self.until

    def names(self, resource: Resource) -> bool:
        """A pattern of URNs is held against no name: whoever writes the program chooses those."""
        pattern = ".*".join(map(re.escape, self.resource.split("*")))
        names = () if self.resource.startswith(_URN) else (resource.name,)
        return any(re.fullmatch(pattern, text, re.DOTALL) for text in (*names, resource.urn))


def read_waivers(entries: Iterable[Mapping[str, str]]) -> list[Waiver]:
    return [
        Waiver(
            entry["resource"],
            entry["reason"],
            date.fromisoformat(entry["until"]) if "until" in entry else None,
        )
        for entry in entries
    ]
