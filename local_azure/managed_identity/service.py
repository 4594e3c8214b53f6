"""Microsoft.ManagedIdentity as a service."""

from local_azure.ground import Ground
from local_azure.managed_identity.federated_credentials import FederatedCredential
from local_azure.managed_identity.identities import UserAssignedIdentity
from local_azure.service import Service


class ManagedIdentity(Service):
    """Identities that users make, and whose tokens count as one of them."""

    def __init__(self, ground: Ground) -> None:
        self.types = (UserAssignedIdentity(ground), FederatedCredential(ground))
