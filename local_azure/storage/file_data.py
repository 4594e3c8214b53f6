"""File storage's data plane for REST: `<account>.file.core.windows.net`. SMB is not spoken here.

https://learn.microsoft.com/rest/api/storageservices/file-service-rest-api
"""

from datetime import UTC, datetime
from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage import file_answers
from local_azure.storage.account_names import SHARES, account_name, is_dashed_name, share_id, share_scope
from local_azure.storage.file_items import FileItems, required_ways
from local_azure.storage.file_store import FileStore
from local_azure.storage.gate import Asker, Gate, in_version, require_version
from local_azure.storage.metadata import metadata_of
from local_azure.storage.queries import page, whole_number
from local_azure.storage.refusals import invalid_name, refusal, unserved
from local_azure.storage.shares import share_body
from local_azure.store import Resource

LARGEST_RANGE: Final = 4 * 1024 * 1024
"""Bytes of one write into a file."""
_INTENT: Final = "x-ms-file-request-intent"
_SERVICE: Final = "the file service"
_MOST: Final = 5000

RULES: Final = [
    Rule(
        "I16",
        "refusal",
        "A request with a token says that it means to read or write as for a backup, in the header "
        "x-ms-file-request-intent: 400 MissingRequiredHeader without it.",
        held_by="i16_a_request_with_a_token_says_its_intent",
        source="https://learn.microsoft.com/azure/storage/files/authorize-oauth-rest",
    ),
    Rule(
        "I16",
        "behaviour",
        "Shares are made, read, listed and deleted with Resource Manager's actions, which no data role has.",
        held_by="i16_a_role_on_files_makes_no_share",
        source="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory",
    ),
]


class FileData:
    """Every account's shares, behind tokens and role assignments."""

    def __init__(self, ground: Ground, files: FileStore, services: Services) -> None:
        self._ground = ground
        self._files = files
        self._items = FileItems(files)
        self._gate = Gate(ground, services, "file")

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        account = self._gate.account(request)
        asker = self._asker(account, request)
        version = require_version(request)
        share, _, path = request.path.lstrip("/").partition("/")
        with self._ground.store.transaction():
            if not share:
                answer = self._list(account, request, asker)
            elif request.query.get("restype") == "share":
                answer = self._share(account, share, request, asker)
            else:
                ways = required_ways(request)
                self._gate.require(asker, share_scope(account, share), *ways)
                self._existing(share_id(account, share))
                answer = self._items.answer(account_name(account), share, path.strip("/"), request)
        return in_version(version, answer)

    def takes_range(self, request: Request) -> bool:
        """Whether the body of a request, of which this sees all else, is a part of a file that its sender may
        write. Raises Refusal for who may not."""
        share, _, path = request.path.lstrip("/").partition("/")
        if request.method != "PUT" or not path or request.query.get("comp") != "range":
            return False
        account = self._gate.account(request)
        asker = self._asker(account, request)
        self._gate.require(asker, share_scope(account, share), *required_ways(request))
        return True

    def _asker(self, account: Resource, request: Request) -> Asker:
        asker = self._gate.asker(account, request)
        if asker.caller is not None and request.headers.get(_INTENT, "").lower() != "backup":
            text = f"An HTTP header that's mandatory for this request is not specified: {_INTENT}."
            raise refusal(400, "MissingRequiredHeader", text)
        return asker

    def _list(self, account: Resource, request: Request, asker: Asker) -> Response:
        query = request.query
        if request.method != "GET" or query.get("comp") != "list" or "restype" in query:
            raise unserved(request, _SERVICE)
        self._gate.require(asker, account.id, f"{SHARES}/read", data=False)
        stored = self._ground.store.list(under=account.id, type=SHARES)
        named = {one.id.rpartition("/")[2]: one.body for one in stored}
        most = whole_number(query, "maxresults", _MOST, lowest=1, highest=_MOST)
        names, after = page(sorted(named), query.get("prefix", ""), query.get("marker", ""), most)
        return file_answers.share_list(request.host, [(one, named[one]) for one in names], query, after)

    def _share(self, account: Resource, name: str, request: Request, asker: Asker) -> Response:
        id = share_id(account, name)
        match request.method, request.query.get("comp"):
            case "PUT", None:
                self._gate.require(asker, id, f"{SHARES}/write", data=False)
                return self._create(id, name, request)
            case "GET" | "HEAD", None | "metadata":
                self._gate.require(asker, id, f"{SHARES}/read", data=False)
                return Response(200, None, file_answers.share_headers(self._existing(id)))
            case "PUT", "metadata" | "properties":
                self._gate.require(asker, id, f"{SHARES}/write", data=False)
                known = self._existing(id)["properties"]
                said = {"metadata": metadata_of(request)} if "metadata" in request.query["comp"] else {}
                return self._written(id, {**known, **_quota(request), **said}, 200)
            case "DELETE", None:
                self._gate.require(asker, id, f"{SHARES}/delete", data=False)
                self._existing(id)
                self._files.clear(account_name(account), name)
                self._ground.store.delete(id)
                return Response(202)
            case _:
                raise unserved(request, _SERVICE)

    def _create(self, id: str, name: str, request: Request) -> Response:
        if not is_dashed_name(name):
            raise invalid_name("share", name)
        if self._ground.store.get(id):
            raise refusal(409, "ShareAlreadyExists", "The specified share already exists.")
        return self._written(id, {**_quota(request), "metadata": metadata_of(request)}, 201)

    def _written(self, id: str, properties: JsonObject, status: int) -> Response:
        body = share_body(datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat(), properties)
        self._ground.store.put(Resource(id, SHARES, body))
        headers = file_answers.share_headers(body)
        return Response(status, None, {key: headers[key] for key in ("etag", "last-modified")})

    def _existing(self, id: str) -> JsonObject:
        found = self._ground.store.get(id)
        if found is None:
            raise refusal(404, "ShareNotFound", "The specified share does not exist.")
        return found.body


def _quota(request: Request) -> JsonObject:
    if "x-ms-share-quota" not in request.headers:
        return {}
    given = {"shareQuota": request.headers["x-ms-share-quota"]}
    return {"shareQuota": whole_number(given, "shareQuota", 1, lowest=1, highest=102_400)}
