"""The methods of the components that give links, as `files.blobs_link("reports", BlobAccess.READ)`: the
target in the link, and how an argument of the record is given to the method.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import components

_ENDS: Final = "_link"
_TARGETS: Final = {
    "ai_link": "ai",
    "blobs_link": "blobs",
    "call_link": "app",
    "certificates_link": "certificates",
    "configuration_link": "app_configuration",
    "files_link": "files",
    "items_link": "cosmos",
    "keys_link": "keys",
    "mysql_link": "mysql",
    "postgres_link": "postgres",
    "queues_link": "queues",
    "search_link": "search",
    "secrets_link": "key_vault",
    "sql_link": "sql",
    "sql_role_link": "sql",
    "tables_link": "tables",
}
"""Of methods whose name says it; what is sent, received, pulled and pushed is of several targets."""
_VERBS: Final = {"pull_link": "registry", "push_link": "registry"}


@dataclass(frozen=True)
class LinkMethod:
    """One method, by its name; its parameters are called as the arguments of the target's record are."""

    name: str
    parameters: Sequence[str]

    def is_for(self, target: str) -> bool:
        known = {**_TARGETS, **_VERBS}
        return known.get(self.name, target) == target


@cache
def link_methods() -> Mapping[str, Sequence[LinkMethod]]:
    """Every method that gives a link, by its name; several components may have one of the same name."""
    found: dict[str, dict[LinkMethod, None]] = {}
    for class_name in components.__all__:
        kind = getattr(components, class_name)
        if not inspect.isclass(kind):
            continue
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if name.endswith(_ENDS) and not name.startswith("_"):
                every = list(inspect.signature(method).parameters.values())[1:]
                told = LinkMethod(name, tuple(one.name for one in every))
                found.setdefault(name, {})[told] = None
    return {name: tuple(methods) for name, methods in found.items()}
