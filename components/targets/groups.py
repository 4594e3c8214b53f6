"""The Entra groups whose members are let into a target: people get access through these, and no other way."""

from collections.abc import Mapping
from typing import Final

import pulumi

from ..access import AccessGrant, PrincipalType
from ..arguments import Arguments
from ..references import guid_form
from ..roles import Role
from ..shown import entry

Groups = Mapping[str, pulumi.Output[str]]
"""Display name to object id."""
_OBJECT_ID: Final = guid_form(
    "the object id of an Entra group, a GUID (`az ad group show --group <name> --query id`)"
)


def read_groups(arguments: Arguments, key: str) -> Groups:
    groups = arguments.plain_map(key, "display names of Entra groups to their object ids")
    return {
        group: arguments.checked(entry(key, group, groups), id, _OBJECT_ID) for group, id in groups.items()
    }


def grant_groups(
    target: pulumi.ComponentResource,
    name: str,
    part: str,
    role: Role,
    scope_id: pulumi.Output[str],
    groups: Groups,
) -> list[AccessGrant]:
    """One grant for each group; `part` is in the names of the grants' resources."""
    return [
        AccessGrant(
            f"{name}-{part}-{group}",
            {
                "principal_id": group_id,
                "principal_name": group,
                "principal_type": PrincipalType.GROUP,
                "role": role,
                "scope_id": scope_id,
                "granted_by": f"{type(target).__name__} '{name}'",
            },
            pulumi.ResourceOptions(parent=target),
        )
        for group, group_id in groups.items()
    ]
