"""The condition under which a deployer may assign roles: those that are granted here, and no others."""

from collections.abc import Sequence

from .access import PrincipalType
from .roles import ROLES, Role


def condition(roles: Sequence[Role], kinds: Sequence[PrincipalType]) -> str:
    """For `--condition` with version 2.0; empty where nothing is granted.

    Source: https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    if not roles:
        return ""
    guids = ", ".join(ROLES[role].guid for role in roles)
    types = ", ".join(f"'{kind.value}'" for kind in kinds)
    return "\nAND\n".join(
        _limit(*one, guids, types) for one in (("write", "Request"), ("delete", "Resource"))
    )


def _limit(verb: str, source: str, guids: str, types: str) -> str:
    attribute = f"@{source}[Microsoft.Authorization/roleAssignments:"
    return f"""(
 (!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}}))
 OR
 (
  {attribute}RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{guids}}}
  AND
  {attribute}PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{{types}}}
 )
)"""
