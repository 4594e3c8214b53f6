"""Microsoft.Resources: resource groups.

https://learn.microsoft.com/rest/api/resources/resource-groups
"""

import re
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.operations import location_of_operation
from local_azure.resource_manager.subscriptions import LOCATIONS
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "G5",
        "behaviour",
        "Deleting a group is answered with 202 and a Location to poll, which here is done at once.",
        held_by="g5_deleting_a_group_is_an_operation_that_ends_with_all_gone",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations",
    ),
    Rule(
        "G6",
        "assumed",
        "A group's name has 1-90 letters, digits, hyphens, underscores, full stops and parentheses.",
        held_by="g6_an_impossible_group_is_refused_and_not_made",
    ),
]


class ResourceGroup(ResourceType):
    """A group, the container of everything that has one."""

    type = "Microsoft.Resources/resourceGroups"

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[-\w.()]{1,90}", id.name) or id.name.endswith("."):
            text = (
                f"The provided resource group name '{id.name}' has these invalid characters or is too long."
            )
            raise Refusal(400, "InvalidResourceGroupName", text)
        location = str(new.get("location") or "").replace(" ", "").lower()
        if not location:
            raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
        if location not in LOCATIONS:
            text = (
                f"The provided location '{new['location']}' is not available for resource group. "
                f"List of available regions is '{','.join(LOCATIONS)}'."
            )
            raise Refusal(400, "LocationNotAvailableForResourceGroup", text)
        body: JsonObject = {"location": location, "properties": {"provisioningState": "Succeeded"}}
        return body | {key: new[key] for key in ("tags", "managedBy") if new.get(key) is not None}

    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        where = location_of_operation(self.ground.store, id.text, "resourcegroupdeletionjob")
        return Response(202, None, where)

    def operation(self, verb: str) -> str:
        return f"Microsoft.Resources/subscriptions/resourceGroups/{verb}"

    def required_action(self, name: str) -> str:
        return f"Microsoft.Resources/subscriptions/resourceGroups/{name}/action"


TYPES: list[type[ResourceType]] = [ResourceGroup]
