"""What is in the local Azure besides its inhabitants: after `make down` there should be none of it."""

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, SUBSCRIPTIONS
from local_azure.http import JsonObject
from local_azure.store import Resource

_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def leftovers(azure: Azure) -> JsonObject:
    """`resources` and `role_assignments` by id, `orphans` (assignments whose principal is gone) by id, and
    what services keep: Key Vault the names of `deleted_vaults`, on purpose as Azure does."""
    stored = azure.store.list()
    assignments = [one for one in stored if one.type == _ASSIGNMENTS and not _is_seed(one)]
    gone = [one for one in assignments if azure.entra.principal(_properties(one)["principalId"]) is None]
    return {
        "resources": [one.id for one in stored if not one.type.startswith("Microsoft.Authorization/")],
        "role_assignments": [one.id for one in assignments],
        "orphans": [one.id for one in gone],
        **{key: value for service in azure.services for key, value in service.leftovers().items()},
    }


def _is_seed(assignment: Resource) -> bool:
    """The deployer owns the subscriptions from the start."""
    properties = _properties(assignment)
    owned = [f"/subscriptions/{id}" for id in SUBSCRIPTIONS]
    return properties["principalId"] == DEPLOYER.object_id and properties["scope"].lower() in owned


def _properties(assignment: Resource) -> JsonObject:
    return assignment.body["properties"]
