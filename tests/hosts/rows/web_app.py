"""Web apps on App Service."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from components import WebApp
from tests.hosts.row import Given, Host
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _WebApp(Host):
    name = "Web app"
    docs = "docs/guides/hosting.md"
    type = "Microsoft.Web/sites"
    runs_on = ("components/hosts/app_service", "local_azure/app_service")

    def declare(self, given: Given) -> pulumi.ComponentResource:
        return WebApp(
            "host",
            {"resource_group_name": given.group.name, "identity": given.identity, "links": given.links},
        )

    def deliver(self, loop: "Loop", outputs: Mapping[str, Any], probe: Path) -> None:
        from loop.azure_client import package, publish

        publish(outputs["name"], package(probe), loop.session.credential)

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        return answered(f"{outputs['url']}/ask/{target}")


def answered(url: str) -> Mapping[str, Any]:
    """What is answered there, once the host has started."""
    import httpx

    end = time.monotonic() + PATIENCE
    while (found := httpx.get(url, timeout=PATIENCE)).status_code >= 500 and time.monotonic() < end:
        time.sleep(0.1)
    return found.json()


HOST = _WebApp()
