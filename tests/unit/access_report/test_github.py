"""One comment for each stack on a pull request, kept up to date."""

from collections.abc import Iterator
from typing import Any

import pytest

from access_report.github import GitHub, GitHubError
from access_report.markdown import marker
from tests.unit.access_report.github_server import PAGE, REPOSITORY, TOKEN, GitHubServer, github_server

MARK = marker("keyless/dev")
RUN: dict[str, Any] = {
    "head_repository": {"full_name": "stranger/keyless", "owner": {"login": "stranger"}},
    "head_branch": "main",
    "head_sha": "c0ffee",
    "pull_requests": [],
}


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with github_server() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def github(server: GitHubServer, waits: list[float]) -> Iterator[GitHub]:
    with GitHub(REPOSITORY, TOKEN, address=server.address, pause=waits.append) as github:
        yield github


def pull(number: int, sha: str = "c0ffee", owner: str = "stranger", **changed: Any) -> dict[str, Any]:
    head = {"ref": "main", "sha": sha, "user": {"login": owner}, "repo": {"full_name": f"{owner}/keyless"}}
    return {"number": number, "state": "open", "head": head, **changed}


def test_the_first_report_creates_a_comment(github: GitHub, server: GitHubServer) -> None:
    assert github.keep(7, MARK, f"{MARK}\nfirst") == "created"
    assert server.by("github-actions[bot]") == [f"{MARK}\nfirst"]


def test_the_next_report_updates_the_comment_in_place_wherever_its_page_is(
    github: GitHub, server: GitHubServer
) -> None:
    for number in range(PAGE * 2 + 5):
        server.comment("reviewer", f"remark {number}")
    own = server.comment("github-actions[bot]", f"{MARK}\nfirst")

    assert github.keep(7, MARK, f"{MARK}\nno changes") == "updated"

    assert [c["id"] for c in server.comments if MARK in c["body"]] == [own]
    assert server.by("github-actions[bot]") == [f"{MARK}\nno changes"]
    assert len([asked for asked in server.asked if asked.startswith("GET")]) == 3


def test_the_same_report_again_writes_nothing(github: GitHub, server: GitHubServer) -> None:
    server.comment("github-actions[bot]", f"{MARK}\nfirst")
    assert github.keep(7, MARK, f"{MARK}\nfirst") == "unchanged"
    assert {asked.partition(" ")[0] for asked in server.asked} == {"GET"}


def test_comments_of_others_that_hold_the_marker_are_left_alone(github: GitHub, server: GitHubServer) -> None:
    server.comment("mallory", f"{MARK}\nall is well")
    server.comment("github-actions", f"{MARK}\na person with nearly the name")
    server.comments.append({"id": 1, "user": None, "body": f"{MARK}\na deleted account"})
    server.comment("github-actions[bot]", f"> {MARK}\nquoted by another workflow")
    before = [dict(comment) for comment in server.comments]

    assert github.keep(7, MARK, f"{MARK}\nreal") == "created"

    assert server.comments[:-1] == before
    assert server.comments[-1]["body"] == f"{MARK}\nreal"


def test_each_stack_has_a_comment_of_its_own(github: GitHub, server: GitHubServer) -> None:
    other = marker("keyless/prod")
    github.keep(7, MARK, f"{MARK}\ndev")
    github.keep(7, other, f"{other}\nprod")
    github.keep(7, MARK, f"{MARK}\ndev again")
    assert server.by("github-actions[bot]") == [f"{MARK}\ndev again", f"{other}\nprod"]


def test_two_comments_left_by_runs_side_by_side_become_one(github: GitHub, server: GitHubServer) -> None:
    first = server.comment("github-actions[bot]", f"{MARK}\none")
    server.comment("github-actions[bot]", f"{MARK}\ntwo")
    assert github.keep(7, MARK, f"{MARK}\nthree") == "updated"
    assert [(c["id"], c["body"]) for c in server.comments] == [(first, f"{MARK}\nthree")]


def test_a_token_that_only_reads_is_refused_with_the_permission_to_give(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    server.may_write = False
    with pytest.raises(GitHubError) as refused:
        github.keep(7, MARK, MARK)
    assert "403 Resource not accessible by integration" in str(refused.value)
    assert "`permissions: pull-requests: write`" in str(refused.value)
    assert TOKEN not in str(refused.value)
    assert waits == []


@pytest.mark.parametrize(
    ("repository", "token", "number", "expected"),
    [
        (REPOSITORY, TOKEN, 8, "404 Not Found"),
        (REPOSITORY, "another", 7, "401 Bad credentials"),
        (REPOSITORY, "", 7, "GITHUB_TOKEN is empty"),
        ("../../user", TOKEN, 7, "expected owner/name"),
    ],
)
def test_what_github_refuses_is_said_with_a_next_step(
    repository: str, token: str, number: int, expected: str, server: GitHubServer
) -> None:
    with pytest.raises(GitHubError, match=expected):
        GitHub(repository, token, address=server.address).keep(number, MARK, MARK)
    assert server.comments == []


def test_a_secondary_limit_is_waited_for_as_long_as_github_says(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    limited = {"message": "You have exceeded a secondary rate limit."}
    server.refusals = [(403, {"Retry-After": "17"}, limited), (429, {"Retry-After": "5"}, limited)]
    assert github.keep(7, MARK, MARK) == "created"
    assert waits == [17.0, 5.0]
    assert server.by("github-actions[bot]") == [MARK]


def test_a_limit_that_lasts_too_long_is_said_and_not_waited_for(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    limited = {"message": "API rate limit exceeded"}
    server.refusals = [(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, limited)]
    with pytest.raises(GitHubError, match="a limit on requests; run it again later"):
        github.keep(7, MARK, MARK)
    assert waits == []


def test_a_passing_fault_is_tried_again_but_nothing_is_created_twice(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    server.refusals = [(502, {}, {"message": "Server Error"})]
    assert github.keep(7, MARK, MARK) == "created"
    assert waits == [2.0]

    server.comments.clear()
    server.refusals = [(200, {}, []), (502, {}, {"message": "Server Error"})]
    with pytest.raises(GitHubError, match="502 Server Error"):
        github.keep(7, MARK, MARK)
    assert [asked.partition(" ")[0] for asked in server.asked[-2:]] == ["GET", "POST"]


def test_a_next_page_on_another_host_never_gets_the_token(github: GitHub, server: GitHubServer) -> None:
    with github_server() as elsewhere:
        server.next_host = elsewhere.address
        for number in range(PAGE + 1):
            server.comment("reviewer", f"remark {number}")
        with pytest.raises(GitHubError, match="the token stays here"):
            github.keep(7, MARK, MARK)
        assert elsewhere.asked == []


def test_the_pull_request_of_a_forks_run_is_the_open_one_with_its_newest_commit(
    github: GitHub, server: GitHubServer
) -> None:
    server.pulls = [
        pull(3, state="closed"),
        pull(4, owner="octo"),
        pull(5, sha="0ld"),
        *(pull(number, sha="0ther") for number in range(100, 100 + PAGE)),
        pull(6),
    ]
    assert github.number_of_run(RUN) == 6


def test_a_run_whose_pull_request_has_a_newer_commit_is_of_none(github: GitHub, server: GitHubServer) -> None:
    server.pulls = [pull(6, sha="newer"), pull(7, head={**pull(7)["head"], "repo": None})]
    assert github.number_of_run(RUN) is None


def test_an_event_that_is_none_of_a_run_is_refused(github: GitHub) -> None:
    with pytest.raises(GitHubError, match="none of a `workflow_run`"):
        github.number_of_run({"head_repository": None, "head_branch": "x", "head_sha": "y"})
