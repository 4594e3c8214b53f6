"""The access map with what was used, in a real browser: every wire drawn as what is known of it."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.audited import PERSON, page_of_shop
from tests.browser.conftest import OpenFile


def dashes(page: Page) -> dict[str, bool]:
    """Tone of each wire to whether its line is dashed."""
    script = "all => all.map(one => [one.classList[0], getComputedStyle(one).strokeDasharray !== 'none'])"
    return dict(page.locator(".map svg path").evaluate_all(script))


def test_used_grants_are_solid_unused_ones_dashed_and_refusals_marked(
    open_file: OpenFile, tmp_path: Path
) -> None:
    page = open_file(page_of_shop(tmp_path))
    assert dashes(page) == {
        "refused": True, "unknown": False, "used": False, "unused": True, "unlogged-kind": True,
    }  # fmt: skip
    wires = [" ".join(text.split()) for text in page.locator(".wire").all_inner_texts()]
    assert len(wires) == 8
    assert wires[0].startswith("✕ SecretGet, once refused")
    assert "◌ read the values of secrets Key Vault Secrets User: never used in 30 days" in " ".join(wires)
    chips = [" ".join(text.split()) for text in page.locator(".chip").all_inner_texts()]
    assert chips == [
        "1 refused", "1 by a grant that the program does not know", "1 never used", "4 used",
        "1 no log of this kind",
    ]  # fmt: skip


def test_who_is_chosen_is_told_with_the_line_of_the_program(open_file: OpenFile, tmp_path: Path) -> None:
    page = open_file(page_of_shop(tmp_path))
    page.locator(".who").last.hover()
    told = page.locator("#told").inner_text()
    assert "used 28 times; made by WebApp shop (__main__.py:14)" in told
    page.locator("#search").fill(PERSON)
    assert page.locator(".who:visible .name").all_inner_texts() == [PERSON]
    page.locator("#search").fill("")
    page.locator(".chip.unused input").uncheck()
    assert page.locator(".wire.unused:visible").count() == 0


def test_the_tables_below_the_map_say_the_same(open_file: OpenFile, tmp_path: Path) -> None:
    page = open_file(page_of_shop(tmp_path))
    titles = [" ".join(text.split()) for text in page.locator(".table h2").all_inner_texts()]
    assert titles == [
        "Never used 1", "Let in by something that this program does not know 1", "Refused 1", "Used 4",
        "No log of this kind 1",
    ]  # fmt: skip
    assert page.locator(".table.alarm").count() == 2
