"""Blob storage's data plane: `<account>.blob.core.windows.net`.

https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
"""

import re
from datetime import UTC, datetime
from typing import Final

from local_azure.bodies import section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage import account_names, blob_answers
from local_azure.storage.account_names import BLOBS, CONTAINERS, account_name, container_id
from local_azure.storage.account_services import container_body, require_container_name
from local_azure.storage.blob_access import authenticate, require
from local_azure.storage.blob_store import Blob, BlobStore
from local_azure.storage.firewall import require_path
from local_azure.store import Resource

LARGEST_BLOB: Final = 400 * 1024 * 1024
"""What SQLite takes as one value, encrypted and in base64, is somewhat more."""
_BLOB_ACTIONS: Final = f"{CONTAINERS}/blobs"

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

    def __init__(self, ground: Ground, blobs: BlobStore, services: Services) -> None:
        self._ground = ground
        self._services = services
        self.blobs = blobs

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        account = account_names.find(self._ground.store, request.host.removesuffix(BLOBS))
        if account is None:
            raise _refusal(404, "ResourceNotFound", f"There is no storage account behind {request.host}.")
        caller = self._caller(account, request)
        version = request.headers.get("x-ms-version", "")
        if not re.fullmatch(r"20\d\d-\d\d-\d\d", version) or version < "2017-11-09":
            text = "An HTTP header that's mandatory for this request, x-ms-version, is missing or too old."
            raise _refusal(400, "MissingRequiredHeader", text)
        container, _, blob = request.path.lstrip("/").partition("/")
        with self._ground.store.transaction():
            if not container:
                answer = self._account(account, request, caller)
            elif not blob:
                answer = self._container(account, container, request, caller)
            else:
                answer = self._blob(account, container, blob, request, caller)
        return Response(answer.status, answer.body, {"x-ms-version": version, **answer.headers})

    def takes_blob(self, request: Request) -> bool:
        """Whether the body of a request, of which this sees all else, is a blob that its sender may write.
        Raises Refusal for who may not."""
        account = account_names.find(self._ground.store, request.host.removesuffix(BLOBS))
        container, _, blob = request.path.lstrip("/").partition("/")
        if account is None or request.method != "PUT" or not blob or "comp" in request.query:
            return False
        caller = self._caller(account, request)
        require(self._ground.authorizer, caller, f"{_BLOB_ACTIONS}/write", container_id(account, container))
        return True

    def _caller(self, account: Resource, request: Request) -> Caller | None:
        """Who asks, from a place that the account answers. The place is looked at first, and only a token
        tells whose it is.
        """
        try:
            caller = authenticate(self._ground.store, self._ground.entra, account, request)
        except Refusal:
            require_path(self._ground.store, account, "blob", [Origin(address=PERSON_ADDRESS)])
            raise
        anywhere = [Origin(address=PERSON_ADDRESS)]  # a key says nothing of who has it
        origins = self._services.origins(caller.principal.object_id) if caller else anywhere
        require_path(self._ground.store, account, "blob", origins)
        return caller

    def _account(self, account: Resource, request: Request, caller: Caller | None) -> Response:
        if request.method != "GET" or request.query.get("comp") != "list":
            raise _unserved(request)
        require(self._ground.authorizer, caller, f"{CONTAINERS}/read", account.id, data=False)
        prefix = request.query.get("prefix", "")
        stored = self._ground.store.list(under=account.id, type=CONTAINERS)
        named = [(one.id.rpartition("/")[2], one.body) for one in stored]
        shown = [(name, body) for name, body in named if name.startswith(prefix)]
        return blob_answers.container_list(request.host, shown, prefix)

    def _container(self, account: Resource, name: str, request: Request, caller: Caller | None) -> Response:
        id = container_id(account, name)
        match request.method, request.query.get("restype"), request.query.get("comp"):
            case "PUT", "container", None:
                require(self._ground.authorizer, caller, f"{CONTAINERS}/write", id, data=False)
                return self._create_container(id, name, request)
            case "GET" | "HEAD", "container", None:
                require(self._ground.authorizer, caller, f"{CONTAINERS}/read", id, data=False)
                body = self._existing_container(id)
                return Response(200, None, {"etag": body["etag"], "last-modified": _modified(body)})
            case "DELETE", "container", None:
                require(self._ground.authorizer, caller, f"{CONTAINERS}/delete", id, data=False)
                self._existing_container(id)
                self.blobs.forget_container(account_name(account), name)
                self._ground.store.delete(id)
                return Response(202)
            case "GET", "container", "list":
                require(self._ground.authorizer, caller, f"{_BLOB_ACTIONS}/read", id)
                self._existing_container(id)
                prefix, query = request.query.get("prefix", ""), request.query
                deleted = "deleted" in query.get("include", "").split(",")
                every = self.blobs.every(account_name(account), name, deleted=deleted)
                mine = [blob for blob in every if blob.name.startswith(prefix)]
                return blob_answers.blob_list(request.host, name, mine, prefix, query.get("delimiter", ""))
            case _:
                raise _unserved(request)

    def _create_container(self, id: str, name: str, request: Request) -> Response:
        try:
            require_container_name(name)
        except Refusal as refused:
            raise _refusal(400, "InvalidResourceName", refused.message) from refused
        if self._ground.store.get(id):
            raise _refusal(409, "ContainerAlreadyExists", "The specified container already exists.")
        if "x-ms-blob-public-access" in request.headers:
            text = "Public access is not permitted on this storage account."
            raise _refusal(409, "PublicAccessNotPermitted", text)
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat()
        body = container_body(now, {})
        self._ground.store.put(Resource(id, CONTAINERS, body))
        return Response(201, None, {"etag": body["etag"], "last-modified": _modified(body)})

    def _blob(
        self, account: Resource, container: str, name: str, request: Request, caller: Caller | None
    ) -> Response:
        id, owner = container_id(account, container), account_name(account)
        match request.method, request.query.get("comp"):
            case "GET" | "HEAD", None:
                require(self._ground.authorizer, caller, f"{_BLOB_ACTIONS}/read", id)
                return _content(self._existing(id, owner, container, name), request)
            case "PUT", None:
                require(self._ground.authorizer, caller, f"{_BLOB_ACTIONS}/write", id)
                return self._put(id, owner, container, name, request)
            case "PUT", "undelete":
                require(self._ground.authorizer, caller, f"{_BLOB_ACTIONS}/write", id)
                gone = self.blobs.find(owner, container, name, deleted=True)
                if gone is None:
                    self._existing(id, owner, container, name)
                else:
                    self.blobs.restore(owner, container, gone)
                return Response(200)
            case "DELETE", None:
                require(self._ground.authorizer, caller, f"{_BLOB_ACTIONS}/delete", id)
                found = self._existing(id, owner, container, name)
                self.blobs.delete(owner, container, found, self._kept_days(account))
                return Response(202)
            case _:
                raise _unserved(request)

    def _put(self, id: str, account: str, container: str, name: str, request: Request) -> Response:
        if request.headers.get("x-ms-blob-type") != "BlockBlob" or "x-ms-copy-source" in request.headers:
            raise _unserved(request)
        self._existing_container(id)
        before = self.blobs.find(account, container, name)
        if before and request.headers.get("if-none-match") == "*":
            raise _refusal(409, "BlobAlreadyExists", "The specified blob already exists.")
        _require_match(before, request)
        content_type = request.headers.get("x-ms-blob-content-type") or "application/octet-stream"
        return blob_answers.written(self.blobs.put(account, container, name, request.body, content_type))

    def _existing_container(self, id: str) -> JsonObject:
        found = self._ground.store.get(id)
        if found is None:
            raise _refusal(404, "ContainerNotFound", "The specified container does not exist.")
        return found.body

    def _existing(self, id: str, account: str, container: str, name: str) -> Blob:
        self._existing_container(id)
        found = self.blobs.find(account, container, name)
        if found is None:
            raise _refusal(404, "BlobNotFound", "The specified blob does not exist.")
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
    wanted = request.headers.get("x-ms-range") or request.headers.get("range")
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted or "")
    if asked is None:
        return Response(200, blob.content, headers)
    first, last = int(asked[1]), min(int(asked[2] or len(blob.content)), len(blob.content) - 1)
    if first > last:
        text = "The range specified is invalid for the current size of the resource."
        raise Refusal(416, "InvalidRange", text, "storage")
    part = blob.content[first : last + 1]
    whole = headers.pop("content-md5")
    headers |= {
        "content-length": str(len(part)),
        "content-range": f"bytes {first}-{last}/{len(blob.content)}",
        "x-ms-blob-content-md5": whole,
    }
    return Response(206, part, headers)


def _require_match(blob: Blob | None, request: Request) -> None:
    """Raises Refusal 412 where the blob is no longer the one that the caller has seen."""
    wanted = request.headers.get("if-match")
    if wanted and (blob is None or wanted not in ("*", blob.etag)):
        text = "The condition specified using HTTP conditional header(s) is not met."
        raise _refusal(412, "ConditionNotMet", text)


def _modified(container: JsonObject) -> str:
    when = datetime.fromisoformat(container["properties"]["lastModifiedTime"])
    return when.strftime("%a, %d %b %Y %H:%M:%S GMT")


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, code, message, "storage")


def _unserved(request: Request) -> Refusal:
    """What Azure has and the local Azure has not: blocks, leases, tags, snapshots, other kinds of blobs."""
    text = f"The local Azure does not serve this {request.method} of the blob service."
    return _refusal(501, "NotImplemented", text)
