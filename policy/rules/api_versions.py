"""Api-versions that Azure is about to retire."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.api_version import api_version
from access_report.resources import Resource
from policy.rule import Option, Options, ResourceRule, Rule

_DATE: Final = {"type": "string", "format": "date"}
_KNOWN: Final = [{"module": "keyvault", "before": "2026-02-01", "on": "2027-02-27"}]


def _near_retirement(resource: Resource, options: Options) -> Iterator[str]:
    version, module = api_version(resource), resource.native_type.partition(":")[0]
    for retired in options["retirements"]:
        if version is None or module != retired["module"] or version >= retired["before"]:
            continue
        left = (date.fromisoformat(retired["on"]) - options.today).days
        if left < 0:
            yield f"{_written(resource)}, which was retired on {retired['on']}"
        elif left <= options["withinDays"]:
            yield f"{_written(resource)}, which is retired on {retired['on']}, in {left} days"


def _written(resource: Resource) -> str:
    return f"{resource.name} is written with {api_version(resource)}"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="api-version-retirement",
        what="No resource is written with an api-version that is retired, or will be soon.",
        why="After its retirement Azure refuses every call with it, also the one that would delete.",
        source="https://learn.microsoft.com/azure/key-vault/general/access-control-default",
        step="Take an azure-native whose default is newer, or add the module with a newer version: "
        "`pulumi package add azure-native <module> <version>`.",
        level=EnforcementLevel.ADVISORY,
        options={
            "withinDays": Option(
                {"type": "integer", "minimum": 0, "description": "How many days before it is told."}, 90
            ),
            "retirements": Option(
                {
                    "type": "array",
                    "description": "Modules of azure-native, the first api-version that stays, and the last "
                    "day of those before it.",
                    "items": {
                        "type": "object",
                        "required": ["module", "before", "on"],
                        "properties": {
                            "module": {"type": "string"},
                            "before": _DATE,
                            "on": _DATE,
                        },
                    },
                },
                _KNOWN,
            ),
        },
        types=(),
        judge=_near_retirement,
    ),
)
