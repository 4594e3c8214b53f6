"""Microsoft.Storage/storageAccounts/fileServices/shares: file shares, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/storagerp/file-shares
"""

import uuid
from datetime import UTC, datetime
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.storage.account_names import SHARES, is_dashed_name
from local_azure.storage.file_store import FileStore
from local_azure.storage.metadata import required

_LARGEST_QUOTA: Final = 102_400
_TIERS: Final = ("TransactionOptimized", "Hot", "Cool", "Premium")

RULES: Final = [
    Rule(
        "I16",
        "refusal",
        "A share's name has 3-63 lower-case letters, digits and single hyphens, and its quota is 1 to 102400 "
        "GiB: 400.",
        held_by="i16_a_share_that_no_account_takes_is_refused",
        source="https://learn.microsoft.com/rest/api/storageservices/"
        "naming-and-referencing-shares--directories--files--and-metadata "
        "https://learn.microsoft.com/rest/api/storagerp/file-shares/create",
    ),
]


class FileShare(ResourceType):
    """A share. The data plane reads and writes the same ones."""

    type = SHARES

    def __init__(self, ground: Ground, files: FileStore) -> None:
        super().__init__(ground)
        self._files = files

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not is_dashed_name(id.name):
            raise Refusal(400, "InvalidResourceName", f"'{id.name}' is no name of a file share.")
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        quota = given.get("shareQuota", 1)
        if not isinstance(quota, int) or not 1 <= quota <= _LARGEST_QUOTA:
            raise _invalid("shareQuota")
        if given.get("accessTier", _TIERS[0]) not in _TIERS:
            raise _invalid("accessTier")
        required(section(given, "metadata"))
        now = datetime.fromtimestamp(self.ground.clock.now(), UTC).isoformat()
        return share_body(now, {**section(old, "properties"), **given})

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._files.clear(id.parent.split("/")[8], id.name)


def share_body(now: str, properties: JsonObject) -> JsonObject:
    """A share as both planes keep it; `now` is when it was written."""
    defaults = {"accessTier": "TransactionOptimized", "enabledProtocols": "SMB", "shareQuota": 5120}
    fixed = {"lastModifiedTime": now, "leaseState": "available", "leaseStatus": "unlocked"}
    etag = f'"0x{uuid.uuid4().hex[:15].upper()}"'
    return {"etag": etag, "properties": {**defaults, **properties, **fixed}}


def _invalid(name: str) -> Refusal:
    text = f"Values for request parameters are invalid: {name}."
    return Refusal(400, "InvalidValuesForRequestParameters", text)
