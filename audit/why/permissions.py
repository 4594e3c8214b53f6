"""What role assignments, deny assignments and the roles of Cosmos DB allow.

https://learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.cosmosdb import CosmosDBManagementClient

from access_report.roles import Role
from audit.sources.azure import reason
from audit.why.question import Answer, Question, Step
from components.azure_facts.actions import any_contains
from components.azure_facts.roles import Permissions

_COSMOS: Final = "microsoft.documentdb/databaseaccounts"
_NAMED: Final = re.compile(r"(?:Sub)?ActionMatches\s*\{\s*'([^']+)'", re.IGNORECASE)
_GROUPS: Final = "Which groups the principal is in, Azure counts; who else is in them, is not seen here."


class Permissive:
    """Reads assignments in one subscription."""

    def __init__(self, credential: TokenCredential, question: Question, **options: Any) -> None:
        self._asked, self._credential, self._options = question, credential, options
        self._client: Any = AuthorizationManagementClient(credential, question.subscription, **options)

    def steps(self) -> Iterator[Step]:
        """Deny assignments first, as they are stronger; then what allows."""
        yield from self._denied()
        if self._asked.type == _COSMOS and self._asked.is_on_data:
            yield from self._by_cosmos()
        else:
            yield from self._by_roles()

    def _denied(self) -> Iterator[Step]:
        try:
            found = list(self._client.deny_assignments.list_for_scope(self._asked.scope))
        except AzureError as error:
            yield Step("deny assignments", f"could not be read: {reason(error)}", Answer.DEPENDS)
            return
        for one in found:
            who = {str(principal.id).lower() for principal in one.principals or ()}
            but = {str(principal.id).lower() for principal in one.exclude_principals or ()}
            everybody = "00000000-0000-0000-0000-000000000000"
            if self._asked.principal.lower() in but or not self._allows(one.permissions):
                continue
            told = f"{one.deny_assignment_name} denies it"
            if {self._asked.principal.lower(), everybody} & who:
                yield Step("deny assignment", told, Answer.REFUSED)
            elif any(str(principal.type).lower() == "group" for principal in one.principals or ()):
                words = f"{told} to a group; who is in that, is not seen here"
                yield Step("deny assignment", words, Answer.DEPENDS)

    def _by_roles(self) -> Iterator[Step]:
        asked, allowed, maybe = self._asked, False, False
        try:
            found = list(
                self._client.role_assignments.list_for_scope(
                    asked.scope, filter=f"assignedTo('{asked.principal}')"
                )
            )
        except AzureError as error:
            yield Step("role assignments", f"could not be read: {reason(error)}", Answer.DEPENDS)
            return
        for one in (one for one in found if asked.is_in(one.scope)):
            definition: Any = self._client.role_definitions.get_by_id(one.role_definition_id)
            told = f"{definition.role_name} on {one.scope}"
            by = "" if str(one.principal_id).lower() == asked.principal.lower() else " by a group"
            subject = f"role assignment {one.name}{by}"
            if not self._allows(definition.permissions):
                other = self._allows(definition.permissions, data=not asked.is_on_data)
                why = ", whose action of this name is not one on data" if other and asked.is_on_data else ""
                yield Step(subject, f"{told} does not allow it{why}")
            elif one.condition and _speaks_of(one.condition, asked.action):
                maybe = True
                yield Step(subject, f"{told} allows it under the condition {one.condition}")
            else:
                allowed = True
                yield Step(subject, f"{told} allows it", Answer.ALLOWED)
        if not allowed:
            words = f"none that counts here allows {asked.action}. {_GROUPS}"
            answer = Answer.REFUSED
            if maybe:
                words, answer = (
                    "only one with a condition allows it, which decides by attributes",
                    Answer.DEPENDS,
                )
            yield Step("role assignments", words, answer)

    def _by_cosmos(self) -> Iterator[Step]:
        """https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control"""
        asked = self._asked
        client: Any = CosmosDBManagementClient(self._credential, asked.subscription, **self._options)
        sql, allowed = client.sql_resources, False
        try:
            found = list(sql.list_sql_role_assignments(asked.group, asked.name))
            roles = {one.id.lower(): one for one in sql.list_sql_role_definitions(asked.group, asked.name)}
        except AzureError as error:
            yield Step("roles of Cosmos DB", f"could not be read: {reason(error)}", Answer.DEPENDS)
            return
        for one in found:
            if str(one.principal_id).lower() != asked.principal.lower() or not asked.is_in(one.scope):
                continue
            role = roles.get(str(one.role_definition_id).lower())
            named = f"{role.role_name if role else 'a role'} on {one.scope}"
            allows = role is not None and self._allows(role.permissions)
            allowed = allowed or allows
            answer = Answer.ALLOWED if allows else None
            word = "allows it" if allows else "does not allow it"
            yield Step(f"role assignment {one.name} of Cosmos DB", f"{named} {word}", answer)
        if not allowed:
            words = "no assignment of this principal allows it; those of groups are not seen here"
            yield Step("roles of Cosmos DB", words, Answer.REFUSED)

    def _allows(self, permissions: Iterable[Any], data: bool | None = None) -> bool:
        blocks = tuple(
            Permissions(
                tuple(getattr(one, "actions", None) or ()),
                tuple(getattr(one, "not_actions", None) or ()),
                tuple(getattr(one, "data_actions", None) or ()),
                tuple(getattr(one, "not_data_actions", None) or ()),
                getattr(one, "condition", None),
            )
            for one in permissions or ()
        )
        return Role("", blocks).allows(
            self._asked.action, data=self._asked.is_on_data if data is None else data
        )


def _speaks_of(condition: str, action: str) -> bool:
    """Whether a condition limits an action: those that it does not name pass.
    https://learn.microsoft.com/azure/role-based-access-control/conditions-format
    """
    named = _NAMED.findall(condition)
    return not named or any_contains(named, action)
