"""`python -m audit`: the options, and what becomes of them."""

import argparse
import ipaddress
import json
import logging
import re
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential
from rich.console import Console

from access_report.markdown import assembled
from access_report.options import add_form, add_judgement, judged, written
from access_report.reading import NotReadableError
from access_report.safety import LONGEST_SENTENCE, in_markdown, in_terminal
from access_report.terminal import printed
from audit.document import document
from audit.evidence import Audit
from audit.grants import Stack, stack_of
from audit.joined import audit
from audit.judgement import Condition, reasons
from audit.sign_in_words import sections_of_sign_ins
from audit.sign_ins import of_stack
from audit.sources.azure import InAzure
from audit.sources.files import Exported
from audit.state import state_in, state_of
from audit.uses import Use
from audit.words import DELAYS, headline, sections

REFUSED: Final = 2
INTERRUPTED: Final = 130
_UNITS: Final = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_MOST_DAYS: Final = 730
"""As long as a workspace keeps rows that can be asked: https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure"""


def main(
    arguments: Sequence[str] | None = None,
    credential: Callable[[], TokenCredential] = DefaultAzureCredential,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    **client_options: Any,
) -> int:
    """0; 2 for what cannot be read; 3 when a condition of `--fail-on` holds; 130 when interrupted."""
    given = parser().parse_args(arguments)
    # What could not be read is told below in one line; the library would log a page about it.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    try:
        stack = stack_of(state_in(given.state) if given.state else state_of(given.stack))
        with progress() as say:
            told = found(given, stack, credential, now(), say, client_options, given.known_from)
    except (NotReadableError, AzureError, OSError, ValueError) as refused:
        print(f"audit: {in_terminal(str(refused), LONGEST_SENTENCE)}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("audit: interrupted", file=sys.stderr)
        return INTERRUPTED
    written(_FORMATS[given.format](told), given)
    conditions = [Condition(word) for word in given.fail_on]
    return judged(conditions, lambda one: reasons(told, one), explain=given.explain)


def found(
    given: argparse.Namespace,
    stack: Stack,
    credential: Callable[[], TokenCredential],
    now: datetime,
    say: Callable[[str], None],
    client_options: Mapping[str, Any],
    known_from: Sequence[str] = (),
) -> Audit:
    """What the options of `add_source` ask for. Raises NotReadableError, AzureError and OSError. `known_from`
    are ranges of addresses from which the stack's principals may sign in; empty where nobody says."""
    since = now - given.since
    if given.rows:
        exported = Exported(Path(given.rows), since, now)
        say(f"reading the rows in {given.rows}")
        uses = list(exported.uses())
        places = [(target, kind) for target, kinds in stack.targets.items() for kind in kinds]
        logs = exported.logs(places, [one for one in uses if isinstance(one, Use)])
        signed_in = of_stack(stack, exported.sign_ins(), known_from)
        return audit(stack, uses, logs, since, now, sign_ins=signed_in)
    azure = InAzure(credential(), since, now, say, **client_options)
    uses, logs = azure.read(stack)
    sign_ins = list(azure.sign_ins())
    signed_in = of_stack(stack, sign_ins, known_from, azure.partly)
    return audit(stack, uses, logs, since, now, azure.notes, signed_in)


def _terminal(found: Audit) -> str:
    head = f"{in_terminal(found.stack.name)}, {headline(found)}"
    return (
        printed(
            head,
            [*sections(found, in_terminal), *sections_of_sign_ins(found, in_terminal)],
            color=sys.stdout.isatty(),
        )
        + f"\n{DELAYS}\n"
    )


def _markdown(found: Audit) -> str:
    head = f"### {in_markdown(found.stack.name)}, {headline(found)}\n\n{DELAYS}\n"
    return assembled(head, [*sections(found, in_markdown), *sections_of_sign_ins(found, in_markdown)], {})


def _html(found: Audit) -> str:
    from audit.page import page  # the map's template is read only where it is asked for

    return page(found)


_FORMATS: Final[Mapping[str, Callable[[Audit], str]]] = {
    "html": _html,
    "json": lambda found: json.dumps(document(found), indent=2, ensure_ascii=False) + "\n",
    "markdown": _markdown,
    "terminal": _terminal,
}


def span(text: str) -> timedelta:
    """A time back from now, as 30d, 12h or 90m."""
    found = re.fullmatch(r"(\d{1,6})([dhm])", text)
    length = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not timedelta() < length <= timedelta(days=_MOST_DAYS):
        raise argparse.ArgumentTypeError(f"expected a time back from now, as 30d or 12h, up to {_MOST_DAYS}d")
    return length


def address_range(text: str) -> str:
    """An address, or a range of them."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise argparse.ArgumentTypeError("expected addresses, as 203.0.113.0/24") from None


def parser() -> argparse.ArgumentParser:
    """The options and their help."""
    options = argparse.ArgumentParser(
        allow_abbrev=False,
        prog="python -m audit",
        description="Who used which access of a stack, from Azure's logs, down to the line of the program. "
        "`python -m audit why` says why somebody is let in or refused.",
        epilog="Exit status: 0; 2 for what cannot be read; 3 when a condition of --fail-on holds.",
    )
    add_source(options)
    options.add_argument(
        "--known-from",
        metavar="RANGE",
        nargs="+",
        type=address_range,
        default=[],
        help="addresses from which the stack's principals sign in, as 203.0.113.0/24; left out, none is told "
        "apart",
    )
    add_form(options, _FORMATS)
    add_judgement(options, Condition)
    return options


def add_source(options: argparse.ArgumentParser) -> None:
    """The options that say which stack, and which rows."""
    source = options.add_mutually_exclusive_group(required=True)
    source.add_argument("--stack", metavar="NAME", help="a Pulumi stack of this folder")
    source.add_argument(
        "--state", metavar="FILE", help="of `pulumi stack export`, in place of a stack; - for standard input"
    )
    options.add_argument(
        "--since",
        metavar="SPAN",
        type=span,
        default=timedelta(days=30),
        help="how far back to look, as 30d or 12h (default: 30d)",
    )
    options.add_argument(
        "--rows",
        metavar="FOLDER",
        help="read exported rows, a file for each table, in place of asking Azure",
    )


@contextmanager
def progress() -> Generator[Callable[[str], None]]:
    """One line that moves on a terminal, plain lines elsewhere."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        yield console.print
        return
    with console.status("reading the stack") as status:
        yield status.update
