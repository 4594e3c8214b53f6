"""The local Azure's page as a person sees it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local_azure.constants import DEVELOPER
from local_azure.http import Lacking
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm

LONG = "a-name-that-is-as-long-as-azure-lets-one-be-" * 2


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(245, 247, 251)"), ("dark", "rgb(15, 20, 32)")])
def test_it_fits_on_a_phone_in_both_colours_and_asks_for_nothing_else(
    browser: Browser, tmp_path: Path, scheme: str, ground: str
) -> None:
    with LocalAzure(tmp_path) as cloud:
        group = Arm(cloud.azure).group(LONG[:90])
        action = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
        lacking = Lacking(
            DEVELOPER.object_id, action, f"{group}/providers/Microsoft.KeyVault/vaults/kv-a", data=True
        )
        cloud.azure.journal.record(
            "kv-a.vault.azure.net", "GET", f"/{LONG * 4}", 403, "who", "refused", lacking
        )
        context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})  # type: ignore[arg-type]
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(cloud.portal_url)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        assert page.get_by_text("Key Vault Secrets User", exact=True).is_visible()
        page.locator("#resources").get_by_text("subscription Local Azure").click()
        assert not page.locator("#resources").get_by_text(LONG[:90]).is_visible()
        context.close()
        assert [url for url in asked if not url.endswith("/favicon.ico")] == [f"{cloud.portal_url}/"]
    assert said == []
