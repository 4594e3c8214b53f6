"""A workbook: the saved searches on one page, for the time that its reader chooses.

Source: https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-overview and, of what it is made
of, https://github.com/microsoft/Application-Insights-Workbooks (`schema/workbook.json`)
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi
from pulumi_azure_native import applicationinsights

from ..placement import Placement

VERSION: Final = "Notebook/1.0"
_TEXT, _QUERY, _PARAMETERS = 1, 3, 9
_TIME: Final = "TimeRange"
_TIME_RANGE: Final = 4
_DAY: Final = 86_400_000
"""In milliseconds."""
_CHOICES: Final = (1, 7, 30, 90)
_USUAL: Final = 30
_LOGS: Final = 0
_WORKSPACE: Final = "microsoft.operationalinsights/workspaces"


def content(title: str, asked: Mapping[str, str], workspace_id: str) -> str:
    """What the workbook is, as JSON: each search with its first sentence, as it stands in its file."""
    items: list[dict[str, Any]] = [_text("title", f"# {title}"), _parameters()]
    for name, text in asked.items():
        sentence = text.partition("\n")[0].removeprefix("// ")
        items += [_text(f"about-{name}", f"## {words(name)}\n\n{sentence}"), _query(name, text)]
    told = {"version": VERSION, "items": items, "fallbackResourceIds": [workspace_id]}
    return json.dumps(told, sort_keys=True)


def words(search: str) -> str:
    """The name of a search as people read it."""
    return search.replace("_", " ").capitalize()


def made(
    parent: pulumi.Resource,
    name: str,
    base: pulumi.Output[str],
    place: Placement,
    asked: Mapping[str, pulumi.Output[str]],
    workspace_id: pulumi.Output[str],
) -> applicationinsights.Workbook:
    """One that all who may read the group see. It costs nothing, and asks with the rights of who reads it."""
    names = list(asked)
    known: pulumi.Output[Sequence[str]] = pulumi.Output.all(base, workspace_id, *asked.values()).apply(
        lambda all: cast(Sequence[str], all)
    )
    return applicationinsights.Workbook(
        f"{name}-workbook",
        category="workbook",
        description="Who used which access.",
        display_name=base,
        kind="shared",
        location=place.location,
        resource_group_name=place.resource_group_name,
        # Azure takes a GUID for a name alone.
        resource_name_=base.apply(lambda text: str(uuid.uuid5(uuid.NAMESPACE_URL, text))),
        serialized_data=known.apply(
            lambda all: content(all[0], dict(zip(names, all[2:], strict=True)), all[1])
        ),
        source_id=workspace_id.apply(str.lower),
        tags=place.tags,
        version=VERSION,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _text(name: str, markdown: str) -> dict[str, Any]:
    return {"type": _TEXT, "content": {"json": markdown}, "name": name}


def _query(name: str, text: str) -> dict[str, Any]:
    return {
        "type": _QUERY,
        "content": {
            "version": "KqlItem/1.0",
            "query": text,
            "queryType": _LOGS,
            "resourceType": _WORKSPACE,
            "size": 0,
            "timeContextFromParameter": _TIME,
            "noDataMessage": "No row. That says nothing where the log was off.",
        },
        "name": name,
    }


def _parameters() -> dict[str, Any]:
    return {
        "type": _PARAMETERS,
        "content": {
            "version": "KqlParameterItem/1.0",
            "parameters": [
                {
                    "version": "KqlParameterItem/1.0",
                    "name": _TIME,
                    "label": "Time",
                    "type": _TIME_RANGE,
                    "isRequired": True,
                    "value": {"durationMs": _USUAL * _DAY},
                    "typeSettings": {
                        "selectableValues": [{"durationMs": days * _DAY} for days in _CHOICES],
                        "allowCustom": True,
                    },
                }
            ],
            "style": "pills",
            "queryType": _LOGS,
            "resourceType": _WORKSPACE,
        },
        "name": "parameters",
    }
