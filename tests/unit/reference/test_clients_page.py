"""The page about clients names tests that there are, and packages that are installed for them."""

import re

import pytest

from tests.unit.reference.clients_page import AZ_TEST, CODE_TEST, LIBRARIES, Library, installed_clients
from toolchain.paths import ROOT

DEFINED = {
    name: text
    for file in (ROOT / "tests").rglob("test_*.py")
    for text in [file.read_text(encoding="utf-8")]
    for name in re.findall(r"^def test_(\w+)", text, re.MULTILINE)
}
"""The text of the file that holds it, by the name of each test."""
MODULES = {
    "azure-postgresql-auth": "azure_postgresql_auth",
    "azure-storage-file-share": "azure.storage.fileshare",
}
"""Where it is not the package's name with full stops."""


@pytest.mark.parametrize("name", [AZ_TEST, CODE_TEST, *(one.test for one in LIBRARIES)])
def test_what_a_client_does_is_shown_by_a_test_that_there_is(name: str) -> None:
    assert name in DEFINED


@pytest.mark.parametrize(
    "library", [one for one in LIBRARIES if one.name.startswith("azure-")], ids=lambda one: one.name
)
def test_a_library_on_the_page_is_installed_for_the_tests(library: Library) -> None:
    package = library.name.partition(" ")[0].replace("azure-native", "pulumi-azure-native")
    assert re.search(rf"^{package}==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE), package


def test_every_client_that_is_installed_is_on_the_page() -> None:
    assert [name for name in installed_clients() if name not in {one.name for one in LIBRARIES}] == []


@pytest.mark.parametrize(
    "library",
    [one for one in LIBRARIES if one.name in installed_clients()],
    ids=lambda one: f"{one.name}: {one.does}",
)
def test_the_test_that_shows_a_library_uses_it(library: Library) -> None:
    module = MODULES.get(library.name, library.name.replace("-", "."))
    assert module in _with_its_stages(DEFINED[library.test])


def _with_its_stages(text: str) -> str:
    """The text of a test file, and of the files of ours that it imports."""
    named = re.findall(r"^from (tests(?:\.\w+)+) import", text, re.MULTILINE)
    files = (ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in named)
    return "\n".join((text, *(one.read_text(encoding="utf-8") for one in files if one.is_file())))
