"""A blob, read with the same two lines as a secret. Its content does not leave this file."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

NAME = "KEYLESS_BLOB"
"""Which blob to read, as `container/name`; without it there is none."""
ENDPOINT = "AZURE_STORAGE_BLOB_ENDPOINT"
_WHY = {
    "arrived": "",
    "not-configured": f"{NAME} is `container/name`; the stack sets {ENDPOINT} where it gives `blob_access`.",
    "not-signed-in": "No identity was found to read it with.",
    "forbidden": "The role Storage Blob Data Reader is missing, or was granted moments ago.",
    "not-found": "The account has no such blob. Whoever owns it writes the first one.",
    "failed": "The account did not give it out.",
}
Outcome = Literal["arrived", "not-configured", "not-signed-in", "forbidden", "not-found", "failed"]


@dataclass(frozen=True)
class BlobReading:
    """What became of reading the blob. `size` is in bytes, `azure_says` the account's word for a refusal."""

    blob: str
    outcome: Outcome
    size: int | None = None
    azure_says: str = ""

    @property
    def why(self) -> str:
        return _WHY[self.outcome]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "arrived": self.outcome == "arrived", "reason": self.why or None}


def open_blobs() -> BlobServiceClient:
    """All it takes to read blobs without holding a key."""
    credential = DefaultAzureCredential()
    return BlobServiceClient(os.environ[ENDPOINT], credential)


def read_blob(environment: Mapping[str, str] = os.environ) -> BlobReading | None:
    """Read the blob now; None where the app has none to read."""
    wanted = environment.get(NAME, "")
    if not wanted:
        return None
    container, _, name = wanted.partition("/")
    if not name or not environment.get(ENDPOINT):
        return BlobReading(wanted, "not-configured")
    try:
        with open_blobs() as blobs:
            found = blobs.get_blob_client(container, name).download_blob(
                connection_timeout=3, read_timeout=5, retry_total=0
            )
            return BlobReading(wanted, "arrived", len(found.readall()))
    except ClientAuthenticationError:
        return BlobReading(wanted, "not-signed-in")
    except ResourceNotFoundError as error:
        return BlobReading(wanted, "not-found", azure_says=_code(error))
    except HttpResponseError as error:
        refused: Outcome = "forbidden" if error.status_code == 403 else "failed"
        return BlobReading(wanted, refused, azure_says=_code(error))
    except AzureError:
        return BlobReading(wanted, "failed")


def _code(error: HttpResponseError) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")
