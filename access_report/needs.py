"""What whoever deploys needs after a change that was not needed before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from access_report.grants import Form, Grant
from access_report.resources import Snapshot
from components.azure_facts.namespaces import to_register

_BY_ROLES: Final = frozenset({Form.ROLE, Form.ELIGIBILITY, Form.SCHEDULE})
"""Forms in which Azure asks whether whoever deploys may give this role."""


@dataclass(frozen=True)
class Needs:
    """Roles to be allowed to grant, and resource providers to have registered, which the stack so far did
    not need.
    """

    roles: Sequence[str]
    providers: Sequence[str]


def needs(before: Snapshot, after: Snapshot, old: Iterable[Grant], new: Iterable[Grant]) -> Needs:
    roles = {grant.role for grant in new if grant.form in _BY_ROLES} - {grant.role for grant in old}
    return Needs(sorted(roles), sorted(_providers(after) - _providers(before)))


def _providers(snapshot: Snapshot) -> set[str]:
    modules = {resource.native_type.partition(":")[0] for resource in snapshot.values()}
    return {namespace for module in modules if module and (namespace := to_register(module))}
