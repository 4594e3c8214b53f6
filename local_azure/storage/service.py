"""Microsoft.Storage as a service: accounts, what is in them, and the data planes."""

from local_azure.errors import Envelope
from local_azure.ground import Ground
from local_azure.planes import Handler, HttpPlane, LargeBodies
from local_azure.service import Service, Services
from local_azure.storage.account_names import host_suffix
from local_azure.storage.account_services import (
    BlobContainer,
    BlobService,
    FileService,
    Queue,
    QueueService,
    Table,
    TableService,
)
from local_azure.storage.accounts import StorageAccount
from local_azure.storage.blob_data import LARGEST_BLOB, BlobData
from local_azure.storage.blob_store import BlobStore
from local_azure.storage.data_access import AUDIENCE
from local_azure.storage.delegation_keys import DelegationKeys
from local_azure.storage.entity_store import EntityStore
from local_azure.storage.file_data import LARGEST_RANGE, FileData
from local_azure.storage.file_store import FileStore
from local_azure.storage.logs import StorageLogs
from local_azure.storage.queue_data import QueueData
from local_azure.storage.queue_store import QueueStore
from local_azure.storage.shares import FileShare
from local_azure.storage.table_data import LARGEST, TableData
from local_azure.storage.unserved import UNSERVED


class Storage(Service):
    """`blobs` are those of every account, `data` is what answers for them."""

    unserved = UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        self.blobs = BlobStore(ground)
        self.queues = QueueStore(ground)
        self.files = FileStore(ground)
        keys = DelegationKeys(ground)
        self.entities = EntityStore(ground)
        self.data = BlobData(ground, self.blobs, keys, services)
        queues = QueueData(ground, self.queues, services)
        files = FileData(ground, self.files, services)
        tables = TableData(ground, self.entities, services)
        self.types = (
            StorageAccount(ground, self.blobs, keys),
            BlobService(ground),
            FileService(ground),
            QueueService(ground),
            TableService(ground),
            BlobContainer(ground, self.blobs),
            FileShare(ground, self.files),
            Queue(ground, self.queues),
            Table(ground, self.entities),
        )

        def logged(service: str, handle: Handler) -> Handler:
            return StorageLogs(ground, services, service, handle).handle

        self.planes = (
            _plane("blob", logged("blob", self.data.handle), LargeBodies(self.data.takes_blob, LARGEST_BLOB)),
            _plane("file", logged("file", files.handle), LargeBodies(files.takes_range, LARGEST_RANGE)),
            _plane("queue", logged("queue", queues.handle)),
            _plane("table", logged("table", tables.handle), LargeBodies(tables.takes_more, LARGEST), "table"),
        )


def _plane(
    service: str, handle: Handler, large: LargeBodies | None = None, envelope: Envelope = "storage"
) -> HttpPlane:
    return HttpPlane(
        hosts=f"*{host_suffix(service)}",
        audiences=(AUDIENCE,),
        audience_of_its_own=True,
        envelope=envelope,
        handle=handle,
        large=large,
    )
