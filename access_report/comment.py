"""`python -m access_report.comment`: the report on a preview as the one comment of its stack.

python -m access_report.comment --preview preview.json --run run.json --stack keyless/dev --number 12

What the files hold is taken as data, never as text: whoever wrote them, the comment is made here, by
the rules of the report. Where a file is missing or is no preview, the comment says that the preview failed.
The token is read from GITHUB_TOKEN, the API's address from GITHUB_API_URL.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from access_report.github import WORKFLOW, GitHub, GitHubError
from access_report.markdown import comment, marker
from access_report.reading import NotReadableError, read_preview
from access_report.report import report
from access_report.run import Run
from access_report.safety import in_markdown

LARGEST: Final = 64 * 2**20
"""Bytes of a file that is read; a preview of 1,000 apps has a tenth of that."""
NOT_POSTED: Final = 1
FROM_FORK: Final = (
    "From a fork: previewed without any credential, against a local Azure that holds what the base branch"
    " deploys. The run was the fork's own, so read the change itself too.\n"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the comment stands, or when a newer commit makes it needless; 1 with GitHub's answer."""
    given = parser().parse_args(arguments)
    environment = os.environ
    try:
        with GitHub(
            given.repository or environment.get("GITHUB_REPOSITORY", ""),
            environment.get("GITHUB_TOKEN", ""),
            address=environment.get("GITHUB_API_URL") or "https://api.github.com",
            author=given.author,
        ) as github:
            number = given.number or github.number_of_run(_workflow_run(given.event))
            if number is None:
                print("not posted: the pull request is closed, or has a newer commit with a run of its own")
                return 0
            done = github.keep(number, marker(given.stack), text(given))
    except (GitHubError, OSError) as error:
        print(f"access_report.comment: {error}", file=sys.stderr)
        return NOT_POSTED
    print(f"{done}: the comment of {given.stack} on pull request {number}")
    return 0


def text(given: argparse.Namespace) -> str:
    """The comment on the preview in `given.preview`, or on its failure."""
    fork = FROM_FORK if given.fork else ""
    try:
        told = report(read_preview(_read(given.preview)))
        run = Run.read(_read(given.run))
        if told.stack != given.stack:
            raise NotReadableError(f"expected the stack {given.stack}")
        notes = "\n".join(part for part in (fork, run.notes()) if part)
        return comment(told, given.full_report, notes, whole=run.succeeded)
    # A file from a fork can hold anything at all; what cannot be read is no preview.
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        where = f" Why is in the run: {given.full_report}" if given.full_report else ""
        title = f"### {in_markdown(given.stack)}: the preview failed"
        return f"{marker(given.stack)}\n{title}\n\n{fork}\nNothing is known of what would change.{where}\n"


def _read(name: str) -> Any:
    if Path(name).stat().st_size > LARGEST:
        raise NotReadableError(f"{name} has more than {LARGEST} bytes")
    return json.loads(Path(name).read_text(encoding="utf-8"))


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
    options.add_argument("--preview", required=True, metavar="FILE", help="preview.json of a run")
    options.add_argument("--run", required=True, metavar="FILE", help="run.json of the same run")
    options.add_argument(
        "--stack",
        required=True,
        metavar="PROJECT/STACK",
        help="whose comment it is; a preview of another stack is none",
    )
    where = options.add_mutually_exclusive_group(required=True)
    where.add_argument("--number", type=int, help="of the pull request")
    where.add_argument(
        "--event", metavar="FILE", help="of a `workflow_run` (GITHUB_EVENT_PATH): the number is asked for"
    )
    options.add_argument("--repository", metavar="OWNER/NAME", help="left out, GITHUB_REPOSITORY")
    options.add_argument("--full-report", default="", metavar="ADDRESS", help="where the whole report is")
    options.add_argument(
        "--fork", action="store_true", help="say that the preview was made by a fork's pull request"
    )
    options.add_argument(
        "--author", default=WORKFLOW, metavar="LOGIN", help=f"whose token it is; left out, {WORKFLOW}"
    )
    return options


if __name__ == "__main__":
    sys.exit(main())
