"""The page on the plain loopback address where a person enters a code: `/devicelogin`.

It takes the person's password, as Entra does, so that reaching the loopback opens nothing; the password is in
`credentials.json`, which only its owner reads.
"""

from collections.abc import Callable
from html import escape, unescape
from typing import Final
from urllib.parse import parse_qs

from local_azure.constants import DEVELOPER, OFFICER
from local_azure.entra.device_codes import DeviceCodes
from local_azure.entra.directory import Principal
from local_azure.errors import Refusal
from local_azure.http import Request, Response

PATH: Final = "/devicelogin"
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:28rem;padding:0 1rem}"
    "label{display:block;margin:.75rem 0}"
    "input,select,button{font:inherit;display:block;width:100%;padding:.4rem}"
    "@media (prefers-color-scheme:dark){body{background:#0f1420;color:#e6e9f0}}"
)
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_FORM: Final = (
    '<form method="post"><label>Code<input name="code" autocomplete="off" required></label>'
    '<label>Person<select name="username">{people}</select></label>'
    '<label>Password<input name="password" type="password" required></label><button>Sign in</button></form>'
    "<p>Or in a terminal: <code>python -m local_azure sign-in CODE --state FOLDER --person officer</code></p>"
)


class DevicePage:
    """`authenticate` says whose name and password these are, None for a wrong password."""

    def __init__(self, codes: DeviceCodes, authenticate: Callable[[str, str], Principal | None]) -> None:
        self._codes = codes
        self._authenticate = authenticate

    def handle(self, request: Request) -> Response:
        """GET the form, POST what was entered. Raises Refusal 404 for anything else."""
        if request.path.rstrip("/") != PATH or request.method not in ("GET", "POST"):
            raise Refusal(404, "NotFound", f"There is no {request.path} here.")
        if request.method == "GET":
            people = "".join(f"<option>{escape(one.name)}</option>" for one in (OFFICER, DEVELOPER))
            return _page(200, _FORM.format(people=people))
        fields = parse_qs(request.body.decode(errors="replace"))
        form = {key: values[-1] for key, values in fields.items()}
        person = self._authenticate(form.get("username", ""), form.get("password", ""))
        if person is None:
            return _page(401, "<p>The name or the password is wrong; nobody was signed in.</p>")
        if not self._codes.enter(form.get("code", ""), person):
            return _page(400, "<p>No program waits with this code, or not any more.</p>")
        return _page(200, f"<p>{escape(person.name)} is signed in where the code was shown.</p>")


def answer_of(page: str) -> str:
    """What a page that answers says, without its markup."""
    return unescape(page.partition("<p>")[2].partition("</p>")[0])


def _page(status: int, content: str) -> Response:
    head = f'<meta charset="utf-8"><title>Sign in to the local Azure</title><style>{_STYLE}</style>'
    body = f"<h1>Sign in to the local Azure</h1>{content}"
    html = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    return Response(status, html.encode(), _HEADERS)
