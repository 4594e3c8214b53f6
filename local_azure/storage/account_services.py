"""What is in a storage account, as Resource Manager sees it: its services, containers, queues and tables.

https://learn.microsoft.com/rest/api/storagerp/blob-containers and …/blob-services, …/queue and …/table
"""

import uuid
from datetime import UTC, datetime
from typing import ClassVar, Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.lists import shown
from local_azure.resource_manager.paths import resource
from local_azure.rules import Rule
from local_azure.storage.account_names import (
    ACCOUNTS,
    CONTAINERS,
    QUEUES,
    TABLES,
    is_dashed_name,
    is_table_name,
)
from local_azure.storage.blob_store import BlobStore
from local_azure.storage.entity_store import EntityStore
from local_azure.storage.metadata import required
from local_azure.storage.queue_store import QueueStore

RULES: Final = [
    Rule(
        "I9",
        "refusal",
        "Anonymous access to a container is refused where its account forbids it: PublicAccessNotPermitted.",
        held_by="i9_a_container_that_would_be_read_without_a_token_is_refused",
        source="https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent",
    ),
    Rule(
        "I9",
        "refusal",
        "A container's or queue's name has 3-63 lower-case letters, digits and single hyphens: "
        "ContainerNameInvalid or 400.",
        held_by="i9_an_impossible_name_of_a_container_or_a_queue_is_refused",
        source="https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata",
    ),
    Rule(
        "I9",
        "refusal",
        "A table's name has 3-63 letters and digits, begins with a letter, and is not tables: 400.",
        held_by="i9_an_impossible_name_of_a_table_is_refused",
        source="https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model",
    ),
    Rule(
        "I9",
        "assumed",
        "The blob service keeps what is deleted for 1 to 365 days.",
        held_by="i9_a_retention_that_no_blob_service_has_is_refused",
    ),
    Rule(
        "I9",
        "assumed",
        "The file service keeps deleted shares for 7 days unless told, for 1 to 365.",
        held_by="i9_the_file_service_is_there_from_the_start_and_keeps_its_policy",
        source="https://learn.microsoft.com/azure/storage/files/storage-files-prevent-file-share-deletion",
    ),
]


class _Service(ResourceType):
    """A service that an account has from the start and keeps; it cannot be deleted by itself."""

    defaults: ClassVar[JsonObject] = {}

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        account = self.ground.store.get(id.parent)
        if account is None or id.name.lower() != "default":
            return None
        stored = self.ground.store.get(id.text)
        return stored.body if stored else {"properties": dict(self.defaults)}

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if old is None:
            raise Refusal(400, "InvalidUri", f"The one {self.type.rpartition('/')[2]} is named default.")
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        for name in (
            "deleteRetentionPolicy",
            "containerDeleteRetentionPolicy",
            "shareDeleteRetentionPolicy",
        ):
            policy = section(given, name)
            if policy.get("enabled") and not 1 <= int(policy.get("days") or 0) <= 365:
                raise Refusal(
                    400,
                    "InvalidXmlDocument",
                    f"{name} needs days between 1 and 365, not {policy.get('days')}.",
                )
        return {"properties": {**self.defaults, **given}}

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        asked = resource(request.path)
        if asked is not None and asked.key == id.key:
            raise Refusal(405, "MethodNotAllowed", "A service goes with its storage account.")

    def list_in_scope(self, scope: str, request: Request) -> list[JsonObject]:
        """The one that there is."""
        id = ResourceId.parse(f"{scope}/{self.type.rpartition('/')[2]}/default")
        body = self.get(id, request)
        return [shown(self, id, body)] if body else []


class BlobService(_Service):
    type = f"{ACCOUNTS}/blobServices"
    defaults: ClassVar[JsonObject] = {"cors": {"corsRules": []}, "deleteRetentionPolicy": {"enabled": False}}


class QueueService(_Service):
    type = f"{ACCOUNTS}/queueServices"
    defaults: ClassVar[JsonObject] = {"cors": {"corsRules": []}}


class FileService(_Service):
    type = f"{ACCOUNTS}/fileServices"
    defaults: ClassVar[JsonObject] = {
        "cors": {"corsRules": []},
        "protocolSettings": {"smb": {}},
        "shareDeleteRetentionPolicy": {"enabled": True, "days": 7},
    }


class TableService(_Service):
    type = f"{ACCOUNTS}/tableServices"
    defaults: ClassVar[JsonObject] = {"cors": {"corsRules": []}}


class BlobContainer(ResourceType):
    """A container. The data plane reads and writes the same ones."""

    type = CONTAINERS

    def __init__(self, ground: Ground, blobs: BlobStore) -> None:
        super().__init__(ground)
        self._blobs = blobs

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        require_container_name(id.name)
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        account = self.ground.store.get(id.parent.rpartition("/blobServices/")[0])
        forbids = account is None or not account.body["properties"].get("allowBlobPublicAccess")
        if forbids and given.get("publicAccess", "None") != "None":
            text = "Public access is not permitted on this storage account."
            raise Refusal(409, "PublicAccessNotPermitted", text)
        now = datetime.fromtimestamp(self.ground.clock.now(), UTC).isoformat()
        return container_body(now, {**section(old, "properties"), **given})

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        account = id.parent.split("/")[8]
        self._blobs.forget_container(account, id.name)


class Queue(ResourceType):
    """A queue. The data plane reads and writes the same ones."""

    type = QUEUES

    def __init__(self, ground: Ground, queues: QueueStore) -> None:
        super().__init__(ground)
        self._queues = queues

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not is_dashed_name(id.name):
            raise Refusal(400, "InvalidResourceName", f"'{id.name}' is no name of a queue.")
        return {"properties": {"metadata": required(section(section(new, "properties"), "metadata"))}}

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._queues.clear(id.parent.split("/")[8], id.name)

    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(204)  # its client takes no other status

    def created_status(self) -> int:
        return 200


class Table(ResourceType):
    """A table. The data plane reads and writes the same ones."""

    type = TABLES

    def __init__(self, ground: Ground, entities: EntityStore) -> None:
        super().__init__(ground)
        self._entities = entities

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not is_table_name(id.name):
            raise Refusal(400, "InvalidResourceName", f"'{id.name}' is no name of a table.")
        signed = section(new, "properties").get("signedIdentifiers")
        return {"properties": {"tableName": id.name, **({"signedIdentifiers": signed} if signed else {})}}

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._entities.clear(id.parent.split("/")[8], id.name)

    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(204)  # its client takes no other status

    def created_status(self) -> int:
        return 200


def container_body(now: str, properties: JsonObject) -> JsonObject:
    """A container as both planes keep it; `now` is when it was written."""
    fixed = {
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
        "lastModifiedTime": now,
        "leaseState": "Available",
        "leaseStatus": "Unlocked",
    }
    etag = f'"0x{uuid.uuid4().hex[:15].upper()}"'
    return {"etag": etag, "properties": {"publicAccess": "None", **properties, **fixed}}


def require_container_name(name: str) -> None:
    """Raises Refusal 400 for a name that no container can have."""
    if not is_dashed_name(name) and name not in ("$root", "$web", "$logs"):
        text = f"The specified container name '{name}' is invalid."
        raise Refusal(400, "ContainerNameInvalid", text)
