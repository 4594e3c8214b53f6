"""The page as pictures: `make picture`. Of the sample program's preview it writes dark.png, light.png and
phone.png beside the report, to look at, and the map as docs/images/access-map.png.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.browser.conftest import Scheme
from tests.browser.installed import HOW, installed_browser
from toolchain.paths import ROOT, WORK

REPORT: Final = WORK / "preview" / "report.html"
PICTURE: Final = ROOT / "docs" / "images" / "access-map.png"
_LOOKS: Final[Mapping[str, tuple[Scheme, int]]] = {
    "dark": ("dark", 1280),
    "light": ("light", 1280),
    "phone": ("light", 360),
}


def take(report: Path) -> None:
    """The whole page in every look; for the docs from its top to the end of the map, its last box chosen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser())
        for name, (scheme, width) in _LOOKS.items():
            page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
            page.goto(report.as_uri())
            page.screenshot(path=report.with_name(f"{name}.png"), full_page=True)
        page = browser.new_page(
            color_scheme="light", reduced_motion="reduce", viewport={"width": 1120, "height": 1000}
        )
        page.goto(report.as_uri())
        page.locator(".who").last.hover()
        end = page.locator("#told").bounding_box()
        assert end
        page.screenshot(
            path=PICTURE, clip={"x": 0, "y": 0, "width": 1120, "height": end["y"] + end["height"] + 24}
        )
        browser.close()


if __name__ == "__main__":
    if installed_browser() is None or not REPORT.exists():
        sys.exit(HOW if installed_browser() is None else f"no {REPORT}: `make preview` writes it")
    take(REPORT)
    print(PICTURE.relative_to(ROOT))
