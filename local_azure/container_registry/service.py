"""Microsoft.ContainerRegistry as a service: registries, and the images in them."""

from local_azure.container_registry.data import LARGEST_BLOB, RegistryData
from local_azure.container_registry.logs import RegistryLogs
from local_azure.container_registry.registries import Registry
from local_azure.container_registry.registry_names import SUFFIX
from local_azure.container_registry.tokens import AUDIENCE
from local_azure.ground import Ground
from local_azure.logged import logged
from local_azure.planes import HttpPlane, LargeBodies
from local_azure.service import Service, Services


class ContainerRegistry(Service):
    """`data` is what answers under the registries' own names."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self.data = RegistryData(ground, services)
        self.types = (Registry(ground, self.data.images),)
        self.planes = (
            HttpPlane(
                hosts=f"*{SUFFIX}",
                audiences=(AUDIENCE,),
                envelope="registry",
                handle=logged(self.data.handle, RegistryLogs(ground, services, self.data.held).tell),
                large=LargeBodies(self.data.takes_blob, LARGEST_BLOB),
            ),
        )
