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
from access_report.page import page
from access_report.reading import NotReadableError, between, read_preview, read_state
from access_report.report import Report, report
from access_report.resources import Preview
from access_report.safety import LONGEST_SENTENCE, in_terminal
from access_report.terminal import terminal

REFUSED: Final = 2
FAILED: Final = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 2 for an input that cannot be read; 3 when a condition of `--fail-on` holds."""
    given = _parser().parse_args(arguments)
    try:
        told = report(_change(given))
    except (NotReadableError, OSError, ValueError) as refused:
        print(f"access_report: {refused}", file=sys.stderr)
        return REFUSED
    text = _FORMATS[given.format](told, given)
    if given.output:
        Path(given.output).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return _judge(told, [Condition(word) for word in given.fail_on], explain=given.explain)


def _judge(told: Report, conditions: Sequence[Condition], *, explain: bool) -> int:
    failed = False
    for condition in conditions:
        found = reasons(told, condition)
        failed = failed or bool(found)
        if explain:
            print(f"{condition.value}: {'holds' if found else 'does not hold'}", file=sys.stderr)
            for reason in found:
                print(f"  - {in_terminal(reason, LONGEST_SENTENCE)}", file=sys.stderr)
    return FAILED if failed else 0


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
    parser.add_argument("--format", choices=sorted(_FORMATS), default="terminal")
    parser.add_argument("--output", metavar="FILE", help="where to; left out, standard output")
    parser.add_argument(
        "--full-report", default="", metavar="ADDRESS", help="where a cut comment sends its readers"
    )
    parser.add_argument(
        "--fail-on",
        nargs="+",
        default=[],
        choices=[c.value for c in Condition],
        help="exit with status 3 if it holds",
    )
    parser.add_argument(
        "--explain", action="store_true", help="say on standard error why --fail-on fails or does not"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
