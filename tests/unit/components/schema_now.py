"""The components' schema as the code has it now, worked out once for all tests that read it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from components import served


@cache
def wire() -> served.ServedComponents:
    """The components as a plugin package serves them."""
    return served.ServedComponents()


@cache
def text() -> str:
    return served.text_of(wire())


@cache
def resources() -> Mapping[str, dict[str, Any]]:
    """Every component, by its type token."""
    return json.loads(text())["resources"]


@cache
def types() -> Mapping[str, dict[str, Any]]:
    """Every type of an argument that is not a plain one, by its token."""
    return json.loads(text())["types"]
