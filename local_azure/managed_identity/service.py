"""Microsoft.ManagedIdentity as a service."""

from local_azure.ground import Ground
from local_azure.managed_identity.identities import UserAssignedIdentity
from local_azure.service import Service


class ManagedIdentity(Service):
    """Identities that users make."""

    def __init__(self, ground: Ground) -> None:
        self.types = (UserAssignedIdentity(ground),)
