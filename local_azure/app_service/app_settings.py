"""The settings of a site as they are written: one whole map of texts.

https://learn.microsoft.com/rest/api/appservice/web-apps/update-application-settings
"""

from collections.abc import Iterable
from typing import Any, Final

from local_azure.app_service.refusals import bad_request, conflict
from local_azure.http import JsonObject
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "A14",
        "behaviour",
        "A PUT of config/appsettings replaces the whole map; a site PUT without settings keeps it.",
        held_by="a_site_without_settings_in_it_keeps_those_there_are",
        source="pulumi/pulumi-azure-native#1876",
    ),
    Rule(
        "A15",
        "behaviour",
        "Settings are read by POST config/appsettings/list only; config/web has null for them.",
        held_by="settings_are_not_shown_to_who_may_only_read",
        source="pulumi/pulumi-azure-native#4263 pulumi/pulumi-azure-native#3279",
    ),
    Rule(
        "A28",
        "refusal",
        "Settings whose names differ in case only are one: a write that has both is refused (409).",
        held_by="a28_settings_whose_names_differ_in_case_only_are_one_name",
        source="Azure/azure-cli#13673 microsoft/azure-pipelines-tasks#14689",
    ),
]


def settings_map(properties: JsonObject) -> dict[str, str]:
    """The map of a write. Raises Refusal 400 for a value that is no text, and 409 for a name that is there
    twice."""
    return _checked(properties.items())


def settings_of_list(entries: Iterable[JsonObject]) -> dict[str, str]:
    """The same from the `appSettings` of a `siteConfig`."""
    return _checked((str(entry["name"]), entry.get("value")) for entry in entries)


def _checked(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    known: set[str] = set()
    for name, value in pairs:
        if not isinstance(value, str):
            raise bad_request("The value of app setting '{0}' is not a string.", name)
        if name.lower() in known:
            raise conflict("Parameter with name {0} already exists.", name)
        known.add(name.lower())
        found[name] = value
    return found
