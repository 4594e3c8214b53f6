"""Types of which a write or a deletion is an operation: of database servers, and of Cosmos DB."""

from collections.abc import Mapping

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.http import JsonObject, Response
from local_azure.resource_manager.operations import location_of_operation, status_of_operation


class AcceptedWrite(ResourceType):
    """A type of which Resource Manager only says that a write has begun."""

    @override
    def created_status(self) -> int:
        return 202

    @override
    def updated_status(self) -> int:
        return 202

    @override
    def written(self, id: ResourceId) -> Mapping[str, str]:
        return status_of_operation(self.ground.store, id.text, "write")


class Accepted(AcceptedWrite):
    """The same of a deletion, too."""

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(202, None, location_of_operation(self.ground.store, id.text, "delete"))
