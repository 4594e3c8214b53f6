"""Who may do what, one line for each role assignment."""

from collections.abc import Sequence

from local_azure.authorization.authorizer import ASSIGNMENTS
from local_azure.authorization.roles import role_of
from local_azure.azure import Azure
from local_azure.page.markup import named, section, table, text
from local_azure.page.names import in_words, who
from local_azure.store import Resource

_COLUMNS = ("Who", "Role", "On", "In words")


def grants(azure: Azure) -> str:
    rows = [("", _cells(azure, one)) for one in azure.store.list(type=ASSIGNMENTS)]
    return section("Who may do what", table(_COLUMNS, sorted(rows)), "grants")


def held_by(azure: Azure, object_ids: set[str]) -> list[str]:
    """What some principals were given: `Key Vault Secrets User on key vault kv-shop`."""
    return [
        f"{role_name(azure, one)} on {in_words(one.body['properties']['scope'])}"
        for one in azure.store.list(type=ASSIGNMENTS)
        if one.body["properties"]["principalId"].lower() in object_ids
    ]


def role_name(azure: Azure, assignment: Resource) -> str:
    role = role_of(azure.store, assignment.body["properties"]["roleDefinitionId"])
    return role.name if role else "a role that is not there any more"


def _cells(azure: Azure, assignment: Resource) -> Sequence[str]:
    given = assignment.body["properties"]
    principal, scope = given["principalId"], given["scope"]
    condition = " (under a condition)" if given.get("condition") else ""
    return (
        named(who(azure.entra, principal), principal),
        text(role_name(azure, assignment) + condition),
        named(in_words(scope), scope),
        text(given.get("description") or ""),
    )
