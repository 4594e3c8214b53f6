"""What App Service itself shows where no app answers."""

from html import escape

from local_azure.app_service.not_started import NotStartedError
from local_azure.http import Response

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""


def site_page(
    exists: bool, deployed: bool, not_started: NotStartedError | None, *, stopped: bool = False
) -> Response:
    """404 for a name that no site has, 403 for a site that is stopped, 200 until code is deployed, 503 while
    an app starts or when it ended, and why App Service does not start it."""
    if not exists:
        return _page(404, "404 Web Site not found", "No web app has this name.")
    if stopped:
        return _page(403, "Error 403 - This web app is stopped.", "It was stopped; start it to reach it.")
    if not_started:
        return _page(not_started.status, "Application Error", escape(str(not_started)))
    if not deployed:
        return _page(
            200, "Your web app is running", "It waits for its content: no code has been deployed yet."
        )
    return _page(
        503,
        "503 Service Unavailable",
        "The app is starting, or it ended; its log says more.",
        {"Retry-After": "1"},
    )


def _page(status: int, title: str, text: str, headers: dict[str, str] | None = None) -> Response:
    body = _PAGE.format(title=title, text=text).encode()
    return Response(status, body, {"Content-Type": "text/html; charset=utf-8", **(headers or {})})
