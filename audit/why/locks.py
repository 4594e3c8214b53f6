"""What locks forbid: changes of resources, never what is done with their data.

https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
"""

from collections.abc import Iterator
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.mgmt.resource.locks import ManagementLockClient

from audit.sources.azure import reason
from audit.why.question import Answer, Question, Step

_MARK: Final = "/providers/microsoft.authorization/locks/"


def locks(credential: TokenCredential, asked: Question, **options: Any) -> Iterator[Step]:
    """Of the scope and of all around it."""
    action = asked.action.lower()
    if asked.is_on_data or action.endswith("/read"):
        return
    client: Any = ManagementLockClient(credential, asked.subscription, **options)
    found: dict[str, Any] = {}
    for scope in asked.around():
        try:
            found |= {str(one.id).lower(): one for one in client.management_locks.list_by_scope(scope)}
        except AzureError as error:
            yield Step("locks", f"of {scope} could not be read: {reason(error)}", Answer.DEPENDS)
    for id, one in sorted(found.items()):
        level = str(getattr(one.level, "value", one.level)).lower()
        forbids = level == "readonly" or (level == "cannotdelete" and action.endswith("/delete"))
        if forbids and asked.is_in(id.partition(_MARK)[0]):
            yield Step(
                f"lock {one.name}", f"{one.level} on {id.partition(_MARK)[0]} forbids it", Answer.REFUSED
            )
