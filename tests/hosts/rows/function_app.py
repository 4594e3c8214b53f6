"""Function apps on a dedicated plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from components import FunctionApp, Trigger
from components.identity import IdentityKind
from tests.hosts.row import Given, Host
from tests.hosts.rows.web_app import answered

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _FunctionApp(Host):
    name = "Function app"
    docs = "docs/guides/hosting.md"
    type = "Microsoft.Web/sites"
    runs_on = ("components/hosts/app_service", "local_azure/app_service", "local_azure/functions_host")
    identities_alone = (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED)
    size = "B1"

    def declare(self, given: Given) -> pulumi.ComponentResource:
        return FunctionApp(
            "host",
            {
                "resource_group_name": given.group.name,
                "identity": given.identity,
                "links": given.links,
                "size": self.size,
                "triggers": [Trigger.HTTP],
            },
        )

    def deliver(self, loop: "Loop", outputs: Mapping[str, Any], probe: Path) -> None:
        from loop.azure_client import package, publish

        publish(outputs["name"], package(probe), loop.session.credential)

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        return answered(f"{outputs['url']}/api/ask/{target}")


HOST = _FunctionApp()
