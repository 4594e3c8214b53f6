"""Two values of each property that a type of the data has, and its state with either."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, Final

from access_report.report import Report
from access_report.weighing import EVERY_TYPE, Row, Weighed, weighings
from tests.unit.access_report.native_schema import every_type, properties_of
from tests.unit.access_report.previews import GROUP, PRINCIPAL, VAULT_ID, State, grant, state
from toolchain.paths import ROOT

NATIVE: Final = sorted(type_ for type_ in weighings() if type_.count(":") == 1 and type_ != EVERY_TYPE)
OTHERS: Final = sorted(type_ for type_ in weighings() if type_.count(":") > 1)
ALL: Final = (*NATIVE, *OTHERS)
_BESIDE: Final[Mapping[str, Mapping[str, Any]]] = {
    "authorization:RoleAssignment": grant()["inputs"],
    "azure:keyvault/accessPolicy:AccessPolicy": {
        "keyVaultId": VAULT_ID,
        "objectId": PRINCIPAL,
        "secretPermissions": ["Get"],
    },
    "keyvault:AccessPolicy": {
        "vaultName": "kv-shop",
        "policy": {"objectId": PRINCIPAL, "permissions": {"secrets": ["get"]}},
    },
}
"""What has to be given for a type to be one at all."""
_ENTRY: Final = {"name": "one", "value": "203.0.113.0/24", "connectionString": "Server=db"}
_OTHER: Final = {"name": "two", "value": "198.51.100.0/24", "connectionString": "Server=db2"}


class OfEach:
    """What a report on many resources tells of each."""

    def __init__(self, one: Report) -> None:
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        self._unknown: defaultdict[str, list[str]] = defaultdict(list)
        for exposed in one.exposures:
            self._words[exposed.name].append(exposed.words)
        for unweighed in one.unweighed:
            self._unknown[unweighed.name] += unweighed.properties

    def kinds(self, of: str, path: str) -> list[str]:
        """What tells of a change of a resource: a weighed property, or one that is not weighed."""
        unknown = [path for one in self._unknown[of] if f"{one}.".startswith(f"{path}.")]
        return [*self._words[of], *unknown]


@cache
def properties(type_: str) -> Mapping[str, tuple[type, ...]]:
    """Paths to kinds of values: all that azure-native's type has; of any other, those of the data."""
    if type_ in every_type():
        return properties_of(type_, weighings()[type_].lists)
    like = _data()[type_].get("like")
    if like and like["type"] in every_type():  # a part of it, or the same in an older version
        below = _below(like)
        of_other = properties(like["type"]).items()
        return {path.removeprefix(below): kinds for path, kinds in of_other if path.startswith(below)}
    return {path or "anything": (str,) for path in weighings()[type_].rows}


def row(type_: str, path: str) -> Row | None:
    return weighings()[type_].row(path)


def two_values(kinds: Sequence[type]) -> tuple[Any, Any]:
    """Two different values that a property of these kinds takes; of lists and maps the first one is empty."""
    (kind, *_) = [*kinds, str]
    enum: Any = next((one for one in kinds if hasattr(one, "__members__")), None)
    if enum is not None:
        values = [member.value for member in enum]
        return (values[0], values[1]) if len(values) > 1 else (values[0], f"other than {values[0]}")
    if kind is bool:
        return False, True
    if kind in (int, float):
        return 1, 2
    if kind.__name__ == "Sequence":
        return [], [_ENTRY]
    return ({}, {"one": "entry"}) if kind.__name__ in ("Mapping", "Any") else ("one", "other")


def moment(type_: str, path: str, value: Any, name: str = "one") -> State:
    """A resource with one property given, and what else has to be for that to count."""
    given = deepcopy(dict(_BESIDE.get(type_, {})))
    its_row = row(type_, path)
    also = its_row.only_where if isinstance(its_row, Weighed) else None
    for where, what in {**(also or {}), path: value}.items():
        _put(given, where.split("."), what)
    token = type_ if type_ in OTHERS else f"azure-native:{type_}"
    return state(token, name, given, id=f"{GROUP}/{name}", custom=True)


def _put(given: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, last = path
    for name in above:
        if name.endswith("[]"):
            (given,) = given.setdefault(name.removesuffix("[]"), [{"name": "one"}])
        else:
            given = given.setdefault(name, {})
    given[last] = value


@cache
def _data() -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((ROOT / "access_report" / "weighing" / "types").glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def said_of(type_: str, path: str) -> Mapping[str, Any]:
    """What the data says of a weighed property, as it stands there."""
    one = _data()[type_]
    if path in one.get("weighed", {}):
        return one["weighed"][path]
    return said_of(one["like"]["type"], f"{_below(one['like'])}{path}")


def _below(like: Mapping[str, str]) -> str:
    """The beginning of the paths of what a type is like, where it is like a part of it."""
    return f"{like['below']}." if "below" in like else ""
