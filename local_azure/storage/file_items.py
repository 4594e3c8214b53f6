"""Files and directories as the file service is asked for them: made, read, written in ranges, deleted.

https://learn.microsoft.com/rest/api/storageservices/operations-on-files
"""

import re
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.storage import file_answers
from local_azure.storage.account_names import FILES
from local_azure.storage.file_store import FileStore, Item
from local_azure.storage.gate import Way
from local_azure.storage.metadata import metadata_of
from local_azure.storage.queries import page, whole_number
from local_azure.storage.ranges import asked_range, read_answer
from local_azure.storage.refusals import refusal, unserved

LARGEST_FILE: Final = 64 * 1024 * 1024
"""Bytes of a file. Azure takes 4 TiB; here each write writes all of it."""
_SERVICE: Final = "the file service"
_MOST: Final = 5000
_NUMBER: Final = re.compile(r"[0-9]{1,19}")
_FORBIDDEN: Final = re.compile(r'["\\:|<>*?\x00-\x1f]')
_READ: Final[Way] = (f"{FILES}/fileshares/files/read", f"{FILES}/readFileBackupSemantics/action")
_WRITE: Final[Way] = (f"{FILES}/fileshares/files/write", f"{FILES}/writeFileBackupSemantics/action")

RULES: Final = [
    Rule(
        "I16",
        "refusal",
        "By REST and a token, files are read by a Privileged Reader and written by a Privileged Contributor, "
        "on the share or above; the SMB roles lack backup semantics and open nothing: 403 "
        "AuthorizationPermissionMismatch.",
        held_by="i16_each_role_does_what_its_data_actions_say_and_nothing_else",
        source="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory",
    ),
    Rule(
        "I16",
        "refusal",
        "A directory with something in it is not deleted: 409 DirectoryNotEmpty; what is in none that exists "
        "is not made: 404 ParentNotFound.",
        held_by="i16_directories_are_made_from_the_top_and_deleted_empty",
        source="https://learn.microsoft.com/rest/api/storageservices/file-service-error-codes",
    ),
]


def required_ways(request: Request) -> tuple[Way, ...]:
    """The actions of which one way is enough. Deletions are writes here."""
    return (_READ,) if request.method in ("GET", "HEAD") else (_WRITE,)


class FileItems:
    """What is in shares that there are, for somebody who may."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    def answer(self, account: str, share: str, path: str, request: Request) -> Response:
        """One request below a share, or to its root, whose path is empty. Raises Refusal."""
        if _FORBIDDEN.search(path):
            text = "The specified resource name contains invalid characters."
            raise refusal(400, "InvalidResourceName", text)
        if request.query.get("restype") == "directory":
            return self._directory(account, share, path, request)
        return self._file(account, share, path, request)

    def _directory(self, account: str, share: str, path: str, request: Request) -> Response:
        match request.method, request.query.get("comp"):
            case "PUT", None if path:
                self._require_parent(account, share, path)
                if self._files.find(account, share, path):
                    raise refusal(409, "ResourceAlreadyExists", "The specified resource already exists.")
                made = self._files.make(account, share, path, None)
                changed = self._files.change(account, share, made, metadata=metadata_of(request))
                return file_answers.written(changed, 201)
            case "GET" | "HEAD", None | "metadata":
                return Response(200, None, file_answers.item_headers(self._found(account, share, path, None)))
            case "PUT", "metadata" if path:
                found = self._found(account, share, path, None)
                changed = self._files.change(account, share, found, metadata=metadata_of(request))
                return file_answers.written(changed, 200)
            case "GET", "list":
                return self._list(account, share, path, request)
            case "DELETE", None if path:
                found = self._found(account, share, path, None)
                if self._files.below(account, share, path):
                    raise refusal(409, "DirectoryNotEmpty", "The specified directory is not empty.")
                self._files.delete(account, share, found)
                return Response(202)
            case _:
                raise unserved(request, _SERVICE)

    def _list(self, account: str, share: str, path: str, request: Request) -> Response:
        found, query = self._found(account, share, path, None), request.query
        items = {one.name: one for one in self._files.below(account, share, path)}
        most = whole_number(query, "maxresults", _MOST, lowest=1, highest=_MOST)
        names, after = page(sorted(items), query.get("prefix", ""), query.get("marker", ""), most)
        shown = [items[name] for name in names]
        return file_answers.item_list(request.host, share, found.path, shown, query, after)

    def _file(self, account: str, share: str, path: str, request: Request) -> Response:
        match request.method, request.query.get("comp"):
            case "PUT", None:
                return self._create(account, share, path, request)
            case "GET", None:
                item = self._found(account, share, path, b"")
                headers = {**file_answers.item_headers(item), "accept-ranges": "bytes"}
                return read_answer(item.content or b"", request, headers, "x-ms-content-md5")
            case "HEAD", None | "metadata":
                return Response(200, None, file_answers.item_headers(self._found(account, share, path, b"")))
            case "PUT", "range":
                return self._write(account, share, self._found(account, share, path, b""), request)
            case "PUT", "properties":
                return self._resize(account, share, self._found(account, share, path, b""), request)
            case "PUT", "metadata":
                found = self._found(account, share, path, b"")
                changed = self._files.change(account, share, found, metadata=metadata_of(request))
                return file_answers.written(changed, 200)
            case "DELETE", None:
                self._files.delete(account, share, self._found(account, share, path, b""))
                return Response(202)
            case _:
                raise unserved(request, _SERVICE)

    def _create(self, account: str, share: str, path: str, request: Request) -> Response:
        if request.headers.get("x-ms-type", "").lower() != "file" or "x-ms-copy-source" in request.headers:
            raise unserved(request, _SERVICE)
        self._require_parent(account, share, path)
        known = self._files.find(account, share, path)
        if known is not None and known.content is None:
            raise _mismatch()
        size = _size(request, None)
        made = self._files.make(account, share, path, bytes(size), _content_type(request) or "")
        return file_answers.written(
            self._files.change(account, share, made, metadata=metadata_of(request)), 201
        )

    def _write(self, account: str, share: str, item: Item, request: Request) -> Response:
        """A range of a file written, or cleared."""
        asked, content = asked_range(request), bytearray(item.content or b"")
        clears = request.headers.get("x-ms-write", "").lower() == "clear"
        if asked is None or asked[1] is None or not asked[0] <= asked[1] < len(content):
            text = "The range specified is invalid for the current size of the resource."
            raise refusal(416, "InvalidRange", text)
        length = asked[1] - asked[0] + 1
        if not clears and len(request.body) != length:
            raise refusal(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not correct.")
        content[asked[0] : asked[1] + 1] = bytes(length) if clears else request.body
        return file_answers.written(self._files.change(account, share, item, content=bytes(content)), 201)

    def _resize(self, account: str, share: str, item: Item, request: Request) -> Response:
        old = item.content or b""
        size = _size(request, len(old))
        content = old[:size] + bytes(max(0, size - len(old)))
        changed = self._files.change(
            account, share, item, content=content, content_type=_content_type(request)
        )
        return file_answers.written(changed, 200)

    def _found(self, account: str, share: str, path: str, kind: bytes | None) -> Item:
        """What is there, which is to be a file or, where `kind` is None, a directory."""
        if not path:
            return Item("", None, "", 0, 0, id="0")
        found = self._files.find(account, share, path)
        if found is None:
            raise refusal(404, "ResourceNotFound", "The specified resource does not exist.")
        if (found.content is None) != (kind is None):
            raise _mismatch()
        return found

    def _require_parent(self, account: str, share: str, path: str) -> None:
        parent = path.rpartition("/")[0]
        known = self._files.find(account, share, parent) if parent else None
        if parent and (known is None or known.content is not None):
            raise refusal(404, "ParentNotFound", "The specified parent path does not exist.")


def _mismatch() -> Refusal:
    text = "The specified resource type does not match the type of the existing resource."
    return refusal(409, "ResourceTypeMismatch", text)


def _content_type(request: Request) -> str | None:
    return request.headers.get("x-ms-content-type")


def _size(request: Request, default: int | None) -> int:
    """How long a file is to be. Raises Refusal 400, and 501 for more than is served here."""
    given = request.headers.get("x-ms-content-length", "" if default is None else str(default))
    if not _NUMBER.fullmatch(given):
        text = "An HTTP header that's mandatory for this request is not specified: x-ms-content-length."
        raise refusal(400, "MissingRequiredHeader", text)
    if int(given) > LARGEST_FILE:
        text = f"The local Azure keeps files of at most {LARGEST_FILE} bytes, where Azure takes 4 TiB."
        raise refusal(501, "NotImplemented", text)
    return int(given)
