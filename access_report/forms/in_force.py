"""What of a grant counts: a vault decides by roles or by access policies, and does not look at the others.
https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from access_report.api_version import api_version
from access_report.following import VAULT, Directory
from access_report.grants import Form, Grant, Granted
from access_report.policies import policy
from access_report.resources import Resource, Snapshot, known
from access_report.roles import Role
from access_report.scopes import Where, lies_in, place_of
from components.azure_facts.vault_permissions import ROLES_BY_DEFAULT

_MANAGEMENT_GROUPS: Final = "/providers/microsoft.management/managementgroups/"
_BY_ROLES: Final = "properties.enableRbacAuthorization"
_VAULTS: Final = "microsoft.keyvault/vaults/"
_ON_VAULTS: Final = frozenset({Form.ROLE, Form.ELIGIBILITY, Form.SCHEDULE, Form.POLICY})
_NO_ROLES: Final = "do nothing, as the vault goes by access policies"
_NO_POLICIES: Final = "do nothing, as the vault goes by roles"


def goes_by_roles(vault: Resource) -> bool | None:
    """Whether a vault decides by roles; None where it may be either: the update will know, or the program no
    longer says what Azure had.
    """
    given = vault.given(_BY_ROLES)
    if given is not None:
        return str(given).lower() == "true" if known(given) else None
    by_default = (api_version(vault) or "") >= ROLES_BY_DEFAULT
    return by_default if vault.value(_BY_ROLES) in (None, by_default) else None


def deaf_to_roles(before: Snapshot, after: Snapshot) -> tuple[list[Resource], list[Resource]]:
    """The vaults that go by access policies, of both moments. One that is there at one of them alone counts
    at both, so that a role which stays is told as the same.
    """
    vaults = {urn for snapshot in (before, after) for urn, one in snapshot.items() if one.is_of(VAULT)}
    both = [(before.get(urn) or after[urn], after.get(urn) or before[urn]) for urn in sorted(vaults)]
    old = [one for one, _ in both if goes_by_roles(one) is False]
    return old, [one for _, one in both if goes_by_roles(one) is False]


class InForce:
    """What of grants counts at one moment. `deaf` are the vaults on which no role has a hold."""

    def __init__(self, directory: Directory, deaf: Iterable[Resource]) -> None:
        self._directory = directory
        self._deaf = [(one, place_of(directory, one).key) for one in deaf]
        self._inside: dict[str, frozenset[str]] = {}

    def of(self, grant: Grant) -> Grant:
        """The grant without what its vault does not look at. Of a role on more than one vault, it is said
        which do not look at it.
        """
        if grant.form not in _ON_VAULTS:
            return grant
        vault = self._directory.snapshot.get(grant.where.urn)
        if vault is not None and vault.is_of(VAULT):
            by_roles = goes_by_roles(vault)
            if grant.form is Form.POLICY:
                return _idle(grant, policy(()), _NO_POLICIES) if by_roles else grant
            return _without_data(grant) if by_roles is False else grant
        if grant.form is Form.POLICY or not _is_on_vaults(grant.granted):
            return grant
        return replace(grant, but=self._deaf_in(grant.where))

    def _deaf_in(self, where: Where) -> frozenset[str]:
        if where.key not in self._inside:
            # Of a management group nobody here knows which subscriptions are in it.
            anywhere = where.key.startswith(_MANAGEMENT_GROUPS)
            inside = (k for one, k in self._deaf if anywhere or lies_in(self._directory, one, where))
            self._inside[where.key] = frozenset(inside)
        return self._inside[where.key]


def _idle(grant: Grant, facts: Role, words: str) -> Grant:
    return replace(grant, granted=replace(grant.granted, facts=facts, words=facts.may or words))


def _without_data(grant: Grant) -> Grant:
    facts = grant.facts
    if facts is None:
        return replace(grant, but=frozenset({grant.where.key}))
    if not facts.data_actions:
        return grant
    blocks = (replace(one, data_actions=(), not_data_actions=()) for one in facts.permissions)
    return _idle(grant, Role(facts.name, tuple(one for one in blocks if one.actions)), _NO_ROLES)


def _is_on_vaults(granted: Granted) -> bool:
    """Whether it may allow something with what is in vaults."""
    if granted.facts is None:
        return True
    heads = (action.lower().partition("*")[0] for action in granted.facts.data_actions)
    return any(head.startswith(_VAULTS) or _VAULTS.startswith(head) for head in heads)
