"""The reference in `docs/reference/`. `make docs` writes every page anew."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.unit.prose import wrapped
from tests.unit.reference.clients_page import clients_page
from tests.unit.reference.components_page import components_page
from tests.unit.reference.defaults_page import defaults_page
from tests.unit.reference.grants_page import grants_page
from tests.unit.reference.hosts_page import hosts_page
from tests.unit.reference.matrix_page import matrix_page
from tests.unit.reference.public_reports import public_reports_page
from tests.unit.reference.rules_page import rules_page
from tests.unit.reference.weighing_page import PAGE, SUMMARY_IN, weighing_page, written_into
from toolchain.paths import ROOT

FOLDER: Final = ROOT / "docs" / "reference"
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "clients.md": lambda: wrapped(clients_page()),
    "components.md": components_page,
    "derived-grants.md": grants_page,
    "hosts-and-targets.md": lambda: wrapped(hosts_page()),
    "matrix.md": matrix_page,
    "public-reports.md": lambda: wrapped(public_reports_page()),
    "rules.md": rules_page,
    "security-defaults.md": defaults_page,
    PAGE: lambda: wrapped(weighing_page()),
}


def page_file(name: str) -> Path:
    return FOLDER / name


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for page, text in PAGES.items():
        page_file(page).write_text(text())
    SUMMARY_IN.write_text(written_into(SUMMARY_IN.read_text()))
