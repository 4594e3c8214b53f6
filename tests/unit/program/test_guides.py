"""What the documents say of the code is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.roles import Role, role_facts
from local_azure.rules import all_rules
from settings.model import KEYS
from tests.unit.program.mocked_engine import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TROUBLESHOOTING = ROOT / "docs" / "guides" / "troubleshooting.md"
ROWS_OF_THE_MAIN_LOOP = (
    "R1 R4 R5 R7 R8 R9 R10 R11 R13 R17 R18 R19 K1 K2 K3 K6 K8 K11 K19 S1 S3 S4 S5 "
    "F1 F2 F3 F4 F6 F7 F8 F9 A1 A7 A14 A15 A17 A19 A21 I1 G6 P8"
)


def explained() -> set[str]:
    """The rules in the headings of the troubleshooting page, as in `### message (R5, K3)`."""
    headings = re.findall(
        r"^###? .*\(([A-Z]{1,2}\d+(?:, [A-Z]{1,2}\d+)*)\)$", TROUBLESHOOTING.read_text(), re.MULTILINE
    )
    return {rule for heading in headings for rule in heading.split(", ")}


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """Every link to a file of this repository: the file, and the anchor in it or an empty string."""
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if "://" not in target:
            file, _, anchor = target.partition("#")
            yield (document.parent / file).resolve() if file else document, anchor


def requirements() -> set[str]:
    files = [*ROOT.glob("requirements*.in"), *ROOT.glob("*/requirements.in")]
    lines = [line for file in files for line in file.read_text().splitlines()]
    return {line.partition("==")[0] for line in lines if "==" in line}


def test_every_refusal_has_an_entry_in_the_troubleshooting_page() -> None:
    refusals = {rule.id for rule in all_rules() if rule.kind == "refusal"}
    assert (refusals | set(ROWS_OF_THE_MAIN_LOOP.split())) - explained() == set()


def test_the_deployers_condition_allows_the_roles_that_a_stack_grants_and_no_others() -> None:
    granted = {
        role_facts(role).guid for role in (Role.KEY_VAULT_SECRETS_USER, Role.KEY_VAULT_SECRETS_OFFICER)
    }
    condition = (ROOT / "docs" / "guides" / "deployer-condition.txt").read_text()
    for source in ("@Request", "@Resource"):
        found = re.findall(
            rf"{source}\S+:RoleDefinitionId\] ForAnyOfAnyValues:GuidEquals {{(.*)}}", condition
        )
        assert {guid for guids in found for guid in guids.split(", ")} == granted


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = [
        (str(file), anchor)
        for file, anchor in links(document)
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file))
    ]
    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_configuration_command_sets_a_key_that_exists(document: Path) -> None:
    commands = re.findall(r"pulumi config (?:set|rm) (?:--path )?'?(\w+)", document.read_text())
    assert set(commands) - set(KEYS) == set()


def test_every_dependency_is_justified_and_nothing_else_is() -> None:
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    rows = re.findall(r"^\| (`.*?) \| .+ \|$", text, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == requirements()


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = {file for file, _ in links(folder / "README.md")}
    assert listed == {file.resolve() for file in folder.glob("*.md") if file.name != "README.md"}


def test_every_page_is_in_the_index_by_what_somebody_wants_to_do() -> None:
    folder = ROOT / "docs"
    listed = {file for file, _ in links(folder / "README.md")}
    pages = {file for file in folder.rglob("*.md") if file.parent.name != "decisions"} - {
        folder / "README.md"
    }
    assert pages - listed == set()
