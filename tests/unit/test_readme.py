"""The README's own program does what the README says of it."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pulumi
import pytest
import yaml

from components import KeylessWebApp, QueueAccess, StorageAccount
from components.links import target_records
from components.version import VERSION
from components.wire import in_camel_case
from local_azure.rules import all_rules
from tests.hosts.row import hosts
from tests.imports.test_yaml_example import problems
from tests.unit.components.recorded_azure import deploy
from toolchain.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CASED = frozenset({"resource_group_name", "account_id", "queue_endpoint"})


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def arguments_of_the_program() -> tuple[dict[str, Any], dict[str, Any]]:
    """What its Python hands to its two components, and the sentences that come out."""
    given: dict[str, Any] = {}

    def program() -> dict[str, Any]:
        exported: dict[str, Any] = {}

        def noted(component: Callable[[str, Any], pulumi.ComponentResource]) -> Any:
            def make(name: str, args: Any) -> pulumi.ComponentResource:
                given[name] = args
                return component(name, args)

            return make

        scope = {made.__name__: noted(made) for made in (KeylessWebApp, StorageAccount)}
        scope["QueueAccess"] = QueueAccess
        text = re.sub(r"^from keyless_azure import \(.*?\)\n", "", block("python"), flags=re.M | re.S)
        with patch.object(pulumi, "export", exported.__setitem__):
            exec(text, scope)
        return exported

    return given, dict(deploy(program).outputs)


def test_the_program_gives_the_sentences_below_it() -> None:
    _, outputs = arguments_of_the_program()
    published = re.findall(r"^> - (.*)$", README, re.MULTILINE)
    told = [re.sub(r"-dev-abc123|devabc123", "-dev-x7k2p9", sentence) for sentence in outputs["access"]]
    assert published == told


def test_the_yaml_is_the_same_program_and_fits_the_schema() -> None:
    stack = yaml.safe_load(block("yaml"))
    assert problems(stack) == []
    given, _ = arguments_of_the_program()
    for name, args in given.items():
        shown = {key: value for key, value in args.items() if key != "links"}
        properties = dict(stack["resources"][name]["properties"])
        links = properties.pop("links", {})
        assert properties == {in_camel_case(key, CASED): value for key, value in shown.items()}
        assert links.keys() == args.get("links", {}).keys()
        for link, (target, record) in {n: next(iter(t.items())) for n, t in links.items()}.items():
            mine = args["links"][link][target]
            assert {"access": "read", **record}.keys() == mine.keys()
            plain = {key: value for key, value in mine.items() if isinstance(value, str)}
            assert {key: {"access": "read", **record}[key] for key in plain} == plain


def test_the_status_is_the_version_and_the_number_of_rules_that_only_azure_can_prove() -> None:
    rules = list(all_rules())
    assumed = sum(rule.kind == "assumed" for rule in rules)
    words = " ".join(README.split())
    assert f"Version {VERSION}. " in words
    assert f"there are {len(rules)}, and only Azure can prove {assumed} of them." in words


def test_its_breadth_is_the_hosts_and_the_targets_of_the_matrix() -> None:
    targets = set(target_records()) - {"role"}
    assert len(hosts()) == 10
    assert (
        "| breadth | [ten hosts](docs/reference/hosts-and-targets.md), "
        f"[{len(targets)} targets](docs/guides/links.md#the-targets), any role |"
    ) in README


@pytest.mark.parametrize(
    "heading", ["Try it without Azure", "On a subscription", "How it compares", "Status"]
)
def test_a_visitor_finds(heading: str) -> None:
    assert f"\n## {heading}\n" in README


def test_it_fits_on_a_screen_and_a_half() -> None:
    lines = README.splitlines()
    assert len(lines) <= 187
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
