"""Microsoft.AppConfiguration as a service: stores, those that soft delete keeps, and what is in them."""

from typing import Final

from typing_extensions import override

from local_azure.app_configuration.access import AUDIENCES, STORES
from local_azure.app_configuration.arm_key_values import StoreKeyValue
from local_azure.app_configuration.data import STORE_TYPE, AppConfigurationData
from local_azure.app_configuration.deleted_stores import DeletedStore, DeletedStores, SoftDeletedStores
from local_azure.app_configuration.key_values import KeyValues
from local_azure.app_configuration.logs import StoreLogs
from local_azure.app_configuration.stores import ConfigurationStore
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.logged import logged
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services

_UNSERVED: Final = {
    f"{STORE_TYPE}/replicas": "replicas of App Configuration stores",
    f"{STORE_TYPE}/snapshots": "snapshots of App Configuration stores",
}


class AppConfiguration(Service):
    """`data` is what answers for all that is in stores."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        key_values = KeyValues(ground)
        self.data = AppConfigurationData(ground, key_values, services)
        self._deleted = SoftDeletedStores(ground, key_values)
        self.types = (
            ConfigurationStore(ground, self._deleted),
            DeletedStore(ground, self._deleted),
            DeletedStores(ground, self._deleted),
            StoreKeyValue(ground, self.data),
        )
        self.planes = (
            HttpPlane(
                hosts=f"*{STORES}",
                audiences=AUDIENCES,
                audience_of_its_own=True,
                envelope="problem",
                handle=logged(self.data.handle, StoreLogs(ground, services, self.data.find).tell),
            ),
        )

    @override
    def leftovers(self) -> JsonObject:
        """The names of deleted stores, which Azure keeps on purpose."""
        return {"deleted_stores": [name for name, _ in self._deleted.every()]}
