"""The page for people: why somebody was refused, what exists, who may do what, who asked for what. It
shows no secret and changes nothing."""

from pathlib import Path
from typing import Final

from local_azure.azure import Azure
from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.page.grants import grants
from local_azure.page.markup import section, text
from local_azure.page.refusals import last_refusal
from local_azure.page.requests import SHOWN, by_caller
from local_azure.page.tree import resources

_STYLE: Final = (Path(__file__).parent / "page" / "style.css").read_text(encoding="utf-8")
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_HEAD: Final = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    f"<title>Local Azure</title><style>{_STYLE}</style>"
)
_TITLE: Final = (
    "<h1>Local Azure</h1><p>Stands in for Azure on this machine, and refuses what Azure refuses.</p>"
)


class Portal:
    """The page at the plain loopback address."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def handle(self, request: Request) -> Response:
        """GET `/`. Raises Refusal 404 for any other path."""
        if request.path != "/" or request.method not in ("GET", "HEAD"):
            raise Refusal(404, "NotFound", f"There is no {request.path} here.")
        parts = (
            _TITLE,
            self._apps(),
            last_refusal(self._azure),
            resources(self._azure.store.list()),
            grants(self._azure),
            by_caller(self._azure.journal.entries(SHOWN)),
        )
        page = f'<!doctype html><html lang="en"><head>{_HEAD}</head><body>{"".join(parts)}</body></html>'
        return Response(200, page.encode(), _HEADERS)

    def _apps(self) -> str:
        running = self._azure.services.addresses().items()
        if not running:
            return ""
        rows = "".join(
            f'<li>{text(name)}: <a href="{text(url)}">{text(url)}</a></li>' for name, url in running
        )
        return section("Apps that run", f"<ul>{rows}</ul>", "apps")
