"""Requests that a page in a browser sends without its reader's doing: none of them is answered.

A browser says in `Origin` which page sends, and in `Host` which name it looked up, also when somebody made
that name lead to the loopback. https://fetch.spec.whatwg.org/#origin-header
"""

from collections.abc import Collection

from local_azure.errors import Refusal
from local_azure.http import Request


def require_no_foreign_page(request: Request, authorities: Collection[str], *, scheme: str) -> None:
    """Raises Refusal unless the request names one of `authorities` (`127.0.0.1:1234`) as its host: 404; and
    no page of any other origin sent it: 403."""
    named = request.headers.get("host", "").lower()
    if named not in authorities:
        raise Refusal(404, "NotFound", f"Nothing answers for {named or 'a request without a host'}.")
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() not in {f"{scheme}://{one}" for one in authorities}:
        raise Refusal(403, "Forbidden", f"A page of {origin} does not reach this.")
