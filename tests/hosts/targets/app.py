"""Your own application."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pulumi

from components import SignInArgs, WebApp
from components.links import LinkArgs
from tests.hosts.row import PROBE, Given, Target

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

REGISTRATION: Final = "c11e4700-0000-4000-8000-0000000000aa"


class _Target(Target):
    name = "Your own application"
    docs = "docs/guides/calling-apps.md"
    said = "True"
    refusal = r"403"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        callers: SignInArgs = {"client_id": REGISTRATION, "callers": {}}
        made = WebApp("called", {"resource_group_name": given.group.name, "sign_in": callers})
        return made.call_link(), {"name": made.name, "url": made.url}

    def arrange(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        from loop.azure_client import package, publish

        publish(outputs["name"], package(PROBE), loop.session.credential)


TARGET = _Target()
