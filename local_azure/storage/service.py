"""Microsoft.Storage as a service: accounts, what is in them, and the data plane of blobs."""

from local_azure.ground import Ground
from local_azure.planes import HttpPlane, LargeBodies
from local_azure.service import Service, Services
from local_azure.storage.account_names import BLOBS
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
from local_azure.storage.blob_access import AUDIENCE
from local_azure.storage.blob_data import LARGEST_BLOB, BlobData
from local_azure.storage.blob_store import BlobStore
from local_azure.storage.unserved import UNSERVED


class Storage(Service):
    """`blobs` are those of every account, `data` is what answers for them."""

    unserved = UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        self.blobs = BlobStore(ground)
        self.data = BlobData(ground, self.blobs, services)
        self.types = (
            StorageAccount(ground, self.blobs),
            BlobService(ground),
            FileService(ground),
            QueueService(ground),
            TableService(ground),
            BlobContainer(ground, self.blobs),
            Queue(ground),
            Table(ground),
        )
        plane = HttpPlane(
            hosts=f"*{BLOBS}",
            audiences=(AUDIENCE,),
            audience_of_its_own=True,
            envelope="storage",
            handle=self.data.handle,
            large=LargeBodies(self.data.takes_blob, LARGEST_BLOB),
        )
        self.planes = (plane,)
