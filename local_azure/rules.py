"""What the local Azure claims about Azure, rule by rule, and how sure it is. `python -m local_azure rules`
prints them."""

import importlib
import pkgutil
import re
from dataclasses import dataclass, replace
from typing import Literal

import local_azure


@dataclass(frozen=True)
class Rule:
    """One thing that Azure does and the local Azure does too.

    `id` is a letter or two and a number, which never change; rules about one thing share them. `kind` is
    `refusal` or `behaviour` when a public source shows it, and `assumed` when only Azure can prove its exact
    status or wording. `held_by` is the name of the test that holds it, without `test_`. `source` are pages
    (`https://…`) and public threads (`owner/repository#12`), with a space between; left out, it is the page
    that its module names."""

    id: str
    kind: Literal["refusal", "behaviour", "assumed"]
    text: str
    held_by: str
    source: str = ""

    @property
    def letters(self) -> str:
        """What it is about: all rules of a service share them."""
        return self.id.rstrip("0123456789")

    @property
    def number(self) -> int:
        return int(self.id.removeprefix(self.letters))


def all_rules() -> list[Rule]:
    """The `RULES` of every module of the local Azure, by id, each with its source if there is one."""
    found: list[Rule] = []
    for module in pkgutil.walk_packages(local_azure.__path__, "local_azure."):
        # Plugins know no rules, and a `__main__` would run.
        if ".plugins" not in module.name and not module.name.endswith("__main__"):
            imported = importlib.import_module(module.name)
            page = re.search(r"https://\S+", imported.__doc__ or "")
            rules: list[Rule] = getattr(imported, "RULES", [])
            found += [replace(one, source=one.source or (page[0] if page else "")) for one in rules]
    return sorted(found, key=lambda rule: (rule.letters, rule.number, rule.text))
