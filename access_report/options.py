"""The options that each report has, and what becomes of them: its form, where it goes, and what fails on it.

The access report and the audit have them alike, so a pipeline says the same words to both.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from access_report.safety import LONGEST_SENTENCE, in_terminal

_Condition = TypeVar("_Condition", bound=StrEnum)
FAILED: Final = 3
"""Exit status where a condition of `--fail-on` holds."""


def add_form(options: argparse.ArgumentParser, formats: Iterable[str]) -> None:
    """`--format`, of these, and `--output`."""
    options.add_argument("--format", choices=sorted(formats), default="terminal")
    options.add_argument("--output", metavar="FILE", help="where to; left out, standard output")


def add_judgement(options: argparse.ArgumentParser, conditions: type[StrEnum]) -> None:
    """`--fail-on`, of these, and `--explain`."""
    options.add_argument(
        "--fail-on",
        nargs="+",
        default=[],
        choices=[one.value for one in conditions],
        help="exit with status 3 if it holds",
    )
    options.add_argument(
        "--explain", action="store_true", help="say on standard error why --fail-on fails or does not"
    )


def written(text: str, given: argparse.Namespace) -> None:
    """The report goes where `--output` says. Raises OSError."""
    if given.output:
        Path(given.output).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def judged(
    conditions: Sequence[_Condition], reasons: Callable[[_Condition], Sequence[str]], *, explain: bool
) -> int:
    """0, or FAILED where one holds: `reasons` says why it does, and nothing where it does not."""
    failed = False
    for condition in conditions:
        why = reasons(condition)
        failed = failed or bool(why)
        if explain:
            print(f"{condition.value}: {'holds' if why else 'does not hold'}", file=sys.stderr)
            for reason in why:
                print(f"  - {in_terminal(reason, LONGEST_SENTENCE)}", file=sys.stderr)
    return FAILED if failed else 0
