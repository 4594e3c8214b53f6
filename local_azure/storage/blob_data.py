"""Blob storage's data plane: `<account>.blob.core.windows.net`.

https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
"""

import re
from datetime import UTC, datetime
from typing import Final

from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage import blob_answers
from local_azure.storage.account_names import ACCOUNTS, CONTAINERS, account_name, container_id
from local_azure.storage.account_services import container_body, require_container_name
from local_azure.storage.blob_leases import change_lease, require_holder
from local_azure.storage.blob_store import Blob, BlobStore
from local_azure.storage.delegation_keys import DelegationKeys
from local_azure.storage.gate import Asker, Gate, in_version, require_version
from local_azure.storage.metadata import metadata_of
from local_azure.storage.ranges import read_answer
from local_azure.storage.refusals import invalid_name, refusal, unserved
from local_azure.storage.signed_addresses import SignedAddresses
from local_azure.store import Resource

LARGEST_BLOB: Final = 400 * 1024 * 1024
"""What SQLite takes as one value, encrypted and in base64, is somewhat more."""
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
"""Control characters, which the naming rules of blobs exclude: no list in XML could name them.
https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata"""
_BLOB_ACTIONS: Final = f"{CONTAINERS}/blobs"
_DELEGATE: Final = f"{ACCOUNTS}/blobServices/generateUserDelegationKey/action"

RULES: Final = [
    Rule(
        "I10",
        "refusal",
        "A blob that is too large to be put at once is refused: 413 RequestBodyTooLarge. Azure takes "
        "5000 MiB, the local Azure 400.",
        held_by="i10_a_blob_may_be_large_and_only_for_who_may_write_it",
        source="https://learn.microsoft.com/rest/api/storageservices/put-blob",
    ),
]


class BlobData:
    """Every account's containers and block blobs, behind tokens and role assignments."""

    def __init__(self, ground: Ground, blobs: BlobStore, keys: DelegationKeys, services: Services) -> None:
        self._ground = ground
        self._keys = keys
        self._gate = Gate(ground, services, "blob", SignedAddresses(ground, keys))
        self.blobs = blobs

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        account = self._gate.account(request)
        asker = self._gate.asker(account, request)
        version = require_version(request)
        container, _, blob = request.path.lstrip("/").partition("/")
        with self._ground.store.transaction():
            if not container:
                answer = self._account(account, request, asker, version)
            elif not blob:
                answer = self._container(account, container, request, asker)
            else:
                answer = self._blob(account, container, blob, request, asker)
        return in_version(version, answer)

    def takes_blob(self, request: Request) -> bool:
        """Whether the body of a request, of which this sees all else, is a blob that its sender may write.
        Raises Refusal for who may not."""
        container, _, blob = request.path.lstrip("/").partition("/")
        if request.method != "PUT" or not blob or "comp" in request.query:
            return False
        account = self._gate.account(request)
        asker = self._gate.asker(account, request)
        self._gate.require(asker, container_id(account, container), f"{_BLOB_ACTIONS}/write", signed="cw")
        return True

    def _account(self, account: Resource, request: Request, asker: Asker, version: str) -> Response:
        if request.method == "POST" and request.query.get("comp") == "userdelegationkey":
            self._gate.require(asker, account.id, _DELEGATE, data=False)
            return self._keys.answer(account, asker.caller, request, version)
        if request.method != "GET" or request.query.get("comp") != "list":
            raise unserved(request, "the blob service")
        self._gate.require(asker, account.id, f"{CONTAINERS}/read", data=False)
        prefix = request.query.get("prefix", "")
        stored = self._ground.store.list(under=account.id, type=CONTAINERS)
        named = [(one.id.rpartition("/")[2], one.body) for one in stored]
        shown = [(name, body) for name, body in named if name.startswith(prefix)]
        return blob_answers.container_list(request.host, shown, prefix)

    def _container(self, account: Resource, name: str, request: Request, asker: Asker) -> Response:
        id = container_id(account, name)
        match request.method, request.query.get("restype"), request.query.get("comp"):
            case "PUT", "container", None:
                self._gate.require(asker, id, f"{CONTAINERS}/write", data=False)
                return self._create_container(id, name, request)
            case "GET" | "HEAD", "container", None:
                self._gate.require(asker, id, f"{CONTAINERS}/read", data=False)
                body = self._existing_container(id)
                return Response(200, None, {"etag": body["etag"], "last-modified": _modified(body)})
            case "DELETE", "container", None:
                self._gate.require(asker, id, f"{CONTAINERS}/delete", data=False)
                self._existing_container(id)
                self.blobs.forget_container(account_name(account), name)
                self._ground.store.delete(id)
                return Response(202)
            case "GET", "container", "list":
                self._gate.require(asker, id, f"{_BLOB_ACTIONS}/read", signed="l")
                self._existing_container(id)
                prefix, query = request.query.get("prefix", ""), request.query
                deleted = "deleted" in query.get("include", "").split(",")
                every = self.blobs.every(account_name(account), name, deleted=deleted)
                mine = [blob for blob in every if blob.name.startswith(prefix)]
                return blob_answers.blob_list(request.host, name, mine, prefix, query.get("delimiter", ""))
            case _:
                raise unserved(request, "the blob service")

    def _create_container(self, id: str, name: str, request: Request) -> Response:
        try:
            require_container_name(name)
        except Refusal as refused:
            raise invalid_name("container", name) from refused
        if self._ground.store.get(id):
            raise refusal(409, "ContainerAlreadyExists", "The specified container already exists.")
        if "x-ms-blob-public-access" in request.headers:
            text = "Public access is not permitted on this storage account."
            raise refusal(409, "PublicAccessNotPermitted", text)
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat()
        body = container_body(now, {})
        self._ground.store.put(Resource(id, CONTAINERS, body))
        return Response(201, None, {"etag": body["etag"], "last-modified": _modified(body)})

    def _blob(self, account: Resource, container: str, name: str, request: Request, asker: Asker) -> Response:
        id, owner = container_id(account, container), account_name(account)
        match request.method, request.query.get("comp"):
            case "GET" | "HEAD", None:
                self._gate.require(asker, id, f"{_BLOB_ACTIONS}/read", signed="r")
                return _content(self._existing(id, owner, container, name), request)
            case "PUT", None:
                self._gate.require(asker, id, f"{_BLOB_ACTIONS}/write", signed="cw")
                if asker.signed and not asker.signed.allows("w") and self.blobs.find(owner, container, name):
                    text = "This request is not authorized to perform blob overwrites."
                    raise refusal(403, "UnauthorizedBlobOverwrite", text)
                return self._put(id, owner, container, name, request)
            case "PUT", "lease":
                self._gate.require(asker, id, f"{_BLOB_ACTIONS}/write")
                found = self._existing(id, owner, container, name)
                changed, answer = change_lease(found, request, self._ground.clock.now())
                self.blobs.keep(owner, container, changed)
                return answer
            case "PUT", "undelete":
                self._gate.require(asker, id, f"{_BLOB_ACTIONS}/write")
                gone = self.blobs.find(owner, container, name, deleted=True)
                if gone is None:
                    self._existing(id, owner, container, name)
                else:
                    self.blobs.restore(owner, container, gone)
                return Response(200)
            case "DELETE", None:
                self._gate.require(asker, id, f"{_BLOB_ACTIONS}/delete", signed="d")
                found = self._existing(id, owner, container, name)
                require_holder(found, request, self._ground.clock.now())
                self.blobs.delete(owner, container, found, self._kept_days(account))
                return Response(202)
            case _:
                raise unserved(request, "the blob service")

    def _put(self, id: str, account: str, container: str, name: str, request: Request) -> Response:
        if request.headers.get("x-ms-blob-type") != "BlockBlob" or "x-ms-copy-source" in request.headers:
            raise unserved(request, "the blob service")
        self._existing_container(id)
        if _FORBIDDEN.search(name):
            text = "The specified resource name contains invalid characters."
            raise refusal(400, "InvalidResourceName", text)
        before = self.blobs.find(account, container, name)
        if before and request.headers.get("if-none-match") == "*":
            raise refusal(409, "BlobAlreadyExists", "The specified blob already exists.")
        _require_match(before, request)
        require_holder(before, request, self._ground.clock.now())
        content_type = request.headers.get("x-ms-blob-content-type") or "application/octet-stream"
        written = self.blobs.put(account, container, name, request.body, content_type, metadata_of(request))
        return blob_answers.written(written)

    def _existing_container(self, id: str) -> JsonObject:
        found = self._ground.store.get(id)
        if found is None:
            raise refusal(404, "ContainerNotFound", "The specified container does not exist.")
        return found.body

    def _existing(self, id: str, account: str, container: str, name: str) -> Blob:
        self._existing_container(id)
        found = self.blobs.find(account, container, name)
        if found is None:
            raise refusal(404, "BlobNotFound", "The specified blob does not exist.")
        return found

    def _kept_days(self, account: Resource) -> int:
        """Days for which the account's blob service keeps what is deleted."""
        service = self._ground.store.get(f"{account.id}/blobServices/default")
        policy = section(section(service.body if service else None, "properties"), "deleteRetentionPolicy")
        return int(policy["days"]) if policy.get("enabled") else 0


def _content(blob: Blob, request: Request) -> Response:
    """The blob, or the range that was asked for; of a HEAD, the headers alone."""
    _require_match(blob, request)
    headers = blob_answers.blob_headers(blob)
    if request.method == "HEAD":
        return Response(200, None, headers)
    if request.headers.get("if-none-match") == blob.etag:
        return Response(304, None, {"etag": blob.etag})
    return read_answer(blob.content, request, headers, "x-ms-blob-content-md5")


def _require_match(blob: Blob | None, request: Request) -> None:
    """Raises Refusal 412 where the blob is no longer the one that the caller has seen."""
    wanted = request.headers.get("if-match")
    if wanted and (blob is None or wanted not in ("*", blob.etag)):
        text = "The condition specified using HTTP conditional header(s) is not met."
        raise refusal(412, "ConditionNotMet", text)


def _modified(container: JsonObject) -> str:
    when = datetime.fromisoformat(container["properties"]["lastModifiedTime"])
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")
