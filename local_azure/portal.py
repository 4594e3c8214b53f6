"""A small page for people: what exists, where the apps are, and who was let in. It shows no secret and
changes nothing."""

from collections.abc import Sequence
from html import escape

from local_azure.arm import ResourceId
from local_azure.azure import Azure
from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.store import Resource

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
body{color:#111827;background:#f5f7fb}
section{background:#fff;border:1px solid #dfe3eb;border-radius:12px}
section{padding:.25rem 1.25rem 1rem;margin:1.25rem 0;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;border-bottom:1px solid #e8ebf1}
th{color:#566076;font-weight:600}tr:last-child td{border-bottom:0}
td{white-space:nowrap}td.wide{white-space:normal;overflow-wrap:anywhere;min-width:18rem}
tr.refused td{color:#a80000}
h1{font-size:1.4rem;margin-bottom:0}h2{font-size:1rem}
@media (prefers-color-scheme:dark){
body{background:#0f1420;color:#e6e9f0}section{background:#171e2e;border-color:#2a3348}th,td{border-color:#2a3348}
th{color:#9aa6bd}tr.refused td{color:#ff9b9b}a{color:#8ac7ff}
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
        metas = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        head = f"{metas}<title>Local Azure</title><style>{_STYLE}</style>"
        page = f'<!doctype html><html lang="en"><head>{head}</head>'
        return Response(200, f"{page}<body>{''.join(sections)}</body></html>".encode(), _HEADERS)

    def _apps(self) -> str:
        addresses = self._azure.services.addresses().items()
        rows = [
            f'<tr><td>{escape(name)}</td><td><a href="{escape(url)}">{escape(url)}</a></td></tr>'
            for name, url in addresses
        ]
        return _table("Apps that run", ["Name", "Address"], rows)

    def _resources(self) -> str:
        stored = self._azure.store.list()
        rows = [_row((one.type, one.id.rpartition("/")[2], _about(one))) for one in stored]
        return _table("Resources", ["Type", "Name", "Where, or what it gives"], rows)

    def _log(self) -> str:
        rows = [
            _row(
                (entry["time"], entry["principal"] or "–", str(entry["status"]), entry["decision"],
                 entry["method"], entry["host"] + entry["path"]),
                "refused" if entry["decision"].startswith("refused") else "",
            )
            for entry in reversed(self._azure.journal.entries(200))
        ]  # fmt: skip
        return _table("The last 200 requests", ["Time", "Who", "Status", "Decision", "Method", "Where"], rows)


def _about(resource: Resource) -> str:
    """A role assignment's sentence, or the place of anything else."""
    description = resource.body.get("properties", {}).get("description")
    return str(description) if description else ResourceId.parse(resource.id).parent


def _row(cells: Sequence[str], kind: str = "") -> str:
    *narrow, wide = (escape(cell) for cell in cells)
    columns = "".join(f"<td>{cell}</td>" for cell in narrow)
    return f'<tr class="{kind}">{columns}<td class="wide">{wide}</td></tr>'


def _table(title: str, columns: Sequence[str], rows: Sequence[str]) -> str:
    if not rows:
        return f"<section><h2>{title}</h2><p>None.</p></section>"
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<section><h2>{title}</h2>{body}</section>"
