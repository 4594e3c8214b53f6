"""One comment on a pull request, kept up to date, and never by an older run."""

from collections.abc import Iterator
from typing import Any

import pytest

from access_report.github import GitHub, GitHubError, Pull
from access_report.mark import Moment, mark
from tests.unit.access_report.github_server import PAGE, REPOSITORY, TOKEN, GitHubServer, github_server

PROJECT = "keyless"
NOW = Moment(20, 1, True, "c0ffee1")
MARK = mark(PROJECT, NOW)
OF_EARLIER_VERSIONS = f"<!-- keyless access report: {b'keyless/dev'.hex()} -->"
RUN: dict[str, Any] = {
    "head_repository": {"full_name": "stranger/keyless", "owner": {"login": "stranger"}},
    "head_branch": "main",
    "head_sha": "c0ffee",
    "pull_requests": [],
    "actor": {"login": "somebody", "type": "User"},
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
    user, base = {"login": owner, "type": "User"}, {"ref": "main"}
    return {"number": number, "state": "open", "head": head, "user": user, "base": base, **changed}


def test_the_first_report_creates_a_comment(github: GitHub, server: GitHubServer) -> None:
    assert github.keep(7, PROJECT, NOW, f"{MARK}\nfirst") == "created"
    assert server.by("github-actions[bot]") == [f"{MARK}\nfirst"]


def test_the_next_report_updates_the_comment_in_place_wherever_its_page_is(
    github: GitHub, server: GitHubServer
) -> None:
    for number in range(PAGE * 2 + 5):
        server.comment("reviewer", f"remark {number}")
    own = server.comment("github-actions[bot]", f"{MARK}\nfirst")

    assert github.keep(7, PROJECT, NOW, f"{MARK}\nno changes") == "updated"

    assert [c["id"] for c in server.comments if MARK in c["body"]] == [own]
    assert server.by("github-actions[bot]") == [f"{MARK}\nno changes"]
    assert len([asked for asked in server.asked if asked.startswith("GET")]) == 3


def test_the_same_report_again_writes_nothing(github: GitHub, server: GitHubServer) -> None:
    server.comment("github-actions[bot]", f"{MARK}\nfirst")
    assert github.keep(7, PROJECT, NOW, f"{MARK}\nfirst") == "unchanged"
    assert {asked.partition(" ")[0] for asked in server.asked} == {"GET"}


def test_comments_of_others_that_hold_the_marker_are_left_alone(github: GitHub, server: GitHubServer) -> None:
    server.comment("mallory", f"{MARK}\nall is well")
    server.comment("github-actions", f"{MARK}\na person with nearly the name")
    server.comments.append({"id": 1, "user": None, "body": f"{MARK}\na deleted account"})
    server.comment("github-actions[bot]", f"> {MARK}\nquoted by another workflow")
    before = [dict(comment) for comment in server.comments]

    assert github.keep(7, PROJECT, NOW, f"{MARK}\nreal") == "created"

    assert server.comments[:-1] == before
    assert server.comments[-1]["body"] == f"{MARK}\nreal"


def test_each_project_has_a_comment_of_its_own(github: GitHub, server: GitHubServer) -> None:
    other = mark("keyless2", NOW)
    github.keep(7, PROJECT, NOW, f"{MARK}\none")
    github.keep(7, "keyless2", NOW, f"{other}\nother")
    github.keep(7, PROJECT, NOW, f"{MARK}\none again")
    assert server.by("github-actions[bot]") == [f"{MARK}\none again", f"{other}\nother"]


def test_the_comments_of_single_stacks_that_earlier_versions_wrote_become_the_one(
    github: GitHub, server: GitHubServer
) -> None:
    for stack in ("dev", "prod"):
        server.comment(
            "github-actions[bot]", f"<!-- keyless access report: {f'keyless/{stack}'.encode().hex()} -->"
        )
    assert github.keep(7, PROJECT, NOW, f"{MARK}\nall") == "updated"
    assert server.by("github-actions[bot]") == [f"{MARK}\nall"]


@pytest.mark.parametrize(
    "later",
    [Moment(21, 1, False, "abcdef1"), Moment(20, 2, False, "c0ffee1"), Moment(100, 1, True, "abcdef1")],
)
def test_an_older_run_never_overwrites_what_a_newer_one_wrote(
    later: Moment, github: GitHub, server: GitHubServer
) -> None:
    newer = f"{mark(PROJECT, later)}\nnewer"
    server.comment("github-actions[bot]", f"{OF_EARLIER_VERSIONS}\nfirst")
    server.comment("github-actions[bot]", newer)
    assert github.keep(7, PROJECT, NOW, f"{MARK}\nolder") == "older"
    assert server.by("github-actions[bot]")[1] == newer
    assert {asked.partition(" ")[0] for asked in server.asked} == {"GET"}


def test_the_beginning_of_a_run_is_not_written_over_its_end_nor_creates_a_comment(
    github: GitHub, server: GitHubServer
) -> None:
    begun = Moment(20, 1, False, "c0ffee1")
    assert github.keep(7, PROJECT, begun, f"{mark(PROJECT, begun)}\n", only_update=True) == "none"
    github.keep(7, PROJECT, NOW, f"{MARK}\nended")
    assert github.keep(7, PROJECT, begun, f"{mark(PROJECT, begun)}\n", only_update=True) == "older"
    assert server.by("github-actions[bot]") == [f"{MARK}\nended"]


def test_a_mark_is_read_back_and_what_is_none_is_of_no_moment() -> None:
    assert Moment.read(f"{MARK}\ntext") == NOW
    assert Moment.read(f"text\n{MARK}") is None
    assert Moment.read(OF_EARLIER_VERSIONS) is None
    assert mark("a --> b", NOW).count("-->") == 1


def test_two_comments_left_by_runs_side_by_side_become_one(github: GitHub, server: GitHubServer) -> None:
    first = server.comment("github-actions[bot]", f"{MARK}\none")
    server.comment("github-actions[bot]", f"{MARK}\ntwo")
    assert github.keep(7, PROJECT, NOW, f"{MARK}\nthree") == "updated"
    assert [(c["id"], c["body"]) for c in server.comments] == [(first, f"{MARK}\nthree")]


def test_a_token_that_only_reads_is_refused_with_the_permission_to_give(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    server.may_write = False
    with pytest.raises(GitHubError) as refused:
        github.keep(7, PROJECT, NOW, MARK)
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
        GitHub(repository, token, address=server.address).keep(number, PROJECT, NOW, MARK)
    assert server.comments == []


def test_a_secondary_limit_is_waited_for_as_long_as_github_says(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    limited = {"message": "You have exceeded a secondary rate limit."}
    server.refusals = [(403, {"Retry-After": "17"}, limited), (429, {"Retry-After": "5"}, limited)]
    assert github.keep(7, PROJECT, NOW, MARK) == "created"
    assert waits == [17.0, 5.0]
    assert server.by("github-actions[bot]") == [MARK]


def test_a_limit_that_lasts_too_long_is_said_and_not_waited_for(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    limited = {"message": "API rate limit exceeded"}
    server.refusals = [(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, limited)]
    with pytest.raises(GitHubError, match="a limit on requests; run it again later"):
        github.keep(7, PROJECT, NOW, MARK)
    assert waits == []


def test_a_passing_fault_is_tried_again_but_nothing_is_created_twice(
    github: GitHub, server: GitHubServer, waits: list[float]
) -> None:
    server.refusals = [(502, {}, {"message": "Server Error"})]
    assert github.keep(7, PROJECT, NOW, MARK) == "created"
    assert waits == [2.0]

    server.comments.clear()
    server.refusals = [(200, {}, []), (502, {}, {"message": "Server Error"})]
    with pytest.raises(GitHubError, match="502 Server Error"):
        github.keep(7, PROJECT, NOW, MARK)
    assert [asked.partition(" ")[0] for asked in server.asked[-2:]] == ["GET", "POST"]


def test_a_next_page_on_another_host_never_gets_the_token(github: GitHub, server: GitHubServer) -> None:
    with github_server() as elsewhere:
        server.next_host = elsewhere.address
        for number in range(PAGE + 1):
            server.comment("reviewer", f"remark {number}")
        with pytest.raises(GitHubError, match="the token stays here"):
            github.keep(7, PROJECT, NOW, MARK)
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
    assert github.pull_of_run(RUN) == Pull(6, "c0ffee", "main", is_trusted=False)


@pytest.mark.parametrize(
    ("owner", "author", "actor", "is_trusted"),
    [
        ("octo", "User", "User", True),
        ("octo", "Bot", "User", False),
        ("octo", "User", "Bot", False),
        ("octo", None, "User", False),
        ("stranger", "User", "User", False),
    ],
)
def test_previews_have_a_credential_only_where_the_repositorys_people_opened_and_pushed(
    owner: str, author: str | None, actor: str, is_trusted: bool, github: GitHub, server: GitHubServer
) -> None:
    user = author and {"login": "somebody", "type": author}
    server.pulls = [pull(6, owner=owner, user=user)]
    head = {"full_name": f"{owner}/keyless", "owner": {"login": owner}}
    found = github.pull_of_run({**RUN, "head_repository": head, "actor": {"type": actor}})
    assert found == Pull(6, "c0ffee", "main", is_trusted)


def test_changed_files_are_all_told_also_from_where_one_was_moved(
    github: GitHub, server: GitHubServer
) -> None:
    server.changed = [{"filename": f"a{number}"} for number in range(PAGE)]
    server.changed.append({"filename": "b", "previous_filename": "policy/pack.py"})
    found = github.changed_files(7)
    assert found.paths[-2:] == ["b", "policy/pack.py"]
    assert len(found.paths) == PAGE + 2
    assert found.are_all


def test_files_beyond_what_github_lists_are_not_taken_for_none(
    github: GitHub, server: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("access_report.github.MOST_FILES", 40)
    server.changed = [{"filename": f"a{number}", "previous_filename": f"b{number}"} for number in range(39)]
    assert github.changed_files(7).are_all
    server.changed.append({"filename": "z"})
    assert not github.changed_files(7).are_all


def test_a_file_is_its_text_and_none_where_there_is_none(github: GitHub, server: GitHubServer) -> None:
    server.files["policy-config.json", "main"] = '{"all": "mandatory"}'
    assert github.file("policy-config.json", "main") == '{"all": "mandatory"}'
    assert github.file("policy-config.json", "c0ffee") is None


def test_a_run_whose_pull_request_has_a_newer_commit_is_of_none(github: GitHub, server: GitHubServer) -> None:
    server.pulls = [pull(6, sha="newer"), pull(7, head={**pull(7)["head"], "repo": None})]
    assert github.pull_of_run(RUN) is None


def test_an_event_that_is_none_of_a_run_is_refused(github: GitHub) -> None:
    with pytest.raises(GitHubError, match="none of a `workflow_run`"):
        github.pull_of_run({"head_repository": None, "head_branch": "x", "head_sha": "y"})
