"""Leases of blobs: who holds one is the only one that may write the blob, until the lease ends.

https://learn.microsoft.com/rest/api/storageservices/lease-blob
"""

import uuid
from dataclasses import replace
from typing import Final

from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.storage.blob_store import Blob
from local_azure.storage.refusals import refusal, unserved

_SHORTEST, _LONGEST, _FOREVER = 15, 60, -1

RULES: Final = [
    Rule(
        "I17",
        "behaviour",
        "A blob is leased for 15 to 60 seconds, or for as long as it is not given back, to one holder at a "
        "time: 409 LeaseAlreadyPresent.",
        held_by="i17_a_lease_is_one_holders_until_it_ends_or_is_given_back",
    ),
    Rule(
        "I17",
        "refusal",
        "A leased blob is written and deleted by its holder alone: 412 LeaseIdMissing, or "
        "LeaseIdMismatchWithBlobOperation.",
        held_by="i17_a_leased_blob_is_written_by_its_holder_alone",
    ),
]


def is_leased(blob: Blob, now: float) -> bool:
    return blob.lease_id is not None and (blob.lease_until is None or blob.lease_until > now)


def require_holder(blob: Blob | None, request: Request, now: float) -> None:
    """Raises Refusal for a write of a leased blob by somebody else."""
    if blob is None or not is_leased(blob, now):
        return
    given = request.headers.get("x-ms-lease-id")
    if not given:
        text = "There is currently a lease on the blob and no lease ID was specified in the request."
        raise refusal(412, "LeaseIdMissing", text)
    if given.lower() != blob.lease_id:
        text = "The lease ID specified did not match the lease ID for the blob."
        raise refusal(412, "LeaseIdMismatchWithBlobOperation", text)


def change_lease(blob: Blob, request: Request, now: float) -> tuple[Blob, Response]:
    """The blob as it is after what is asked for, and the answer. Raises Refusal."""
    leased = is_leased(blob, now)
    given = (request.headers.get("x-ms-lease-id") or "").lower()
    proposed = (request.headers.get("x-ms-proposed-lease-id") or str(uuid.uuid4())).lower()
    match (request.headers.get("x-ms-lease-action") or "").lower():
        case "acquire":
            if leased and blob.lease_id != proposed:
                raise refusal(409, "LeaseAlreadyPresent", "There is already a lease present.")
            changed = _held(blob, proposed, _seconds(request), now)
            return changed, _answer(changed, 201)
        case "renew":
            _require_own(blob, given)
            changed = _held(blob, given, blob.lease_seconds, now)
            return changed, _answer(changed, 200)
        case "release":
            _require_own(blob, given)
            changed = replace(blob, lease_id=None, lease_until=None)
            return changed, _answer(changed, 200)
        case "break":
            if blob.lease_id is None:
                text = "There is currently no lease on the blob."
                raise refusal(409, "LeaseNotPresentWithLeaseOperation", text)
            changed = replace(blob, lease_id=None, lease_until=None)
            return changed, _answer(changed, 202, {"x-ms-lease-time": "0"})
        case _:
            raise unserved(request, "the blob service")


def _held(blob: Blob, id: str, seconds: int, now: float) -> Blob:
    until = None if seconds == _FOREVER else now + seconds
    return replace(blob, lease_id=id, lease_until=until, lease_seconds=seconds)


def _seconds(request: Request) -> int:
    given = request.headers.get("x-ms-lease-duration") or ""
    seconds = int(given) if given.removeprefix("-").isdigit() else 0
    if seconds != _FOREVER and not _SHORTEST <= seconds <= _LONGEST:
        text = "The value for one of the HTTP headers is not in the correct format."
        raise refusal(400, "InvalidHeaderValue", text)
    return seconds


def _require_own(blob: Blob, given: str) -> None:
    """A lease that has ended is still its last holder's, as long as nobody took another one."""
    if blob.lease_id is None or blob.lease_id != given:
        text = "The lease ID specified did not match the lease ID for the blob."
        raise refusal(409, "LeaseIdMismatchWithLeaseOperation", text)


def _answer(blob: Blob, status: int, more: dict[str, str] | None = None) -> Response:
    headers = {"etag": blob.etag, **(more or {})}
    if blob.lease_id is not None:
        headers["x-ms-lease-id"] = blob.lease_id
    return Response(status, None, headers)
