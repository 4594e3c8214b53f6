"""Microsoft.ContainerRegistry as a service."""

from local_azure.container_registry.registries import Registry
from local_azure.ground import Ground
from local_azure.service import Service


class ContainerRegistry(Service):
    """Registries, without the images in them and so without a data plane."""

    def __init__(self, ground: Ground) -> None:
        self.types = (Registry(ground),)
