"""The condition under which a deployer may assign roles: those that are granted here, and no others."""

from collections.abc import Sequence

from .takes import PrincipalType


def condition(guids: Sequence[str], kinds: Sequence[PrincipalType]) -> str:
    """For `--condition` with version 2.0, of the roles with these GUIDs; empty where nothing is granted.

    Source: https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    if not guids:
        return ""
    roles = ", ".join(guids)
    types = ", ".join(f"'{kind.value}'" for kind in kinds)
    return "\nAND\n".join(
        _limit(*one, roles, types) for one in (("write", "Request"), ("delete", "Resource"))
    )


def _limit(verb: str, source: str, roles: str, types: str) -> str:
    attribute = f"@{source}[Microsoft.Authorization/roleAssignments:"
    return f"""(
 (!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}}))
 OR
 (
  {attribute}RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{roles}}}
  AND
  {attribute}PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{{types}}}
 )
)"""
