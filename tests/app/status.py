"""What a deployed app tells of itself, however slow the machine is."""

from typing import Any, Final

from loop.azure_client import page
from tests.patience import PATIENCE

ATTEMPTS: Final = 50


def status_page(url: str) -> dict[str, Any]:
    """The body of /status.json, asked again while the app gave up waiting for Azure. It does so after some
    seconds, because a person waits for its page; a loaded machine may need more.
    """
    status = _ask(url)
    for _ in range(ATTEMPTS):
        if not _gave_up(status):
            break
        status = _ask(url)
    return status


def _ask(url: str) -> dict[str, Any]:
    return page(url, seconds=PATIENCE).json()


def _gave_up(status: dict[str, Any]) -> bool:
    by_client = {secret["client"]["outcome"] for secret in status["secrets"]}
    blob: dict[str, Any] = status.get("blob") or {}
    return "unreachable" in by_client or (blob.get("outcome"), blob.get("azure_says")) == ("failed", "")
