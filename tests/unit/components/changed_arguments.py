"""What changing an argument does to the resources, found out without an engine: both sets of arguments are
deployed on mocks, and the stand-in for azure-native says what its Diff would answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from components import KeylessWebApp
from local_azure.plugins.difference import detailed_diff
from local_azure.plugins.row import Row
from local_azure.plugins.table import ROWS
from tests.unit.components.recorded_azure import Deployment, Recorded, deploy_component

Done = Literal["makes", "changes", "replaces", "removes"]
_ORDER: tuple[Done, ...] = ("makes", "changes", "replaces", "removes")
_APP = {"WebApp", "WebAppApplicationSettings", "AppServicePlan"}
_UNNOTICED = ("tags", "sku.capacity")


@dataclass(frozen=True)
class Change:
    """What is done to one resource, and which of its properties differ."""

    done: Done
    resource: Recorded
    paths: frozenset[str] = frozenset()

    @property
    def type(self) -> str:
        return self.resource.type.rpartition(":")[2]


@dataclass(frozen=True)
class Changes:
    """All that a run does when the arguments are others than in the run before."""

    changes: tuple[Change, ...]

    def words(self) -> str:
        """`makes A, B; changes C`, or `nothing`."""
        parts: list[str] = []
        for done in _ORDER:
            types = sorted({change.type for change in self.changes if change.done == done})
            parts += [f"{done} {', '.join(types)}"] if types else []
        return "; ".join(parts) or "nothing"

    def notice(self) -> str:
        """What a user of the app notices at least: `down`, `restart` or `nothing`."""
        of_app = [change for change in self.changes if change.type in _APP and change.done != "makes"]
        if any(change.done in ("replaces", "removes") and change.type == "WebApp" for change in of_app):
            return "down"
        felt = {path for change in of_app for path in change.paths if not path.startswith(_UNNOTICED)}
        return "restart" if felt else "nothing"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """From one set of KeylessWebApp's arguments to another."""
    old, new = deploy_component(KeylessWebApp, before, "up"), deploy_component(KeylessWebApp, after, "up")
    olds, news = _managed(old), _managed(new)
    found: dict[str, Change] = {}
    for urn, resource in olds.items():
        if urn not in news:
            found[urn] = Change("removes", resource)
    for urn, resource in news.items():
        if urn not in olds:
            found[urn] = Change("makes", resource)
        elif change := _change(olds[urn], resource):
            found[urn] = change
    _cascade(news, found)
    return Changes(tuple(found.values()))


def _managed(deployment: Deployment) -> dict[str, Recorded]:
    """What is Azure's and not only read, by URN."""
    return {r.urn: r for r in deployment.resources if r.type.startswith("azure-native:") and not r.is_read}


def _change(old: Recorded, new: Recorded) -> Change | None:
    row = ROWS[new.type]
    paths = detailed_diff(dict(old.inputs), dict(new.inputs), row.replace_keys)
    paths = {path: kind for path, kind in paths.items() if not _is_ignored(path, new)}
    properties = frozenset(path.split(".")[0].split("[")[0] for path in paths)
    if not properties:
        return None
    return Change("replaces" if properties & row.replace_keys else "changes", new, frozenset(paths))


def _is_ignored(path: str, resource: Recorded) -> bool:
    return any(path == ignored or path.startswith((f"{ignored}.", f"{ignored}[")) for ignored in
               resource.ignore_changes)  # fmt: skip


def _cascade(news: Mapping[str, Recorded], found: dict[str, Change]) -> None:
    """What is deleted before it is made anew takes along whatever names it in a property that cannot change,
    as the engine does it: https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
    """
    open_ = [urn for urn, change in found.items() if change.done == "replaces"]
    while open_:
        replaced = open_.pop()
        if news[replaced].delete_before_replace is False:
            continue
        for urn, resource in news.items():
            row: Row = ROWS[resource.type]
            named = {name for name, urns in resource.property_dependencies.items() if replaced in urns}
            known = found.get(urn)
            if named & row.replace_keys and (known is None or known.done == "changes"):
                found[urn] = Change("replaces", resource, frozenset(named))
                open_.append(urn)
