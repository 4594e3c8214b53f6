"""The pages in docs/reference say what the code does now."""

import re

import pytest

from components import COMPONENTS, WebApp
from tests.unit.access_report.native_schema import every_type
from tests.unit.reference.defaults import STATED
from tests.unit.reference.defaults_page import stated_by_default
from tests.unit.reference.grants_page import CASES, Case, roles_of
from tests.unit.reference.markdown import words
from tests.unit.reference.pages import PAGES, page_file
from tests.unit.reference.stated import PLACED
from tests.unit.reference.weighing_page import (
    PAGE,
    SUMMARY_IN,
    listed,
    unknown_properties,
    unlisted,
    weighed,
    written_into,
)
from toolchain.paths import ROOT

TESTS = ROOT / "tests" / "unit" / "components"
COMPONENT_FILES = sorted((ROOT / "components").rglob("*.py"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_reference_is_current(page: str) -> None:
    committed = page_file(page).read_text() if page_file(page).exists() else ""
    assert PAGES[page]() == committed, "run `make docs` and read the difference"


def test_every_component_has_its_arguments_and_outputs_in_the_reference() -> None:
    text = PAGES["components.md"]()
    for component in COMPONENTS:
        assert f"## {component.__name__}\n" in text
        _, _, section = text.partition(f"### Outputs of {component.__name__}\n")
        for output in component.__annotations__:
            assert f"\n| `{output}` |" in section.partition("\n## ")[0], (component.__name__, output)


@pytest.mark.parametrize("type_", STATED)
def test_whatever_is_stated_by_default_is_a_decision_with_a_test_or_said_to_be_none(type_: str) -> None:
    stated = STATED[type_]
    known = stated.decisions.keys() | stated.others | PLACED
    new = stated_by_default(type_).keys() - known
    where = "in tests/unit/reference/defaults_of_*.py"
    assert new == set(), f"{where}, say whether each decides about security: {sorted(new)}"
    assert stated.decisions.keys() - stated_by_default(type_).keys() == set()
    assert not stated.decisions.keys() & (stated.others | PLACED)


@pytest.mark.parametrize("type_", STATED)
def test_the_test_that_holds_a_default_exists_and_so_do_the_arguments_that_change_it(type_: str) -> None:
    stated = STATED[type_]
    known = stated.component.__init__.__annotations__["args"].__annotations__
    for path, decision in stated.decisions.items():
        file, _, name = decision.test.partition("::")
        assert re.search(rf"^def {name}\(", (TESTS / file).read_text(), re.MULTILINE), (path, decision.test)
        assert set(decision.arguments) <= set(known), path


def test_every_role_that_a_component_grants_is_in_the_reference() -> None:
    from components.roles import Role

    sources = [file.read_text() for file in COMPONENT_FILES if file.name != "roles.py"]
    granted = {Role[name].value for source in sources for name in re.findall(r"\bRole\.([A-Z_]+)\b", source)}
    listed = {role for case in CASES for role in roles_of(case)}
    assert granted - listed == set(), "add a case to tests/unit/reference/grants_page.py"


def test_an_app_that_says_nothing_is_granted_nothing() -> None:
    assert roles_of(Case(WebApp, {})) == []


def test_what_looks_like_markdown_in_a_description_is_shown_as_it_is() -> None:
    assert words("app-<name>, a|b, *, `<code>`") == r"app-\<name\>, a\|b, \*, `<code>`"


def test_the_page_of_the_access_report_has_the_summary_of_what_is_weighed() -> None:
    committed = SUMMARY_IN.read_text()
    assert written_into(committed) == committed, "run `make docs` and read the difference"


def test_every_type_of_azure_native_is_in_one_class_and_on_the_page() -> None:
    known, others = {one.type for one in listed()}, unlisted()
    left_out = {f"{module}:{name}" for module, names in others.items() for name in names}
    assert known & left_out == set()
    assert every_type() <= known | left_out
    text = PAGES[PAGE]()
    assert all(f"\n### {type_}\n" in text for type_ in known)
    assert all(
        f"<details><summary>{module}: {len(names)}</summary>" in text for module, names in others.items()
    )
    assert all(f"`{name}`" in text for names in others.values() for name in names)


def test_every_property_of_a_listed_type_is_on_the_page_with_what_counts() -> None:
    text = PAGES[PAGE]()
    for one in listed():
        _, _, section = text.partition(f"\n### {one.type}\n")
        section = section.partition("\n##")[0]
        is_told_elsewhere = "are weighed here, too." in " ".join(section.split())
        for row in one.weighed:
            assert is_told_elsewhere or f"\n| `{row.path}` | {row.what}" in section, (one.type, row.path)
        for path in unknown_properties(one):
            assert f"`{path}`" in section, (one.type, path)


def test_a_type_that_is_told_only_when_it_goes_is_no_harmless_one() -> None:
    assert "managedidentity:UserAssignedIdentity" in {one.type for one in weighed(listed())}
    assert {one.type for one in listed()} - {one.type for one in weighed(listed())} == {
        "app:ManagedCertificate",
        "network:PrivateDnsZoneGroup",
        "operationalinsights:SavedSearch",
        "privatedns:PrivateRecordSet",
        "privatedns:PrivateZone",
        "privatedns:VirtualNetworkLink",
    }
