"""As much of GitHub's REST API as a comment needs, on a port of this machine: pages with `Link` headers, the
authors of comments, tokens that may not, and limits on requests.
"""

import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "octo/keyless"
TOKEN = "a-token-of-the-test"
PAGE = 30
"""Comments on a page at most, fewer than are asked for: GitHub may do that."""

Answer = tuple[int, dict[str, str], Any]


@dataclass
class GitHubServer:
    """What it holds, what is asked of it, and what it answers instead of the truth, once each."""

    comments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    pulls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    files: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """Text by path and ref."""
    changed: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    author: str = "github-actions[bot]"
    may_write: bool = True
    asked: list[str] = field(default_factory=list[str])
    refusals: list[Answer] = field(default_factory=list[Answer])
    next_host: str = ""
    address: str = ""

    def comment(self, login: str, body: str) -> int:
        id = len(self.comments) + 1000
        self.comments.append({"id": id, "user": {"login": login}, "body": body})
        return id

    def by(self, login: str) -> list[str]:
        return [comment["body"] for comment in self.comments if comment["user"]["login"] == login]

    def answer(self, method: str, target: str, token: str, body: dict[str, str]) -> Answer:
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        self.asked.append(f"{method} {path}")
        if self.refusals:
            return self.refusals.pop(0)
        if token != f"Bearer {TOKEN}":
            return 401, {}, {"message": "Bad credentials"}
        if method != "GET" and not self.may_write:
            return 403, {}, {"message": "Resource not accessible by integration"}
        if path == f"/repos/{REPOSITORY}/pulls":
            owner, _, branch = query["head"][0].partition(":")
            wanted = [
                p for p in self.pulls if (p["head"]["user"]["login"], p["head"]["ref"]) == (owner, branch)
            ]
            return self._page(path, query, [p for p in wanted if p["state"] == query["state"][0]])
        if path == f"/repos/{REPOSITORY}/pulls/7/files":
            return self._page(path, query, self.changed)
        if found := re.fullmatch(rf"/repos/{REPOSITORY}/contents/(.+)", path):
            text = self.files.get((found[1], query["ref"][0]))
            return (404, {}, {"message": "Not Found"}) if text is None else (200, {}, text.encode())
        if path == f"/repos/{REPOSITORY}/issues/7/comments":
            if method == "GET":
                return self._page(path, query, self.comments)
            self.comment(self.author, body["body"])
            return 201, {}, self.comments[-1]
        if found := re.fullmatch(rf"/repos/{REPOSITORY}/issues/comments/(\d+)", path):
            return self._one(method, int(found[1]), body)
        return 404, {}, {"message": "Not Found"}

    def _one(self, method: str, id: int, body: dict[str, str]) -> Answer:
        comment = next(comment for comment in self.comments if comment["id"] == id)
        if comment["user"]["login"] != self.author:
            return 403, {}, {"message": "Must have admin rights to Repository."}
        if method == "DELETE":
            self.comments.remove(comment)
            return 204, {}, None
        comment["body"] = body["body"]
        return 200, {}, comment

    def _page(self, path: str, query: dict[str, list[str]], found: list[dict[str, Any]]) -> Answer:
        size, number = min(int(query["per_page"][0]), PAGE), int(query.get("page", ["1"])[0])
        headers: dict[str, str] = {}
        if number * size < len(found):
            kept = "&".join(f"{key}={values[0]}" for key, values in query.items() if key != "page")
            address = f"{self.next_host or self.address}{path}?{kept}&page={number + 1}"
            headers["Link"] = f'<{address}>; rel="next", <{self.address}{path}?page=99>; rel="last"'
        return 200, headers, found[(number - 1) * size : number * size]


@contextmanager
def github_server() -> Generator[GitHubServer]:
    """Served as long as the block runs."""
    github = GitHubServer()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            given = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            token = self.headers.get("Authorization", "")
            status, headers, body = github.answer(
                self.command, self.path, token, json.loads(given) if given else {}
            )
            content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for key, value in (headers | {"Content-Length": str(len(content))}).items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    github.address = f"http://127.0.0.1:{server.server_port}"
    # Asked to end, it looks up after so many seconds: half a second unless told otherwise.
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
