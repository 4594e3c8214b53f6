"""Requests of Privileged Identity Management that take a role away: they grant nothing, and are told.
https://learn.microsoft.com/azure/role-based-access-control/pim-integration
"""

from access_report.events import Event
from access_report.following import Directory
from access_report.forms.eligibility import REQUESTS, takes_away
from access_report.forms.role_assignments import assigned


def taking_away(before: Directory, after: Directory) -> list[Event]:
    """Those that come, or that ask for this from now on."""
    found: list[Event] = []
    for urn, request in after.snapshot.items():
        old = before.snapshot.get(urn)
        if request.is_of(*REQUESTS) and takes_away(request) and not (old and takes_away(old)):
            what = assigned(after, request)
            details = (str(what.who), str(what.granted), str(what.where))
            words = "takes a role away; from whom, which, and where:"
            found.append(
                Event(urn, "request", request.name, words, "to take a role away", details, takes_away=False)
            )
    return found
