"""`python -m access_report.comment`: the reports on a pull request's previews as its one comment.

python -m access_report.comment --event "$GITHUB_EVENT_PATH" --previews FOLDER --stacks '["dev", "prod"]'
python -m access_report.comment --number 12 --commit c0ffee1 --previews FOLDER --stacks '["local"]'

At the start of a run it marks the comment as out of date, at the end it makes it anew. What the files hold
is taken as data, never as text: whoever wrote them, the comment is made here, by the rules of the report.
Where a preview is missing, is none, or is of another stack, the comment says that.
The token is read from GITHUB_TOKEN, the API's address from GITHUB_API_URL.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from access_report.github import WORKFLOW, GitHub, GitHubError, Pull
from access_report.input import read
from access_report.judge import CONFIGURATION, configuration, judging, loosened, notes
from access_report.mark import Moment
from access_report.pull_request import Previewed, begun, told
from access_report.reading import NotReadableError, read_preview
from access_report.report import report
from access_report.run import Run
from access_report.safety import in_markdown

LARGEST: Final = 64 * 2**20
"""Bytes of a file of a run that is read: whoever wrote the pull request may have written it."""
NOT_POSTED: Final = 1
LOCAL: Final = ("local",)
"""The stacks of a pull request that gets no credential."""
FROM_ELSEWHERE: Final = (
    "From a fork or a bot: previewed without any credential, against a local Azure that holds what the base"
    " branch deploys.\n"
)
ITS_OWN: Final = (
    "The previews were made by the pull request's own run, in which its own code runs: read the change itself"
    " too.\n"
)
_DONE: Final = {
    "none": "no comment yet that could be out of date",
    "older": "not posted: a newer run has written the comment already",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the comment stands, or when a newer commit or run makes it needless; 1 with GitHub's answer."""
    given = parser().parse_args(arguments)
    environment = os.environ
    try:
        with GitHub(
            given.repository or environment.get("GITHUB_REPOSITORY", ""),
            environment.get("GITHUB_TOKEN", ""),
            address=environment.get("GITHUB_API_URL") or "https://api.github.com",
            author=given.author,
        ) as github:
            done = _of_event(github, given) if given.event else _by_hand(github, given)
    except (GitHubError, OSError) as error:
        print(f"access_report.comment: {error}", file=sys.stderr)
        return NOT_POSTED
    print(_DONE.get(done, done))
    return 0


def _of_event(github: GitHub, given: argparse.Namespace) -> str:
    run = _workflow_run(given.event)
    pull = github.pull_of_run(run)
    if pull is None:
        return "not posted: the pull request is closed, or has a newer commit with a run of its own"
    try:
        has_ended, link = run["status"] == "completed", str(run["html_url"])
        moment = Moment(int(run["id"]), int(run["run_attempt"]), has_ended, pull.commit)
    except (KeyError, TypeError, ValueError) as error:
        raise GitHubError("the event is none of a `workflow_run` for a pull request") from error
    if not has_ended:
        text = begun(given.project, moment, link)
        return github.keep(pull.number, given.project, moment, text, only_update=True)
    stacks = _stacks(given.stacks) if pull.is_trusted else LOCAL
    above = ("" if pull.is_trusted else FROM_ELSEWHERE) + ITS_OWN
    above = "\n".join(part for part in (above, _judge(github, pull)) if part)
    previewed = [_previewed(given, number, stack) for number, stack in enumerate(stacks)]
    return github.keep(
        pull.number, given.project, moment, told(given.project, moment, previewed, link=link, notes=above)
    )


def _by_hand(github: GitHub, given: argparse.Namespace) -> str:
    moment = Moment(given.run_id, given.attempt, True, given.commit)
    previewed = [_previewed(given, number, stack) for number, stack in enumerate(_stacks(given.stacks))]
    text = told(given.project, moment, previewed, link=given.full_report)
    return github.keep(given.number, given.project, moment, text)


def _judge(github: GitHub, pull: Pull) -> str:
    """What the pull request changes of its judge, as GitHub tells it: nothing of it comes from the run."""
    changed = github.changed_files(pull.number)
    files = judging(changed.paths)
    if CONFIGURATION not in files and changed.are_all:
        return notes([], files)
    before, after = (configuration(github.file(CONFIGURATION, ref)) for ref in (pull.base, pull.commit))
    return notes(loosened(before, after), files, are_all=changed.are_all)


def _previewed(given: argparse.Namespace, number: int, stack: str) -> Previewed:
    """What a run left of its preview of one stack, in the folder that has the stack's place among them."""
    expected = f"{given.project}/{stack.rpartition('/')[2]}"
    named = f"{given.project}/{stack}"
    folder = Path(given.previews)
    if (part := folder / f"preview-{number}").is_dir():
        folder = part
    try:
        found = report(read_preview(_read(folder / "preview.json")))
        run = Run.read(_read(folder / "run.json"))
        if not found.stack:
            raise NotReadableError("a preview of nothing")
    # A file of a pull request can hold anything at all; what cannot be read is no preview.
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return Previewed(named, failure="**the preview failed.** Why is in the run.")
    if found.stack != expected:
        return Previewed(
            named,
            failure=f"**not the stack that was asked for:** the preview is of {in_markdown(found.stack)},"
            f" expected was {in_markdown(expected)}; project or stack have another name.",
        )
    return Previewed(named, found, run)


def _read(file: Path) -> Any:
    with file.open("rb") as data:
        return read(data, file.name, LARGEST)


def _stacks(text: str) -> Sequence[str]:
    try:
        found: object = json.loads(text)
    except ValueError:
        found = None
    names: Sequence[object] = cast(Sequence[object], found) if isinstance(found, list) else []
    stacks = [name for name in names if isinstance(name, str)]
    if not stacks or len(stacks) < len(names):
        raise GitHubError(f'--stacks: {text!r} is no list of stacks; expected one such as ["dev", "prod"]')
    return stacks


def _workflow_run(event: str) -> Mapping[str, Any]:
    try:
        return json.loads(Path(event).read_text(encoding="utf-8"))["workflow_run"]
    except (ValueError, LookupError, TypeError) as error:
        raise GitHubError(f"{event} is no event of a `workflow_run`") from error


def parser() -> argparse.ArgumentParser:
    """The options and their help."""
    options = argparse.ArgumentParser(
        prog="python -m access_report.comment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument(
        "--previews",
        default=".",
        metavar="FOLDER",
        help="with a folder preview-0, preview-1, … for each stack in turn, each with `preview.json` and"
        " `run.json`; or with these two of one stack",
    )
    options.add_argument(
        "--stacks",
        default="[]",
        metavar="JSON",
        help="a list of names; a preview of another stack is told as one",
    )
    options.add_argument("--project", default="keyless", help="whose stacks they are; left out, keyless")
    where = options.add_mutually_exclusive_group(required=True)
    where.add_argument("--number", type=int, help="of the pull request")
    where.add_argument(
        "--event",
        metavar="FILE",
        help="of a `workflow_run` (GITHUB_EVENT_PATH): number, commit and run are asked of GitHub",
    )
    by_hand = options.add_argument_group("with --number")
    by_hand.add_argument("--commit", default="0000000", metavar="SHA", help="of which the previews are")
    by_hand.add_argument(
        "--run-id", type=int, default=0, help="of a later run, whose comment is not overwritten"
    )
    by_hand.add_argument("--attempt", type=int, default=1, help="of that run")
    by_hand.add_argument("--full-report", default="", metavar="ADDRESS", help="where the whole report is")
    options.add_argument("--repository", metavar="OWNER/NAME", help="left out, GITHUB_REPOSITORY")
    options.add_argument(
        "--author", default=WORKFLOW, metavar="LOGIN", help=f"whose token it is; left out, {WORKFLOW}"
    )
    return options


if __name__ == "__main__":
    sys.exit(main())
