"""The page as pictures: `make picture`. Of the sample program's preview it writes dark.png, light.png and
phone.png beside the report, to look at, and the map as docs/images/access-map.png; of the shop, where
`make up EXAMPLE=shop` has run, docs/images/shop-map.png. docs/images/audit-map.png is of made-up rows.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import sync_playwright

from loop.example import EXAMPLES_WORK
from tests.browser.audited import page_of_shop
from tests.browser.conftest import Scheme
from tests.browser.installed import HOW, installed_browser
from toolchain.paths import ROOT, WORK

REPORT: Final = WORK / "preview" / "report.html"
SHOP: Final = EXAMPLES_WORK / "shop" / "access.html"
IMAGES: Final = ROOT / "docs" / "images"
_LOOKS: Final[Mapping[str, tuple[Scheme, int]]] = {
    "dark": ("dark", 1280),
    "light": ("light", 1280),
    "phone": ("light", 360),
}


def take(report: Path) -> None:
    """The whole page in every look."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser())
        for name, (scheme, width) in _LOOKS.items():
            page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
            page.goto(report.as_uri())
            page.screenshot(path=report.with_name(f"{name}.png"), full_page=True)
        browser.close()


def take_map(report: Path, picture: Path, *, chosen: bool = True) -> None:
    """From the page's top to the end of the map, with its last box chosen and told; or as it opens."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser())
        page = browser.new_page(
            color_scheme="light", reduced_motion="reduce", viewport={"width": 1120, "height": 1600}
        )
        page.goto(report.as_uri())
        if chosen:
            page.locator(".who").last.hover()
        page.evaluate("scrollTo(0, 0)")
        end = page.locator("#told" if chosen else "#map").bounding_box()
        assert end
        page.screenshot(
            path=picture, clip={"x": 0, "y": 0, "width": 1120, "height": end["y"] + end["height"] + 24}
        )
        browser.close()


if __name__ == "__main__":
    if installed_browser() is None or not REPORT.exists():
        sys.exit(HOW if installed_browser() is None else f"no {REPORT}: `make preview` writes it")
    take(REPORT)
    take_map(REPORT, IMAGES / "access-map.png")
    if SHOP.exists():
        take_map(SHOP, IMAGES / "shop-map.png")
    with TemporaryDirectory() as folder:
        take_map(page_of_shop(Path(folder)), IMAGES / "audit-map.png", chosen=False)
    print(IMAGES.relative_to(ROOT))
