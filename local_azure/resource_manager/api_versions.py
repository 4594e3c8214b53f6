"""Which api-version a request may name, and how Azure refuses the others (G9)."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from local_azure.arm import ResourceType
from local_azure.errors import Refusal
from local_azure.http import Request
from local_azure.resource_manager.listed_versions import listed_versions
from local_azure.resource_manager.subscriptions import LOCATIONS
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "G9",
        "refusal",
        "A request without an api-version is refused with 400 MissingApiVersionParameter.",
        held_by="g9_an_api_version_is_required",
        source="cloudquery/cloudquery#6626",
    ),
    Rule(
        "G9",
        "refusal",
        "A version that Azure does not list for a type is refused with those that it lists: 400 "
        "NoRegisteredProviderFound, 400 InvalidApiVersionParameter.",
        held_by="g9_a_version_that_azure_does_not_list_is_answered_with_those_that_it_does",
        source="Azure/azure-cli#19389 Azure/azure-sdk-for-net#23760 ansible-collections/azure#1739",
    ),
    Rule(
        "G9",
        "assumed",
        "What is not served is refused: 404 InvalidResourceNamespace, InvalidResourceType.",
        held_by="g9_what_azure_does_not_serve_is_refused_by_name",
    ),
]

RESOURCE_MANAGER_VERSIONS: Final = listed_versions("Microsoft.Resources")
"""What Resource Manager serves itself: groups, subscriptions, providers, generic lists."""


def api_version(request: Request) -> str:
    """The request's api-version. Raises Refusal 400 without one, or with one that is no date."""
    version = {key.lower(): value for key, value in request.query.items()}.get("api-version", "")
    if not version:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        raise Refusal(400, "MissingApiVersionParameter", text)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(-[a-z0-9.]+)?", version, re.IGNORECASE):
        raise _invalid(version, RESOURCE_MANAGER_VERSIONS)
    return version


def require_served_here(version: str) -> None:
    """For what Resource Manager answers itself. Raises Refusal 400."""
    if version.lower() not in RESOURCE_MANAGER_VERSIONS:
        raise _invalid(version, RESOURCE_MANAGER_VERSIONS)


def served_type(
    types: Mapping[str, ResourceType], name: str, version: str, location: Callable[[], str] = str
) -> ResourceType:
    """The rules of the type `name` under `version`. Raises Refusal for what is not served; `location` says
    where the resource is, if that is known, and is asked for a refusal only."""
    namespace, _, rest = name.partition("/")
    kind = types.get(name.lower())
    if kind is None:
        if not any(key.partition("/")[0] == namespace.lower() for key in types):
            raise Refusal(
                404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid."
            )
        text = f"The resource type '{rest}' could not be found in the namespace '{namespace}'"
        raise Refusal(404, "InvalidResourceType", f"{text} for api version '{version}'.")
    if version.lower() not in kind.versions():
        if namespace.lower() == "microsoft.resources":
            raise _invalid(version, kind.versions())
        text = (
            f"No registered resource provider found for location '{location()}' and API version '{version}' "
            f"for type '{rest}'. The supported api-versions are '{', '.join(sorted(kind.versions()))}'. "
            f"The supported locations are '{', '.join(LOCATIONS)}'."
        )
        raise Refusal(400, "NoRegisteredProviderFound", text)
    return kind


def _invalid(version: str, supported: Collection[str]) -> Refusal:
    newest_first = ",".join(sorted(supported, reverse=True))
    text = f"The api-version '{version}' is invalid. The supported versions are '{newest_first}'."
    return Refusal(400, "InvalidApiVersionParameter", text)
