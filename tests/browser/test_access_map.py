"""The access map in a real browser: with a pointer, with the keyboard alone, and searched."""

from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.samples import LONG, apps, every_change

OFFICER = "read, write and delete secrets"


def names(page: Page, selector: str) -> list[str]:
    """Names of the boxes that can be seen."""
    return [text.strip() for text in page.locator(f"{selector}:visible .name").all_inner_texts()]


def lit(page: Page) -> set[str]:
    return set(names(page, ".box.near"))


def far(page: Page) -> set[str]:
    return set(names(page, ".box.far"))


def box(page: Page, name: str) -> str:
    """The id of the box of that name."""
    return page.locator(".box").filter(has=page.get_by_text(name, exact=True)).first.get_attribute("id") or ""


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('.box')?.querySelector('.name').textContent ?? ''")


def test_every_grant_is_drawn_once_with_its_change_and_its_role_in_words(open_page: Open) -> None:
    page = open_page(every_change())
    tones = [(wire.get_attribute("data-change"), wire.inner_text()) for wire in page.locator(".wire").all()]
    assert sorted(tone for tone, _ in tones if tone) == [
        "added", "added", "narrowed", "removed", "same", "widened",
    ]  # fmt: skip
    assert page.locator(".map svg path").count() == len(tones)
    (widened,) = (text for tone, text in tones if tone == "widened")
    assert OFFICER in widened
    assert "Key Vault Secrets Officer" in widened
    assert "before: Key Vault Secrets User" in widened
    assert names(page, ".where") != []
    assert page.locator(".where .secrets li").all_inner_texts() == ["db-password"]


def test_every_wire_leads_from_its_grant_to_the_box_that_the_grant_reaches(open_page: Open) -> None:
    page = open_page(apps(6, shared=False))
    ends = page.evaluate("""() => {
        const svg = document.querySelector('.map svg').getBoundingClientRect();
        const at = (path, part) => {
            const { x, y } = path.getPointAtLength(part * path.getTotalLength());
            return [x + svg.left, y + svg.top];
        };
        const near = (n, low, high) => n >= low - 1 && n <= high + 1;
        const within = ([x, y], r) => near(x, r.left, r.right) && near(y, r.top, r.bottom);
        const paths = [...document.querySelectorAll('.map svg path')];
        return [...document.querySelectorAll('.wire')].map((row, n) => [
            within(at(paths[n], 0), document.getElementById(row.dataset.who).getBoundingClientRect()),
            within(at(paths[n], 1), document.getElementById(row.dataset.where).getBoundingClientRect()),
        ]);
    }""")
    assert ends == [[True, True]] * 6


def test_pointing_at_a_box_lights_what_belongs_to_it_and_says_it_in_a_sentence(open_page: Open) -> None:
    page = open_page(every_change())
    page.hover(f"#{box(page, 'orders')}")
    assert lit(page) == {"orders", "vault"}
    assert "batch" in far(page)
    assert page.locator("path.near").count() == 1
    assert page.locator("#told").inner_text().splitlines()[-1] == (
        f"identity orders can {OFFICER} on key vault vault (Key Vault Secrets Officer): widened"
    )
    page.mouse.move(1, 1)
    assert (lit(page), far(page)) == (set(), set())
    assert "Tab goes from box to box" in page.locator("#told").inner_text()


def test_a_click_keeps_what_is_lit_until_it_is_clicked_again(open_page: Open) -> None:
    page = open_page(every_change())
    page.click(f"#{box(page, 'orders')} .node")
    page.mouse.move(1, 1)
    assert lit(page) == {"orders", "vault"}
    page.click(f"#{box(page, 'orders')} .node")
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    assert lit(page) == set()


def test_the_keyboard_alone_searches_walks_keeps_and_lets_go(open_page: Open) -> None:
    page = open_page(every_change())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    for _ in page.locator(".chip").all():
        page.keyboard.press("Tab")
    reached: list[str] = []
    for _ in page.locator(".box").all():
        page.keyboard.press("Tab")
        reached.append(focused(page))
    assert reached == [*names(page, ".who"), *names(page, ".where")]
    page.keyboard.press("Tab")
    assert focused(page) == ""

    page.locator(".where .node").first.focus()
    while focused(page) != "orders":
        page.keyboard.press("Shift+Tab")
    assert lit(page) == {"orders", "vault"}
    pressed = page.locator("[aria-pressed=true] .name")
    assert pressed.count() == 0
    page.keyboard.press("Enter")
    assert pressed.all_inner_texts() == ["orders"]
    page.keyboard.press("Tab")
    assert focused(page) != "orders"
    page.keyboard.press("Escape")
    assert pressed.count() == 0
    page.keyboard.press("Space")
    assert pressed.all_inner_texts() == [focused(page)]


def test_where_the_keyboard_is_can_be_seen(open_page: Open) -> None:
    page = open_page(every_change())
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate("""() => {
            const at = document.activeElement;
            const shown = [at, at.closest('.box'), at.closest('.chip')].filter(Boolean).map(getComputedStyle);
            return Math.max(...shown.map((s) => s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth)));
        }""")
        assert ring >= 3


def test_a_search_leaves_what_it_finds_in_the_map_and_in_the_tables(open_page: Open) -> None:
    page = open_page(every_change())
    page.fill("#search", "ORDERS officer")
    assert names(page, ".who") == ["orders"]
    assert names(page, ".where") == ["vault"]
    assert page.locator("path:not(.gone)").count() == 1
    assert page.locator("tbody tr:visible").count() == 1
    assert page.locator(".table:visible").count() == 1

    page.fill("#search", "db-password")
    assert "orders" in names(page, ".who")

    page.fill("#search", "nobody is called this")
    assert names(page, ".box") == []
    assert page.locator("#nobody").is_visible()
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""
    assert {"orders", "batch"} < set(names(page, ".who"))
    assert not page.locator("#nobody").is_visible()


def test_kinds_of_change_can_be_hidden(open_page: Open) -> None:
    page = open_page(every_change())
    assert [" ".join(text.split()) for text in page.locator(".chip").all_inner_texts()] == [
        "2 added",
        "1 removed",
        "1 widened",
        "1 narrowed",
        "1 unchanged",
    ]
    page.uncheck("input[value=added]")
    assert page.locator(".wire.added:visible").count() == 0
    assert page.locator(".wire:visible").count() == 4
    page.check("input[value=added]")
    assert page.locator(".wire:visible").count() == 6


def test_a_long_name_wraps_and_is_cut_nowhere(open_page: Open) -> None:
    page = open_page(every_change(), width=360)
    assert LONG in names(page, ".who")
    assert page.evaluate("""() => [...document.querySelectorAll('.box, .box *')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
                       && !e.closest('.unseen')).length""") == 0  # fmt: skip


def test_fifty_apps_on_one_vault_have_it_in_sight_wherever_one_reads(open_page: Open) -> None:
    page = open_page(apps(50, shared=True))
    assert names(page, ".who")[0] == "service-49"  # what changes comes first
    assert len(names(page, ".who")) == 50
    page.locator(".who").nth(35).scroll_into_view_if_needed()
    vault = page.locator(".where").bounding_box()
    assert vault
    assert 0 <= vault["y"] <= 800 - vault["height"]


def test_fifty_apps_with_a_vault_each_stand_beside_it(open_page: Open) -> None:
    page = open_page(apps(50, shared=False))
    apart = page.evaluate("""() => {
        const y = (e) => { const r = e.getBoundingClientRect(); return r.top + r.height / 2; };
        return Math.max(...[...document.querySelectorAll('.wire')].map(
            (row) => Math.abs(y(row) - y(document.getElementById(row.dataset.where)))));
    }""")
    assert apart < 40
