"""The table of the guide on changes: of every argument an example, before and after."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.unit.components import answering_azure as azure
from toolchain.paths import ROOT

GUIDE = ROOT / "docs" / "guides" / "changes.md"
IDS = {
    "<app subnet>": azure.SUBNET,
    "<app zone>": azure.SITES_ZONE,
    "<blob address>": azure.STORAGE_ENDPOINT,
    "<client id>": azure.CLIENT,
    "<endpoint subnet>": azure.ENDPOINTS_SUBNET,
    "<group>": azure.PEOPLE,
    "<identity>": azure.IDENTITY,
    "<insights>": azure.INSIGHTS,
    "<other storage>": azure.STORAGE.replace("stteam", "stother"),
    "<other tenant>": azure.TENANT[:-1] + "2",
    "<plan>": azure.PLAN,
    "<principal id>": azure.PRINCIPAL,
    "<registry>": azure.REGISTRY,
    "<storage>": azure.STORAGE,
    "<tenant>": azure.TENANT,
    "<vault address>": azure.ENDPOINT,
    "<vault zone>": azure.VAULT_ZONE,
    "<vault>": azure.VAULT,
    "<workspace>": azure.WORKSPACE,
}
"""What the guide's words in angle brackets stand for."""


@dataclass(frozen=True)
class Row:
    """One line of the guide's table."""

    argument: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    done: str
    notice: str


def arguments(text: str) -> dict[str, Any]:
    return json.loads(re.sub(r'"(<[a-z ]+>)"', lambda word: json.dumps(IDS[word[1]]), text))


def _rows() -> list[Row]:
    pattern = r"^\| `(\w+)` \| `(\{.*?\})` \| `(\{.*?\})` \| ([^|]*) \| \*\*(\w+)\*\*(?:: [^|]+)? \|$"
    lines = [line for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    found = [re.match(pattern, line) for line in lines]
    unread = [line for line, match in zip(lines, found, strict=True) if match is None]
    assert unread == [], "these lines have another form than the others"
    return [
        Row(m[1], arguments(m[2]), arguments(m[3]), m[4], m[5]) for m in found if m is not None
    ]  # fmt: skip


ROWS = _rows()
