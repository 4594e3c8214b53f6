"""What a trigger of blobs is told of the account that a link leads to."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import CLIENT, STORAGE
from tests.unit.components.function_apps import function_app, refusal
from tests.unit.components.web_apps import settings_of

BLOBS: dict[str, Any] = {
    "id": STORAGE,
    "endpoint": "https://stteam.blob.core.windows.net/",
    "container": "inbox",
}
LINKS: dict[str, Any] = {"links": {"files": {"blobs": BLOBS}}}


def told(**args: Any) -> dict[str, Any]:
    settings = settings_of(function_app(**LINKS, **args))
    return {name: value for name, value in settings.items() if name.startswith("FILES__")}


def test_with_a_trigger_of_blobs_it_is_told_the_accounts_queues_too() -> None:
    assert told(triggers=["blob"]) == {
        "FILES__blobServiceUri": "https://stteam.blob.core.windows.net/",
        "FILES__queueServiceUri": "https://stteam.queue.core.windows.net/",
        "FILES__clientId": CLIENT,
        "FILES__credential": "managedidentity",
    }


@pytest.mark.parametrize("triggers", [{}, {"triggers": []}, {"triggers": ["queue"]}])
def test_without_one_it_is_told_of_no_queues(triggers: dict[str, Any]) -> None:
    assert "FILES__queueServiceUri" not in told(**triggers)


def test_nobody_else_tells_it() -> None:
    text = refusal(**LINKS, triggers=["blob"], settings={"FILES__queueServiceUri": "https://x/"})
    assert "settings[FILES__queueServiceUri] and links[files].blobs" in text
