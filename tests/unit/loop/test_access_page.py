"""The page whose address `make up` prints."""

from pathlib import Path

from loop.access_page import write_access_page
from tests.unit.access_report.previews import grant, identity, reference, settings, site, vault


def test_it_shows_what_the_state_has_and_its_address_can_be_opened(tmp_path: Path) -> None:
    resources = [identity(), vault(), site(), grant(), settings({"DB": reference("db-password")})]
    address = write_access_page({"version": 3, "deployment": {"resources": resources}}, tmp_path)
    file = tmp_path / "access.html"
    assert address == file.as_uri()
    text = file.read_text(encoding="utf-8")
    assert text.count('<li class="wire same"') == 1
    assert "identity app can read the values of secrets on key vault vault" in text
    assert "Nothing changes: this is what is there." in text


def test_a_stack_without_resources_has_a_page_too(tmp_path: Path) -> None:
    write_access_page({"version": 3, "deployment": {"resources": []}}, tmp_path)
    assert "grants nobody anything" in (tmp_path / "access.html").read_text(encoding="utf-8")
