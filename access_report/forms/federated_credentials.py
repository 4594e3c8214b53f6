"""Who may sign in as an identity without a credential of it: whoever bears a token that it trusts.
https://learn.microsoft.com/entra/workload-id/workload-identity-federation
"""

from collections.abc import Iterator
from typing import Any, Final

from access_report.following import IDENTITY, Directory
from access_report.grants import Form, Grant, Granted, Who
from access_report.resources import Resource, items, known
from access_report.scopes import Where, later, place_named
from components.azure_facts.token_issuers import usual_audience, workload

_SIGN_IN: Final = Granted(
    "federated credential", "federated credential", words="sign in as it", verb="can sign in as"
)


def federated_credential(directory: Directory, resource: Resource) -> Iterator[Grant]:
    where = place_named(directory, resource, "resourceName", IDENTITY)
    yield from trusted(directory, resource, where)


def trusted(
    directory: Directory, resource: Resource, where: Where, audiences: str = "audiences"
) -> Iterator[Grant]:
    """For each audience the workload whose tokens are trusted for it; without one Entra takes the usual."""
    given = resource.given(audiences)
    listed = [given] if isinstance(given, str) else items(given) or [usual_audience()]
    for audience in listed:
        who = _bearer(directory, resource, audience, audiences)
        yield Grant(resource.urn, who, _SIGN_IN, where, "", Form.FEDERATION)


def _bearer(directory: Directory, resource: Resource, audience: Any, audiences: str) -> Who:
    """Another issuer, subject or audience is another principal: Entra compares letter by letter."""
    issuer, subject = resource.value("issuer"), resource.value("subject")
    for property, value in (("subject", subject), ("issuer", issuer), (audiences, audience)):
        if not known(value):
            return Who(f"?{resource.urn}", "workload", later(directory, resource, property))
    meant_for = "" if audience == usual_audience() else f" for {audience}"
    kind = workload(str(issuer), str(subject))
    return Who(f"{issuer} {subject} {audience}", kind, str(subject), f"{issuer}{meant_for}")
