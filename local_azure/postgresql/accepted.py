"""What every type of PostgreSQL has in common: a write or a deletion is an operation."""

from collections.abc import Mapping

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.http import JsonObject, Response
from local_azure.resource_manager.operations import location_of_operation, status_of_operation
from local_azure.rules import Rule

RULES = [
    Rule(
        "D8",
        "behaviour",
        "Whatever is written or deleted is answered with 202 and where to ask for the operation, which "
        "here is done at once.",
        held_by="d8_microsofts_client_writes_and_deletes_by_operations_under_the_version_that_is_its_own",
        source="https://learn.microsoft.com/rest/api/postgresql/servers/create-or-update",
    ),
]


class Accepted(ResourceType):
    """A type of which Resource Manager only says that it has begun."""

    @override
    def created_status(self) -> int:
        return 202

    @override
    def updated_status(self) -> int:
        return 202

    @override
    def written(self, id: ResourceId) -> Mapping[str, str]:
        return status_of_operation(self.ground.store, id.text, "write")

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(202, None, location_of_operation(self.ground.store, id.text, "delete"))
