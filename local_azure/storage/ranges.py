"""A range of what is read, as the blob and the file service answer it.

https://learn.microsoft.com/rest/api/storageservices/specifying-the-range-header-for-blob-service-operations
"""

import re
from collections.abc import Mapping
from typing import Final

from local_azure.http import Request, Response
from local_azure.storage.refusals import refusal

_RANGE: Final = re.compile(r"bytes=([0-9]{1,19})-([0-9]{0,19})")


def asked_range(request: Request) -> tuple[int, int | None] | None:
    """The first byte that is asked for and the last, if that is said; None for all."""
    wanted = request.headers.get("x-ms-range") or request.headers.get("range")
    asked = _RANGE.fullmatch(wanted or "")
    return (int(asked[1]), int(asked[2]) if asked[2] else None) if asked else None


def read_answer(content: bytes, request: Request, headers: Mapping[str, str], hash_header: str) -> Response:
    """The content, or the range that is asked for; then the hash of all of it is called `hash_header`.
    Raises Refusal 416 for a range behind the end."""
    asked = asked_range(request)
    if asked is None:
        return Response(200, content, headers)
    first = asked[0]
    last = min(len(content) - 1 if asked[1] is None else asked[1], len(content) - 1)
    if first > last:
        text = "The range specified is invalid for the current size of the resource."
        raise refusal(416, "InvalidRange", text)
    part = content[first : last + 1]
    shown = {**headers, "content-length": str(len(part))}
    shown |= {"content-range": f"bytes {first}-{last}/{len(content)}"}
    if whole := shown.pop("content-md5", None):
        shown[hash_header] = whole
    return Response(206, part, shown)
