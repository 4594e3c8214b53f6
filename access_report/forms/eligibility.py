"""Roles for a time, and roles that their holder activates: Privileged Identity Management.
https://learn.microsoft.com/azure/role-based-access-control/pim-integration
"""

from collections.abc import Iterator
from typing import Final

from access_report.following import Directory
from access_report.forms.role_assignments import assigned
from access_report.grants import CONDITION_LATER, Form, Grant, Limits
from access_report.resources import Resource, known

_TAKE_AWAY: Final = frozenset({"adminremove", "selfdeactivate"})
"""Requests that give nothing; any other one, also a new one, may give.
https://learn.microsoft.com/rest/api/authorization/role-assignment-schedule-requests/create#requesttype"""
REQUESTS: Final = (
    "authorization:RoleAssignmentScheduleRequest",
    "authorization:RoleEligibilityScheduleRequest",
)
"""azure-native's types of requests."""
_EXPIRATION: Final = "scheduleInfo.expiration"


def eligible_role(directory: Directory, resource: Resource) -> Iterator[Grant]:
    yield from _scheduled(directory, resource, Form.ELIGIBILITY)


def scheduled_role(directory: Directory, resource: Resource) -> Iterator[Grant]:
    yield from _scheduled(directory, resource, Form.SCHEDULE)


def _scheduled(directory: Directory, resource: Resource, form: Form) -> Iterator[Grant]:
    if not takes_away(resource):
        limits = Limits(until=_until(resource), is_eligible=form is Form.ELIGIBILITY)
        yield assigned(directory, resource, form, limits)


def takes_away(request: Resource) -> bool:
    """Whether it asks that somebody has a role no longer."""
    return str(request.given("requestType")).lower() in _TAKE_AWAY


def _until(resource: Resource) -> str:
    """When it ends, or after how long; empty where it does not end."""
    kind = resource.given(f"{_EXPIRATION}.type")
    if str(kind).lower() == "noexpiration":
        return ""
    found = [resource.given(f"{_EXPIRATION}.{one}") for one in ("endDateTime", "duration")]
    given = [one for one in found if one is not None]
    around = (resource.given("scheduleInfo"), resource.given(_EXPIRATION), kind)
    if not all(one is None or known(one) for one in (*around, *given)):
        return CONDITION_LATER
    return str(given[0]) if given else ""
