"""What the local Azure claims about Azure, rule by rule, and how sure it is. `python -m local_azure rules`
prints them."""

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Literal

import local_azure


@dataclass(frozen=True)
class Rule:
    """One thing that Azure does and the local Azure does too.

    `id` is the row of the failure catalogue that it comes from; `kind` is `refusal` or `behaviour` when a
    public source shows it, and `assumed` when only Azure can prove its exact status or wording.
    """

    id: str
    kind: Literal["refusal", "behaviour", "assumed"]
    text: str


def all_rules() -> list[Rule]:
    """The `RULES` of every module of the local Azure, by id."""
    found: list[Rule] = []
    for module in pkgutil.walk_packages(local_azure.__path__, "local_azure."):
        # Plugins know no rules, and a `__main__` would run.
        if ".plugins" not in module.name and not module.name.endswith("__main__"):
            found += getattr(importlib.import_module(module.name), "RULES", [])
    return sorted(found, key=lambda rule: (rule.id[0], int("0" + rule.id[1:].rstrip("abc")), rule.text))
