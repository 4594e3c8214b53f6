"""Which api-version a request may name, and how Azure refuses the others (G9)."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from local_azure.arm import ResourceType
from local_azure.errors import Refusal
from local_azure.http import Request
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
        "assumed",
        "What is not served is refused: 404 InvalidResourceNamespace, InvalidResourceType; 400 "
        "NoRegisteredProviderFound, 400 InvalidApiVersionParameter.",
        held_by="g9_what_azure_does_not_serve_is_refused_by_name",
    ),
]

RESOURCE_MANAGER_VERSIONS = frozenset(
    {
        "2016-06-01",
        "2018-05-01",
        "2019-10-01",
        "2020-01-01",
        "2020-06-01",
        "2021-01-01",
        "2021-04-01",
        "2022-09-01",
    }
    | {"2022-12-01", "2023-07-01", "2024-03-01", "2024-07-01", "2024-11-01", "2025-03-01", "2025-04-01"}
)
"""What Microsoft.Resources itself serves: groups, subscriptions, providers, generic lists."""


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


def served_type(types: Mapping[str, ResourceType], name: str, version: str) -> ResourceType:
    """The rules of the type `name` under `version`. Raises Refusal for what is not served."""
    namespace, _, rest = name.partition("/")
    kind = types.get(name.lower())
    if kind is None:
        if not any(key.partition("/")[0] == namespace.lower() for key in types):
            raise Refusal(
                404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid."
            )
        text = f"The resource type '{rest}' could not be found in the namespace '{namespace}'"
        raise Refusal(404, "InvalidResourceType", f"{text} for api version '{version}'.")
    if version.lower() not in kind.api_versions:
        if namespace.lower() == "microsoft.resources":
            raise _invalid(version, kind.api_versions)
        text = (
            f"No registered resource provider found for API version '{version}' for type '{rest}'. "
            f"The supported api-versions are '{', '.join(sorted(kind.api_versions))}'."
        )
        raise Refusal(400, "NoRegisteredProviderFound", text)
    return kind


def _invalid(version: str, supported: Collection[str]) -> Refusal:
    text = (
        f"The api-version '{version}' is invalid. The supported versions are '{','.join(sorted(supported))}'."
    )
    return Refusal(400, "InvalidApiVersionParameter", text)
