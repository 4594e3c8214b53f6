"""Microsoft.Authorization as a service: who may do what where, and what nobody may."""

from typing_extensions import override

from local_azure.arm import ResourceId
from local_azure.authorization.deny_assignments import DenyAssignment
from local_azure.authorization.locks import Lock, require_unlocked
from local_azure.authorization.role_assignments import RoleAssignment
from local_azure.authorization.role_definitions import RoleDefinition
from local_azure.authorization.roles import DEFINITIONS
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.service import Service, Services, Verb


class Authorization(Service):
    """Role assignments are weighed by the ground's `Authorizer`."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._store = ground.store
        self.types = (
            RoleAssignment(ground, services.types),
            RoleDefinition(ground),
            DenyAssignment(ground),
            Lock(ground, services.types),
        )

    @override
    def leftovers(self) -> JsonObject:
        """`role_definitions`: the ids of custom roles."""
        return {"role_definitions": [one.id for one in self._store.list(type=DEFINITIONS)]}

    @override
    def before_change(self, id: ResourceId, verb: Verb) -> None:
        require_unlocked(self._store, id, verb)
