"""One comment on a pull request that is kept up to date, over GitHub's REST API.

Sources: https://docs.github.com/rest/issues/comments, https://docs.github.com/rest/pulls/pulls and
https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

import itertools
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Final, Self, cast
from urllib.parse import urlsplit

import httpx

from access_report.mark import Moment, is_of

WORKFLOW: Final = "github-actions[bot]"
"""Who writes with the token of a workflow. No person can have a name in brackets."""
LONGEST_WAIT: Final = 300.0
"""Seconds that one run spends waiting, all in all, for GitHub to let it go on."""
_ATTEMPTS: Final = 4
_BOT: Final = "Bot"
"""https://docs.github.com/rest/users/users: the type of an account that is an app's."""
_LIMITED: Final = (403, 429)
_NOT_THERE: Final = 404
_PASSING: Final = (500, 502, 503, 504)
_NEXT_STEPS: Final[Mapping[int, str]] = {
    401: "GITHUB_TOKEN is no valid token, or it has expired",
    403: "give the job `permissions: pull-requests: write`; a run for a fork's pull request has a token that"
    " only reads, and leaves the comment to a workflow of its own (docs/pull-requests.md)",
    404: "no such repository or pull request, or the token may not see it",
    422: "GitHub does not take this comment",
}


MOST_FILES: Final = 3_000
"""Of a pull request that GitHub lists: https://docs.github.com/rest/pulls/pulls#list-pull-requests-files"""


class GitHubError(Exception):
    """GitHub did not do what was asked; the text says what, its answer, and what to do."""


class NotThereError(GitHubError):
    """GitHub has no such thing, or shows it not to this token."""


@dataclass(frozen=True)
class Files:
    """Paths that a pull request touches. Where they are not all, nothing is known of the others."""

    paths: Sequence[str]
    are_all: bool


@dataclass(frozen=True)
class Pull:
    """A pull request, by what GitHub says of it."""

    number: int
    commit: str
    """Its newest one."""
    base: str
    """The branch that it is to go into."""
    is_trusted: bool
    """Whether it is of the repository itself, and neither opened nor pushed by a bot: then its previews have
    a credential."""


class GitHub:
    """The comments of one repository, as the one who `token` stands for. `author` is that one's login; left
    out, a workflow's own. `address` is that of the API (`GITHUB_API_URL`).
    """

    def __init__(
        self,
        repository: str,
        token: str,
        *,
        address: str = "https://api.github.com",
        author: str = WORKFLOW,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", repository):
            raise GitHubError(f"{repository!r} is no repository; expected owner/name (GITHUB_REPOSITORY)")
        if not token:
            raise GitHubError("no token: GITHUB_TOKEN is empty; in a workflow, give the step github.token")
        self.repository, self.author = repository, author
        self._address, self._pause, self._waited = address.rstrip("/"), pause, 0.0
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._client = httpx.Client(headers=headers, timeout=30, verify=_trusted())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def keep(self, number: int, project: str, moment: Moment, text: str, *, only_update: bool = False) -> str:
        """Make `text`, which begins with the mark of this project and moment, the one comment of its kind on
        pull request `number`: the first that the author wrote for the project is updated, any further one is
        deleted. One that speaks of a later moment is left as it is. With `only_update` none is created.
        Returns what was done: "created", "updated", "unchanged", "older" or "none". Raises GitHubError.
        """
        own = [c for c in self._comments(number) if self._is_own(c) and is_of(project, str(c["body"]))]
        later = (Moment.read(str(comment["body"])) for comment in own)
        if any(other and other.order > moment.order for other in later):
            return "older"
        for further in own[1:]:
            self._ask("DELETE", self._comment(further))
        if not own:
            if only_update:
                return "none"
            self._ask("POST", f"/repos/{self.repository}/issues/{number}/comments", {"body": text})
            return "created"
        if own[0]["body"] == text:
            return "unchanged"
        self._ask("PATCH", self._comment(own[0]), {"body": text})
        return "updated"

    def pull_of_run(self, run: Mapping[str, Any]) -> Pull | None:
        """The open pull request for which a workflow ran, from the event's own `workflow_run`; None when its
        newest commit is another one by now. (`pull_requests` of the event is empty for a fork.)
        """
        try:
            head, branch, commit = run["head_repository"], run["head_branch"], run["head_sha"]
            owner, name = head["owner"]["login"], head["full_name"]
            actor = str(run["actor"]["type"])
        except (KeyError, TypeError) as error:
            raise GitHubError("the event is none of a `workflow_run` for a pull request") from error
        asked = httpx.QueryParams({"head": f"{owner}:{branch}", "per_page": "100", "state": "open"})
        for pull in self._pages(f"/repos/{self.repository}/pulls?{asked}"):
            of: dict[str, Any] = pull["head"]
            repository: dict[str, Any] = of["repo"] or {}  # none when the fork was deleted
            if of["sha"] == commit and repository.get("full_name") == name:
                author: dict[str, Any] = pull["user"] or {}  # none when the account was deleted
                is_trusted = name == self.repository and _BOT not in (actor, author.get("type", _BOT))
                return Pull(int(pull["number"]), str(commit), str(pull["base"]["ref"]), is_trusted)
        return None

    def changed_files(self, number: int) -> Files:
        """What a pull request adds, changes, removes or moves, from where and to where."""
        files = self._pages(f"/repos/{self.repository}/pulls/{number}/files?per_page=100")
        paths = [(file["filename"], file.get("previous_filename")) for file in files]
        return Files([str(path) for pair in paths for path in pair if path], len(paths) < MOST_FILES)

    def file(self, path: str, ref: str) -> str | None:
        """The text of a file at a commit or branch of the repository, also at the newest commit of any of
        its pull requests; None where there is none."""
        where = f"/repos/{self.repository}/contents/{path}?{httpx.QueryParams({'ref': ref})}"
        try:
            return self._ask("GET", where, accept="application/vnd.github.raw+json").text
        except NotThereError:
            return None

    def _is_own(self, comment: Mapping[str, Any]) -> bool:
        user: dict[str, Any] = comment.get("user") or {}  # none when the account was deleted
        return user.get("login") == self.author

    def _comment(self, comment: Mapping[str, Any]) -> str:
        return f"/repos/{self.repository}/issues/comments/{int(comment['id'])}"

    def _comments(self, number: int) -> Iterator[dict[str, Any]]:
        return self._pages(f"/repos/{self.repository}/issues/{number}/comments?per_page=100")

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Everything in a list, however many pages it has."""
        following: str | None = path
        while following:
            answer = self._ask("GET", following)
            yield from cast(list[dict[str, Any]], answer.json())
            following = answer.links.get("next", {}).get("url")

    def _ask(
        self, method: str, path: str, body: Mapping[str, str] | None = None, accept: str = ""
    ) -> httpx.Response:
        url = path if "://" in path else f"{self._address}{path}"
        if urlsplit(url)[:2] != urlsplit(self._address)[:2]:
            raise GitHubError(f"GitHub names {urlsplit(url).netloc} for the next page; the token stays here")
        for attempt in itertools.count(1):
            try:
                headers = {"Accept": accept} if accept else {}
                answer = self._client.request(method, url, json=body, headers=headers)
            except httpx.HTTPError as error:
                raise GitHubError(f"{method} {url}: no answer ({type(error).__name__})") from error
            if answer.is_success:
                return answer
            wait = _wait(answer, attempt, repeatable=method != "POST")
            if wait is None or attempt == _ATTEMPTS or self._waited + wait > LONGEST_WAIT:
                kind = NotThereError if answer.status_code == _NOT_THERE else GitHubError
                raise kind(_words(method, url, answer))
            self._waited += wait
            self._pause(wait)
        raise AssertionError  # the count has no end


@cache
def _trusted() -> ssl.SSLContext:
    """What httpx trusts; to read it takes longer than a question."""
    return httpx.create_ssl_context()


def _wait(answer: httpx.Response, attempt: int, *, repeatable: bool) -> float | None:
    """Seconds after which it is worth asking again; None when it is not. What creates is not repeated after
    an error that leaves open whether it was done.
    """
    if answer.status_code in _LIMITED:
        if (after := answer.headers.get("Retry-After", "")).isdigit():
            return float(after)
        if answer.headers.get("X-RateLimit-Remaining") == "0":
            return max(0.0, float(answer.headers.get("X-RateLimit-Reset", "0")) - time.time()) + 1
        return 60.0 * attempt if "secondary rate limit" in answer.text.lower() else None
    return float(2**attempt) if answer.status_code in _PASSING and repeatable else None


def _words(method: str, url: str, answer: httpx.Response) -> str:
    try:
        said = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        said = answer.reason_phrase
    limited = answer.status_code in _LIMITED and (
        "rate limit" in said.lower() or "Retry-After" in answer.headers
    )
    step = "a limit on requests; run it again later" if limited else _NEXT_STEPS.get(answer.status_code, "")
    return f"{method} {url}: {answer.status_code} {said}" + (f"\n  {step}" if step else "")
