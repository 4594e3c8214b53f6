"""What a write through Graph is called in the directory's audit log.

https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
"""

from collections.abc import Mapping, Sequence
from typing import Final

from local_azure.entra.directory import Entra
from local_azure.entra.events import APPLICATIONS, Changed
from local_azure.entra.principals import Principal
from local_azure.http import JsonObject

_SOME: Final = "*"
_ACTIVITIES: Final[Mapping[tuple[str, ...], str]] = {
    ("POST", "applications"): "Add application",
    ("PATCH", "applications", _SOME): "Update application",
    ("DELETE", "applications", _SOME): "Delete application",
    ("POST", "applications", _SOME, "federatedidentitycredentials"): "Update application",
    ("PATCH", "serviceprincipals", _SOME): "Update service principal",
    ("POST", "serviceprincipals", _SOME, "approleassignedto"): "Add app role assignment to service principal",
    (
        "DELETE",
        "serviceprincipals",
        _SOME,
        "approleassignedto",
        _SOME,
    ): "Remove app role assignment from service principal",
}
"""By method and path; a service principal that comes or goes is told by the directory itself."""


def activity_of(method: str, parts: Sequence[str]) -> str:
    """The name of a write; empty where it has none of its own."""
    path = [_SOME if place % 2 else part.lower() for place, part in enumerate(parts)]
    return _ACTIVITIES.get((method, *path), "")


def name_of(entra: Entra, parts: Sequence[str]) -> str:
    """What the thing that a path is about is called; empty where there is none yet."""
    if len(parts) == 1:
        return ""
    registration, principal = entra.registrations.one(parts[1]), entra.principal(parts[1])
    return registration.name if registration else principal.name if principal else ""


def changed(
    activity: str, parts: Sequence[str], name: str, made: JsonObject | None, by: Principal
) -> Changed:
    """What the audit log says of a write that was done: `name` is that of before, `made` the answer."""
    kind = "Application" if parts[0].lower() == "applications" else "ServicePrincipal"
    id = parts[1] if len(parts) > 1 else str((made or {}).get("id", ""))
    return Changed(activity, APPLICATIONS, [(id, name or str((made or {}).get("displayName", "")), kind)], by)
