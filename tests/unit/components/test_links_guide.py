"""The guide to links says what links are: every target, every verb with its role, every older argument."""

import ast
import re
from collections.abc import Iterable

import pulumi
import pytest

import components
from components.links import LinkArgs, target_records
from components.links.ai import AiAccess
from components.links.app_configuration import ConfigurationAccess
from components.links.blobs import BlobAccess
from components.links.certificates import CertificateAccess
from components.links.event_grid import EventGridAccess
from components.links.event_hubs import EventAccess
from components.links.files import FileAccess
from components.links.flat_storage import FlatStorageArgs
from components.links.keys import KeyAccess
from components.links.logs_ingestion import LogsAccess
from components.links.queues import QueueAccess
from components.links.registry import RegistryAccess
from components.links.search import SearchAccess
from components.links.service_bus import MessageAccess
from components.links.signalr import SignalRAccess
from components.links.tables import TableAccess
from components.links.web_pub_sub import WebPubSubAccess
from toolchain.paths import ROOT

GUIDES = ROOT / "docs" / "guides"
GUIDE = (GUIDES / "links.md").read_text(encoding="utf-8")
Verbs = Iterable[
    KeyAccess
    | CertificateAccess
    | BlobAccess
    | FileAccess
    | QueueAccess
    | TableAccess
    | MessageAccess
    | EventAccess
    | EventGridAccess
    | SignalRAccess
    | WebPubSubAccess
    | LogsAccess
    | ConfigurationAccess
    | AiAccess
    | SearchAccess
]
OLDER_WORDS = {QueueAccess.PROCESS}


def verbs_of(target: str) -> dict[str, str]:
    """Verb to role, as the table of targets and verbs tells them; a target's name stands in its first row."""
    found: dict[str, str] = {}
    current = ""
    for line in GUIDE.splitlines():
        if row := re.fullmatch(r"\| (?:`(\w+)`)? ?\| `([\w-]+)` \| ([\w ]+) \| .+ \|", line):
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
        ("files", FileAccess),
        ("queues", QueueAccess),
        ("tables", TableAccess),
        ("service_bus", MessageAccess),
        ("event_hubs", EventAccess),
        ("registry", RegistryAccess),
        ("event_grid", EventGridAccess),
        ("signalr", SignalRAccess),
        ("web_pub_sub", WebPubSubAccess),
        ("logs_ingestion", LogsAccess),
        ("app_configuration", ConfigurationAccess),
        ("ai", AiAccess),
        ("search", SearchAccess),
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


@pytest.mark.parametrize(
    "page", ["calling-apps.md", "keys-and-certificates.md", "links.md", "workload-access.md"]
)
def test_what_a_guide_shows_in_python_is_python(page: str) -> None:
    text = (GUIDES / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        entries = block.lstrip().startswith('"')
        ast.parse(f"{{{block}}}" if entries else block.replace("{...,", "{**others,"))


def targets_told() -> list[tuple[str, str, str]]:
    """Of each row of the table of targets its links, its methods and the guide that says more."""
    table = GUIDE.partition("\n## The targets\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [(link, methods, more) for _, link, methods, more in rows[1:]]


def test_the_table_of_targets_has_each_once() -> None:
    told = [name for link, _, _ in targets_told() for name in re.findall(r"`(\w+)`", link)]
    assert sorted(told) == sorted(target_records())


def test_the_table_of_targets_has_every_method_that_gives_a_link() -> None:
    told = [name for _, methods, _ in targets_told() for name in re.findall(r"`([\w.]+)`", methods)]
    made = {
        f"{name}.{method}"
        for name in components.__all__
        if isinstance(component := getattr(components, name), type)
        and issubclass(component, pulumi.ComponentResource)
        for method in vars(component)
        if method.endswith("_link") and not method.startswith("_")
    }
    assert sorted(told) == sorted(made)


def test_every_target_has_its_guide_which_both_front_pages_name() -> None:
    guides = {found[1] for *_, more in targets_told() if (found := re.search(r"\]\(([\w.-]+)\)", more))}
    for page, folder in (("README.md", "docs/guides"), ("docs/README.md", "guides")):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert [one for one in sorted(guides) if f"]({folder}/{one})" not in text] == []


def test_the_comparison_counts_the_targets_that_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"[{len(target_records()) - 1} targets](docs/guides/links.md#the-targets), any role" in readme
