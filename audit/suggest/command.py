"""The options of `python -m audit suggest`, and what becomes of them."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential

from access_report.options import add_form, written
from access_report.reading import NotReadableError
from access_report.safety import LONGEST_SENTENCE, in_terminal
from audit.command_line import INTERRUPTED, REFUSED, add_source, found, progress
from audit.grants import stack_of
from audit.state import state_in, state_of
from audit.suggest.changes import NotEditableError
from audit.suggest.project import Project
from audit.suggest.suggestion import Suggestion, suggest
from audit.suggest.weighed import NotWeighedError, Weighed, weighed
from audit.suggest.words import document, markdown, terminal

SUGGESTED: Final = 4
"""With `--expect-nothing`: there is something to change."""
_DAYS: Final = 30


def main(
    arguments: Sequence[str] | None = None,
    credential: Callable[[], TokenCredential] = DefaultAzureCredential,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    **client_options: Any,
) -> int:
    """0; 2 for what cannot be read; 4 for a change with `--expect-nothing`; 130 when interrupted."""
    options = parser()
    given = options.parse_args(arguments)
    if given.since < timedelta(days=given.evidence):
        options.error(f"--since reaches back less than the {given.evidence} days of --evidence")
    try:
        project = Project.read(Path(given.program))
        stack = stack_of(state_in(given.state) if given.state else state_of(given.stack))
        with progress() as say:
            audited = found(given, stack, credential, now(), say, client_options)
            told = suggest(audited, project, given.evidence)
            change = _weigh(given, project, told, say)
    except (NotReadableError, NotEditableError, NotWeighedError, AzureError, OSError, ValueError) as refused:
        print(f"audit suggest: {in_terminal(str(refused), LONGEST_SENTENCE)}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("audit suggest: interrupted", file=sys.stderr)
        return INTERRUPTED
    _tell(given, told, change)
    return SUGGESTED if given.expect_nothing and (told.proposed or told.unwritten) else 0


def _weigh(
    given: argparse.Namespace, project: Project, told: Suggestion, say: Callable[[str], None]
) -> Weighed | None:
    if given.no_preview or given.state or not told.files:
        return None
    say("the Pulumi engine previews the changed program")
    return weighed(project, told, given.stack)


def _tell(given: argparse.Namespace, told: Suggestion, change: Weighed | None) -> None:
    text = {
        "json": lambda: json.dumps(document(told, change), indent=2, ensure_ascii=False) + "\n",
        "markdown": lambda: markdown(told, change),
        "terminal": lambda: terminal(told, change, color=sys.stdout.isatty()),
    }[given.format]()
    written(text, given)
    if given.diff:
        Path(given.diff).write_text(told.diff, encoding="utf-8")


def parser() -> argparse.ArgumentParser:
    """The options and their help."""
    options = argparse.ArgumentParser(
        allow_abbrev=False,
        prog="python -m audit suggest",
        description="The change of a program that takes unused grants away and narrows wide ones, from the "
        "uses in Azure's logs. Nothing is changed: `git apply` does it.",
        epilog="Exit status: 0; 2 for what cannot be read; 4 for a change with --expect-nothing.",
    )
    add_source(options)
    options.add_argument(
        "--evidence",
        metavar="DAYS",
        type=_days,
        default=_DAYS,
        help=f"whole days in which log and grant were there, before anything is proposed (default: {_DAYS})",
    )
    options.add_argument(
        "--program", metavar="FOLDER", default=".", help="with Pulumi.yaml (default: this one)"
    )
    options.add_argument(
        "--no-preview", action="store_true", help="do not ask the engine what the change would do"
    )
    add_form(options, ("json", "markdown", "terminal"))
    options.add_argument(
        "--diff", metavar="FILE", help="where to write the diff alone; empty without a change"
    )
    options.add_argument(
        "--expect-nothing", action="store_true", help="exit with status 4 if there is something to change"
    )
    return options


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError("expected whole days, 1 or more")
    return int(text)
