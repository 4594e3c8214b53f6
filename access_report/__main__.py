"""`python -m access_report`: what a preview, or a stack, says about access.

pulumi preview --json --show-sames > preview.json
python -m access_report --preview preview.json --format markdown
pulumi stack export | python -m access_report --state -
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from access_report.document import document
from access_report.input import read
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.options import add_form, add_judgement, judged, written
from access_report.page import page
from access_report.reading import NotReadableError, between, read_preview, read_state
from access_report.report import Report, report
from access_report.resources import Preview
from access_report.terminal import terminal

REFUSED: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 2 for an input that cannot be read; 3 when a condition of `--fail-on` holds."""
    given = _parser().parse_args(arguments)
    try:
        told = report(_change(given))
    except (NotReadableError, OSError, ValueError) as refused:
        print(f"access_report: {refused}", file=sys.stderr)
        return REFUSED
    written(_FORMATS[given.format](told, given), given)
    conditions = [Condition(word) for word in given.fail_on]
    return judged(conditions, lambda one: reasons(told, one), explain=given.explain)


def _change(given: argparse.Namespace) -> Preview:
    if given.preview:
        return read_preview(_read(given.preview))
    after = read_state(_read(given.state))
    return between(read_state(_read(given.before)) if given.before else after, after)


def _read(name: str) -> Any:
    if name == "-":
        return read(sys.stdin.buffer, "standard input")
    with Path(name).open("rb") as file:
        return read(file, name)


_FORMATS: Final[Mapping[str, Callable[[Report, argparse.Namespace], str]]] = {
    "markdown": lambda told, given: comment(told, given.full_report),
    "json": lambda told, _: json.dumps(document(told), indent=2, ensure_ascii=False) + "\n",
    "html": lambda told, _: page(told),
    "terminal": lambda told, _: terminal(told, color=sys.stdout.isatty()),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m access_report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--preview", metavar="FILE", help="of `pulumi preview --json --show-sames`; - for standard input"
    )
    source.add_argument(
        "--state", metavar="FILE", help="of `pulumi stack export`: what is, or with --before what changed"
    )
    parser.add_argument("--before", metavar="FILE", help="an earlier state, to compare --state with")
    add_form(parser, _FORMATS)
    parser.add_argument(
        "--full-report", default="", metavar="ADDRESS", help="where a cut comment sends its readers"
    )
    add_judgement(parser, Condition)
    return parser


if __name__ == "__main__":
    sys.exit(main())
