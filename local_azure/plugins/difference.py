"""The difference between two property maps: what a Diff answers, and what a refresh carries over."""

import re
from itertools import zip_longest
from typing import Any, Final

from pulumi.runtime.proto import provider_pb2

from local_azure.plugins.wire import PropertyMap, as_list, as_object

Kind = provider_pb2.PropertyDiff.Kind.ValueType

_COMMON_PART: Final = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.[^/]+/", re.IGNORECASE
)
_REPLACING: dict[int, Kind] = {
    provider_pb2.PropertyDiff.ADD: provider_pb2.PropertyDiff.ADD_REPLACE,
    provider_pb2.PropertyDiff.DELETE: provider_pb2.PropertyDiff.DELETE_REPLACE,
    provider_pb2.PropertyDiff.UPDATE: provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


def detailed_diff(old: PropertyMap, new: PropertyMap, replace_keys: frozenset[str]) -> dict[str, Kind]:
    """Property paths (`tags["a.b"]`, `siteConfig.ftpsState`) to the kind of change."""
    changes: dict[str, Kind] = {}
    for name in sorted(old.keys() | new.keys()):
        below: dict[str, Kind] = {}
        _compare(old.get(name), new.get(name), _step("", name), below)
        changes |= {
            path: _REPLACING[kind] if {name, path.partition("[")[0]} & replace_keys else kind
            for path, kind in below.items()
        }
    return changes


def diff_response(
    changes: dict[str, Kind], *, delete_before_replace: bool = True
) -> provider_pb2.DiffResponse:
    """The engine's answer: changed and replacing top-level names, and the details of them."""
    replacing = {path for path, kind in changes.items() if kind in _REPLACING.values()}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({_root(path) for path in changes}),
        replaces=sorted({_root(path) for path in replacing}),
        deleteBeforeReplace=bool(replacing) and delete_before_replace,
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=kind, inputDiff=True) for path, kind in changes.items()
        },
        hasDetailedDiff=True,
    )


def carry_over(inputs: Any, before: Any, after: Any) -> Any:
    """`inputs` with just the changes from `before` to `after`, which may know more properties."""
    given, old, new = as_object(inputs), as_object(before), as_object(after)
    if given is not None and old is not None and new is not None:
        kept = {name: value for name, value in given.items() if name in new or name not in old}
        changed = {name: value for name, value in new.items() if old.get(name) != value}
        merged = {name: carry_over(kept.get(name), old.get(name), value) for name, value in changed.items()}
        return {**kept, **merged}
    items, olds, news = as_list(inputs), as_list(before), as_list(after)
    if items is not None and olds is not None and news is not None:
        common = min(len(items), len(olds), len(news))
        return [carry_over(items[i], olds[i], news[i]) for i in range(common)] + news[common:]
    return after


def _compare(old: Any, new: Any, path: str, changes: dict[str, Kind]) -> None:
    if old == new and type(old) is type(new):
        return
    old_fields, new_fields, old_items, new_items = as_object(old), as_object(new), as_list(old), as_list(new)
    if old is None:
        changes[path] = provider_pb2.PropertyDiff.ADD
    elif new is None:
        changes[path] = provider_pb2.PropertyDiff.DELETE
    elif old_fields is not None and new_fields is not None:
        for name in sorted(old_fields.keys() | new_fields.keys()):
            _compare(old_fields.get(name), new_fields.get(name), _step(path, name), changes)
    elif old_items is not None and new_items is not None:
        for index, (before, after) in enumerate(zip_longest(old_items, new_items)):
            _compare(before, after, f"{path}[{index}]", changes)
    elif not _is_same(path, old, new):
        changes[path] = provider_pb2.PropertyDiff.UPDATE


def _step(path: str, name: str) -> str:
    if not name.replace("_", "a").isalnum():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'{path}["{quoted}"]'
    return f"{path}.{name}" if path else name


def _root(path: str) -> str:
    return path.split(".")[0].split("[")[0]


def _is_same(path: str, old: Any, new: Any) -> bool:
    """Whether two values mean one thing, as far as the real plugin knows.

    `West Europe` and `westeurope` are one location. The names of resource groups are compared without case
    (https://github.com/pulumi/pulumi-azure-native/pull/2910), and so are ids in the part that all have, up to
    the provider's namespace (https://github.com/pulumi/pulumi-azure-native/pull/2993); what follows that part
    is compared letter by letter.
    """
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    if path == "location":
        return _plain(old) == _plain(new)
    if path == "resourceGroupName":
        return old.lower() == new.lower()
    before, after = _COMMON_PART.match(old), _COMMON_PART.match(new)
    if before is None or after is None:
        return False
    return before[0].lower() == after[0].lower() and old[before.end() :] == new[after.end() :]


def _plain(location: str) -> str:
    return location.replace(" ", "").lower()
