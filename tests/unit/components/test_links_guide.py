"""The guide to links says what links are: every target, every verb with its role, every older argument."""

import ast
import re
from collections.abc import Iterable

import pytest

from components.links import LinkArgs, target_records
from components.links.blobs import BlobAccess
from components.links.certificates import CertificateAccess
from components.links.event_hubs import EventAccess
from components.links.flat_storage import FlatStorageArgs
from components.links.keys import KeyAccess
from components.links.queues import QueueAccess
from components.links.service_bus import MessageAccess
from components.links.tables import TableAccess
from toolchain.paths import ROOT

GUIDES = ROOT / "docs" / "guides"
GUIDE = (GUIDES / "links.md").read_text(encoding="utf-8")
Verbs = Iterable[
    KeyAccess | CertificateAccess | BlobAccess | QueueAccess | TableAccess | MessageAccess | EventAccess
]
OLDER_WORDS = {QueueAccess.PROCESS}


def verbs_of(target: str) -> dict[str, str]:
    """Verb to role, as the table of targets and verbs tells them; a target's name stands in its first row."""
    found: dict[str, str] = {}
    current = ""
    for line in GUIDE.splitlines():
        if row := re.fullmatch(r"\| (?:`(\w+)`)? ?\| `(\w+)` \| ([\w ]+) \| .+ \|", line):
            current = row[1] or current
            if current == target:
                found[row[2]] = row[3]
    return found


@pytest.mark.parametrize(
    ("target", "verbs"),
    [
        ("keys", KeyAccess),
        ("certificates", CertificateAccess),
        ("blobs", BlobAccess),
        ("queues", QueueAccess),
        ("tables", TableAccess),
        ("service_bus", MessageAccess),
        ("event_hubs", EventAccess),
    ],
)
def test_every_verb_is_told_with_its_role(target: str, verbs: Verbs) -> None:
    assert verbs_of(target) == {verb.value: verb.role.value for verb in verbs if verb not in OLDER_WORDS}


def test_every_field_of_a_link_is_in_the_guide() -> None:
    assert [
        field for field in LinkArgs.__annotations__ if f"`{field}" not in GUIDE and f'"{field}"' not in GUIDE
    ] == []


@pytest.mark.parametrize("target", target_records())
def test_every_target_is_shown_as_a_record(target: str) -> None:
    assert f'{{"{target}": {{"id": ' in GUIDE


def test_every_older_argument_is_told() -> None:
    assert [key for key in FlatStorageArgs.__annotations__ if f"`{key}`" not in GUIDE] == []


@pytest.mark.parametrize("page", ["keys-and-certificates.md", "links.md", "workload-access.md"])
def test_what_a_guide_shows_in_python_is_python(page: str) -> None:
    text = (GUIDES / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        entries = block.lstrip().startswith('"')
        ast.parse(f"{{{block}}}" if entries else block.replace("{...,", "{**others,"))
