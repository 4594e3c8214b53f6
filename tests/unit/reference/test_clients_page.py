"""The page about clients names tests that there are, and packages that are installed for them."""

import re

import pytest

from tests.unit.reference.clients_page import AZ_TEST, CODE_TEST, LIBRARIES, Library
from toolchain.paths import ROOT

DEFINED = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def test_(\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("name", [AZ_TEST, CODE_TEST, *(one.test for one in LIBRARIES)])
def test_what_a_client_does_is_shown_by_a_test_that_there_is(name: str) -> None:
    assert name in DEFINED


@pytest.mark.parametrize(
    "library", [one for one in LIBRARIES if one.name.startswith("azure-")], ids=lambda one: one.name
)
def test_a_library_on_the_page_is_installed_for_the_tests(library: Library) -> None:
    package = library.name.partition(" ")[0].replace("azure-native", "pulumi-azure-native")
    assert re.search(rf"^{package}==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE), package
