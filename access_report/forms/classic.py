"""Azure's grants as the package `azure` (Azure Classic) gives them: the same ones under other names.
https://www.pulumi.com/registry/packages/azure/
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from access_report.following import CLASSIC_IDENTITY, IDENTITY, VAULT, Directory
from access_report.forms.access_policies import policies
from access_report.forms.federated_credentials import trusted
from access_report.forms.role_assignments import assigned, role_of
from access_report.grants import CONDITION_LATER, Form, Grant, Limits
from access_report.resources import Resource, known
from access_report.scopes import Where, place_of_id

_VAULTS: Final = (VAULT, "azure:keyvault/keyVault:KeyVault")
_NAME: Final = "roleDefinitionName"
_KINDS: Final = {"secrets": "secret", "keys": "key", "certificates": "certificate", "storage": "storage"}
"""What a policy's words are on, as Azure and as the package call it."""
_ENDS: Final = {"endDateTime": "", "durationDays": " days", "durationHours": " hours"}


def classic_assignment(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """A role by its id, or by its name."""
    grant, name = assigned(directory, resource), resource.given(_NAME)
    if resource.given("roleDefinitionId") is None and known(name):
        grant = replace(grant, granted=role_of(directory, str(name)))
    yield grant


def classic_eligible_role(directory: Directory, resource: Resource) -> Iterator[Grant]:
    limits = Limits(until=_until(resource), is_eligible=True)
    yield assigned(directory, resource, Form.ELIGIBILITY, limits)


def classic_scheduled_role(directory: Directory, resource: Resource) -> Iterator[Grant]:
    yield assigned(directory, resource, Form.SCHEDULE, Limits(until=_until(resource)))


def classic_access_policy(directory: Directory, resource: Resource) -> Iterator[Grant]:
    permissions = {kind: resource.given(f"{word}Permissions") for kind, word in _KINDS.items()}
    ids = {id: resource.given(id) for id in ("objectId", "tenantId", "applicationId")}
    given: dict[str, Any] = {**ids, "permissions": permissions}
    where = place_of_id(directory, resource, "keyVaultId", *_VAULTS)
    yield from policies(directory, resource, [given], "objectId", where)


def classic_credential(directory: Directory, resource: Resource) -> Iterator[Grant]:
    yield from trusted(directory, resource, _identity(directory, resource), "audience")


def _identity(directory: Directory, resource: Resource) -> Where:
    """By the property's name of today, or the one before it."""
    property = next(
        (one for one in ("userAssignedIdentityId", "parentId") if resource.given(one) is not None), "parentId"
    )
    return place_of_id(directory, resource, property, IDENTITY, CLASSIC_IDENTITY)


def _until(resource: Resource) -> str:
    around = (resource.given("schedule"), resource.given("schedule.expiration"))
    ends = {unit: resource.given(f"schedule.expiration.{name}") for name, unit in _ENDS.items()}
    given = {unit: end for unit, end in ends.items() if end is not None}
    if not all(one is None or known(one) for one in (*around, *given.values())):
        return CONDITION_LATER
    return ", ".join(f"{end}{unit}" for unit, end in given.items())
