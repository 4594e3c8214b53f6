"""A small page for people: what exists, where the apps are, and who was let in. It shows no secret and
changes nothing."""

from collections.abc import Iterable, Sequence
from html import escape

from local_azure.azure import Azure
from local_azure.errors import Refusal
from local_azure.http import Request, Response

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
body{color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%;margin-bottom:2rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}
th,td{border-bottom:1px solid #ddd;overflow-wrap:anywhere}
tr.refused td{color:#a80000}
h1{font-size:1.4rem}h2{font-size:1.1rem}
@media (prefers-color-scheme:dark){
body{background:#1b1b1b;color:#eee}th,td{border-color:#444}tr.refused td{color:#ff9b9b}a{color:#8ac7ff}
}
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Portal:
    """The page at the plain loopback address."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def handle(self, request: Request) -> Response:
        """GET `/`. Raises Refusal 404 for any other path."""
        if request.path != "/" or request.method not in ("GET", "HEAD"):
            raise Refusal(404, "NotFound", f"There is no {request.path} here.")
        sections = [
            "<h1>Local Azure</h1><p>A test double on this machine. It refuses what Azure refuses.</p>",
            self._apps(),
            self._resources(),
            self._log(),
        ]
        head = f'<meta charset="utf-8"><title>Local Azure</title><style>{_STYLE}</style>'
        page = f'<!doctype html><html lang="en"><head>{head}</head>'
        return Response(200, f"{page}<body>{''.join(sections)}</body></html>".encode(), _HEADERS)

    def _apps(self) -> str:
        addresses = self._azure.app_service.browser_addresses().items()
        rows = [
            f'<tr><td>{escape(name)}</td><td><a href="{escape(url)}">{escape(url)}</a></td></tr>'
            for name, url in addresses
        ]
        return _table("Apps that run", ["Name", "Address"], rows)

    def _resources(self) -> str:
        # Role definitions are Azure's own; what people made is the rest.
        stored = [one for one in self._azure.store.list() if not one.type.endswith("/roleDefinitions")]
        return _table("Resources", ["Type", "Id"], [_row((one.type, one.id)) for one in stored])

    def _log(self) -> str:
        rows = [
            _row(
                (entry["time"], entry["principal"] or "–", entry["method"], entry["host"] + entry["path"],
                 str(entry["status"]), entry["decision"]),
                "refused" if entry["decision"].startswith("refused") else "",
            )
            for entry in reversed(self._azure.journal.entries(200))
        ]  # fmt: skip
        return _table("The last 200 requests", ["Time", "Who", "Method", "Where", "Status", "Decision"], rows)


def _row(cells: Iterable[str], kind: str = "") -> str:
    return f'<tr class="{kind}">{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'


def _table(title: str, columns: Sequence[str], rows: Sequence[str]) -> str:
    if not rows:
        return f"<h2>{title}</h2><p>None.</p>"
    head = "".join(f"<th>{column}</th>" for column in columns)
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
