"""`python -m database_grants`: bring what a stack declares into its databases, or say what is pending."""

import argparse
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError, DefaultAzureCredential
from rich.console import Console

from database_grants.asking import pending_on, sign_in
from database_grants.declared import Stack, StackError, read_stack, read_state
from database_grants.dialects import ServerError, Session, Step

DONE, PENDING, NOT_DONE = 0, 1, 2
_STACK: Final = r"[0-9A-Za-z_.-]+(?:/[0-9A-Za-z_.-]+){0,2}"


def _stack(text: str) -> str:
    if re.fullmatch(_STACK, text) is None:
        raise argparse.ArgumentTypeError("expected a stack's name: letters, digits, - _ . and / between them")
    return text


def parser() -> argparse.ArgumentParser:
    """The options and their help."""
    options = argparse.ArgumentParser(
        allow_abbrev=False,
        prog="python -m database_grants",
        description="Let in, by SQL, whom a stack declares in databases; take away what it declares no more.",
        epilog="Exit status: 0 nothing is pending, 1 something is (--check, --print), 2 it was not done.",
    )
    source = options.add_mutually_exclusive_group(required=True)
    source.add_argument("--stack", metavar="NAME", type=_stack, help="a Pulumi stack of this folder")
    source.add_argument("--state", metavar="FILE", help="of `pulumi stack export`; - for standard input")
    how = options.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="change nothing; say what is pending")
    how.add_argument(
        "--print", action="store_true", help="change nothing; print the statements that are pending"
    )
    options.add_argument(
        "--as", dest="role", metavar="ROLE", default="",
        help="the administrator's role to sign in as: a group's name for its members (default: the one that "
        "the stack declares)",
    )  # fmt: skip
    options.add_argument("--json", action="store_true", help="print the result as JSON")
    return options


def main(
    arguments: Sequence[str] | None = None,
    credential: Callable[[], TokenCredential] = DefaultAzureCredential,
) -> int:
    """Run the command; results go to standard output, progress to standard error. Returns the exit status."""
    given = parser().parse_args(arguments)
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    applies = not (given.check or given.print)
    pending: dict[str, list[Step]] = {}
    try:
        stack = read_stack(given.stack) if given.stack else read_state(_read(given.state))
        for host, kind in stack.hosts():
            with console.status(f"asking {host}"):
                session = sign_in(stack, host, kind, credential(), given.role)
            try:
                pending[host] = (
                    _apply(session, stack, host, console) if applies else pending_on(session, stack, host)
                )
            finally:
                session.close()
    except (StackError, ServerError, LookupError, OSError) as error:
        print(f"database_grants: {error}", file=sys.stderr)
        return NOT_DONE
    except (ClientAuthenticationError, CredentialUnavailableError) as error:
        first = str(error).strip().partition("\n")[0]
        print(f"database_grants: nobody is signed in: {first} Next: `az login`", file=sys.stderr)
        return NOT_DONE
    print(_told(stack, pending, given, applies=applies))
    return DONE if applies or not any(pending.values()) else PENDING


def _apply(session: Session, stack: Stack, host: str, console: Console) -> list[Step]:
    """What was done. Raises ServerError, also where something is still pending after all was done."""
    steps = pending_on(session, stack, host)
    for number, step in enumerate(steps, 1):
        console.print(f"{host}: {number} of {len(steps)}: {step.words}")
        session.run(step)
    if steps and (left := pending_on(session, stack, host)):
        raise ServerError(f"{host} took all {len(steps)} steps, and this is still pending: {left[0].words}")
    return steps


def _told(stack: Stack, steps: Mapping[str, Sequence[Step]], given: Any, *, applies: bool) -> str:
    if given.json:
        key = "done" if applies else "pending"
        listed = [
            {"host": host, "database": one.database, "what": one.words, "statement": one.statement}
            for host, some in steps.items()
            for one in some
        ]
        return json.dumps({"declared": [str(one) for one in stack.grants], key: listed}, indent=2)
    every = [(host, one) for host, some in steps.items() for one in some]
    if given.print:
        lines = [f"-- {host}, database {one.database}: {one.words}\n{one.statement};" for host, one in every]
        return "\n".join(lines) or "-- nothing is pending"
    if not stack.grants and not every:
        return "The stack declares no grant in a database, and none of an earlier one is left."
    if applies or not every:
        return f"All {len(stack.grants)} declared grants hold" + (f"; {len(every)} steps." if every else ".")
    lines = [f"pending on {host}: {one.words}" for host, one in every]
    return "\n".join([*lines, f"{len(every)} steps are pending. Next: `python -m database_grants`"])


def _read(name: str) -> str:
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
