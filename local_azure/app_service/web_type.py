"""What every resource type of Microsoft.Web is: written one at a time."""

from contextlib import AbstractContextManager

from typing_extensions import override

from local_azure.app_service.write_locks import WriteLocks
from local_azure.arm import ResourceId, ResourceType
from local_azure.ground import Ground
from local_azure.http import Request


class WebType(ResourceType):
    """A type whose writes hold their site and their plan."""

    def __init__(self, ground: Ground, locks: WriteLocks) -> None:
        super().__init__(ground)
        self._locks = locks

    @override
    def held(self, id: ResourceId, request: Request) -> AbstractContextManager[None]:
        return self._locks.hold(id, request)
