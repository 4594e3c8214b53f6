"""What is compared: the same app three times over, and how many resources each registers."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.raw_app import raw_app, raw_app_with_empty_components
from components import KeylessWebApp


@dataclass(frozen=True)
class Case:
    """`build` declares one app of the given name; `resources` is what the engine then has to register."""

    build: Callable[[str], object]
    resources: int


def keyless_app(name: str) -> KeylessWebApp:
    """One app as a user writes it."""
    return KeylessWebApp(name, {"secrets": {"PASSWORD": "password"}})


RAW = "raw"
CASES = {
    RAW: Case(raw_app, 10),
    "raw + as many empty components": Case(raw_app_with_empty_components, 15),
    "our components": Case(keyless_app, 15),
}


def declare(case: str, apps: int) -> None:
    """The whole program of a case."""
    for number in range(apps):
        CASES[case].build(f"app{number}")
