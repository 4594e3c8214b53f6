"""The guide on changes says of every argument what its change does, and says it right."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from components import KeylessWebAppArgs
from tests.unit.components import answering_azure as azure
from tests.unit.components.changed_arguments import changes
from toolchain.paths import ROOT

GUIDE = ROOT / "docs" / "guides" / "changes.md"
NOTICES = ("nothing", "restart", "down")
"""From the least to the most."""
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


def _arguments(text: str) -> dict[str, Any]:
    return json.loads(re.sub(r'"(<[a-z ]+>)"', lambda word: json.dumps(IDS[word[1]]), text))


def _rows() -> list[Row]:
    pattern = r"^\| `(\w+)` \| `(\{.*?\})` \| `(\{.*?\})` \| ([^|]*) \| \*\*(\w+)\*\*(?:: [^|]+)? \|$"
    lines = [line for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    found = [re.match(pattern, line) for line in lines]
    unread = [line for line, match in zip(lines, found, strict=True) if match is None]
    assert unread == [], "these lines have another form than the others"
    return [
        Row(m[1], _arguments(m[2]), _arguments(m[3]), m[4], m[5]) for m in found if m is not None
    ]  # fmt: skip


ROWS = _rows()


def test_every_argument_has_a_line() -> None:
    told, known = [row.argument for row in ROWS], list(KeylessWebAppArgs.__annotations__)
    missing = sorted(set(known) - set(told))
    assert missing == [], (
        f"docs/guides/changes.md says nothing of {', '.join(missing)}. Add a line for each, such as\n"
        f'| `{missing[0]}` | `{{}}` | `{{"{missing[0]}": …}}` | nothing | **nothing** |\n'
        "with two sets of arguments, and run this test again: it says what belongs into the last two columns."
    )
    assert sorted(set(told) - set(known)) == [], "lines for arguments that there are no more"
    assert told == sorted(set(told)), "the lines are in alphabetical order, one for each argument"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.argument)
def test_a_change_does_what_the_guide_says(row: Row) -> None:
    assert row.before.get(row.argument) != row.after.get(row.argument), "the example does not change it"
    found = changes(row.before, row.after)
    line = f"| {found.words()} | **{found.notice()}** |"
    assert row.done == found.words(), f"the line of {row.argument} should end with\n{line}"
    # More than what can be told from the inputs may happen, such as when an output changes; never less.
    assert NOTICES.index(row.notice) >= NOTICES.index(found.notice()), f"more than **{row.notice}**: {line}"


def test_what_replaces_the_site_is_told_apart_from_what_restarts_it_and_from_what_nobody_notices() -> None:
    assert changes({"app_name": "app-a"}, {"app_name": "app-b"}).notice() == "down"
    assert changes({"settings": {"A": "1"}}, {"settings": {"A": "2"}}).notice() == "restart"
    assert changes({"tags": {"a": "1"}}, {"tags": {"a": "2"}}).notice() == "nothing"
    assert changes({"size": "S1"}, {"size": "S1", "workers": 2}).notice() == "nothing"
    assert changes({}, {}).words() == "nothing"
