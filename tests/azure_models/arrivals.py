"""What Resource Manager is sent in a test, for the official models to judge."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_azure.http import Request, Response
from local_azure.plugins.row import Row
from local_azure.plugins.table import ROWS
from tests.azure_models.models_of_types import MODELS, problems_of


@dataclass
class Arrivals:
    """The bodies of writes of types that components write, in order, with the type's token."""

    bodies: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])

    def recording(self, handle: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def record(request: Request) -> Response:
            # A PATCH says only what changes, and has models of its own; azure-native sends none.
            token = type_at(request.path) if request.method == "PUT" else None
            if token is not None:
                self.bodies.append((token, request.json()))
            return handle(request)

        return record

    def problems(self) -> list[str]:
        return [problem for token, body in self.bodies for problem in problems_of(token, body)]


def type_at(path: str) -> str | None:
    """The resource type of azure-native that is written at that path."""
    served = (token for token in ROWS if token.removeprefix("azure-native:") in MODELS)
    return next((token for token in served if _pattern(ROWS[token]).fullmatch(path)), None)


def _pattern(row: Row) -> re.Pattern[str]:
    template = re.escape(row.path).replace(r"/\{scope\}", ".+")
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", template), re.IGNORECASE)
