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
from access_report.scopes import lies_in, place_of
from components.azure_facts.vault_permissions import ROLES_BY_DEFAULT

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


def switched(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """URNs of the vaults that decide in another way afterwards than before."""
    vaults = [urn for urn, one in after.items() if one.is_of(VAULT) and urn in before]
    return frozenset(urn for urn in vaults if goes_by_roles(before[urn]) != goes_by_roles(after[urn]))


def in_force(directory: Directory, grant: Grant, watched: Iterable[str]) -> Grant:
    """The grant without what its vault does not look at. Of a role on more than one vault, it is said which
    of those `watched` do not look at it.
    """
    if grant.form not in _ON_VAULTS:
        return grant
    vault = directory.snapshot.get(grant.where.urn)
    if vault is not None and vault.is_of(VAULT):
        by_roles = goes_by_roles(vault)
        if grant.form is Form.POLICY:
            return _idle(grant, policy(()), _NO_POLICIES) if by_roles else grant
        return _idle(grant, _without_data(grant.facts), _NO_ROLES) if by_roles is False else grant
    if grant.form is Form.POLICY or not _is_on_vaults(grant.granted):
        return grant
    deaf = [directory.snapshot[urn] for urn in watched if goes_by_roles(directory.snapshot[urn]) is False]
    inside = [place_of(directory, one).key for one in deaf if lies_in(directory, one, grant.where)]
    return replace(grant, but=frozenset(inside))


def _idle(grant: Grant, facts: Role | None, words: str) -> Grant:
    if facts is None or facts == grant.facts:
        return grant
    granted = grant.granted
    return replace(grant, granted=replace(granted, facts=facts, words=facts.may or words))


def _without_data(facts: Role | None) -> Role | None:
    if facts is None:
        return None
    blocks = (replace(one, data_actions=(), not_data_actions=()) for one in facts.permissions)
    return Role(facts.name, tuple(one for one in blocks if one.actions))


def _is_on_vaults(granted: Granted) -> bool:
    """Whether it may allow something with what is in vaults."""
    if granted.facts is None:
        return True
    heads = (action.lower().partition("*")[0] for action in granted.facts.data_actions)
    return any(head.startswith(_VAULTS) or _VAULTS.startswith(head) for head in heads)
