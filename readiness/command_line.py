"""`python -m readiness`: the check for people and pipelines."""

import argparse
import json
import logging
import math
import re
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from azure.core.credentials import TokenCredential
from azure.identity import DefaultAzureCredential
from rich.console import Console

from readiness.checking import check
from readiness.given import described
from readiness.reports import NotReachableError
from readiness.stack import StackApps, StackError, apps_of

_STACK: Final = r"[0-9A-Za-z_.-]+(?:/[0-9A-Za-z_.-]+){0,2}"
_REPEATS: Final = {
    "unrecognized arguments: .*": "there are arguments that nothing reads",
    "ignored explicit argument .*": "it takes no value",
}
"""How argparse's own refusals end that repeat what was given, to what is said instead."""
READY, NOT_READY, NOT_CHECKED, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    """Options whose refusals do not repeat what was given: it may be a secret in the wrong place."""

    def error(self, message: str) -> NoReturn:
        for end, instead in _REPEATS.items():
            message = re.sub(end, instead, message, count=1, flags=re.DOTALL)
        super().error(message)


def _seconds(text: str) -> float:
    expected = "a number of seconds from 0 up to 1000000"
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1_000_000:
        raise argparse.ArgumentTypeError(f"given {described(text)}, expected {expected}")
    return value


def _stack(text: str) -> str:
    """A stack's name, with its organization and project or without.

    https://www.pulumi.com/docs/iac/concepts/stacks/#create-a-stack
    """
    if re.fullmatch(_STACK, text) is None:
        said = described(text, "[0-9A-Za-z_./-]*")
        raise argparse.ArgumentTypeError(f"given {said}, expected letters, digits, - _ . and / between them")
    return text


def parser() -> argparse.ArgumentParser:
    """The options and their help."""
    options = _Parser(
        allow_abbrev=False,  # one that fits two would be repeated
        prog="python -m readiness",
        description="Wait until an app's Key Vault references are resolved, and explain each that is not. "
        "Say what is pending in the stack's databases, and which callers an app does not let in.",
        epilog="Exit status: 0 ready, 1 not in time, 2 wrong usage or Azure could not be asked.",
    )
    apps = options.add_mutually_exclusive_group(required=True)
    apps.add_argument(
        "--stack",
        metavar="NAME",
        type=_stack,
        help="a Pulumi stack of this folder, whose output `app_id` is used, where it has one",
    )
    apps.add_argument(
        "--app-id", metavar="ID", action="append", help="the full id of an app; may be given again"
    )
    options.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=600, help="how long to wait (default: 600)"
    )
    options.add_argument(
        "--interval", metavar="SECONDS", type=_seconds, default=5, help="pause between questions (default: 5)"
    )
    options.add_argument(
        "--refresh",
        action=argparse.BooleanOptionalAction,
        help="ask App Service to resolve all references now, as after a rotation; --no-refresh never asks "
        "(default: only where a failure may be cached)",
    )
    options.add_argument(
        "--database-grants",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to ask the stack's databases what `python -m database_grants` has not granted yet "
        "(default: ask, where the stack has any)",
    )
    options.add_argument(
        "--calls",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to ask each app that the stack's code calls if it lets the caller in (default: ask, "
        "where the stack has any)",
    )
    options.add_argument("--json", action="store_true", help="print the result as JSON")
    return options


def main(
    arguments: Sequence[str] | None = None,
    credential: Callable[[], TokenCredential] = DefaultAzureCredential,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    **client_options: Any,
) -> int:
    """Run the command; results go to standard output, progress to standard error. Returns the exit status."""
    options = parser().parse_args(arguments)
    # A credential that fails is reported below in one line; its library would log a page about it.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    try:
        apps = apps_of(options.stack) if options.stack else StackApps(tuple(options.app_id), {})
        asks_declared = options.stack and (options.database_grants or options.calls)
        if apps.missing and not asks_declared:
            raise StackError(apps.missing)
        with _progress() as say:
            result = check(
                apps.app_ids,
                credential(),
                timeout=options.timeout,
                interval=options.interval,
                refresh=options.refresh,
                say=say,
                stack=options.stack or "",
                vault_ids=apps.vault_ids,
                clock=clock,
                sleep=sleep,
                **client_options,
            )
        if asks_declared:
            # Here, because who asks for an app by its id needs nothing of the components.
            from readiness.declared import with_declared

            result = with_declared(
                result,
                options.stack,
                credential,
                databases=options.database_grants,
                calls=options.calls,
                missing=apps.missing,
                **client_options,
            )
    except (StackError, NotReachableError, ValueError) as error:
        print(f"readiness: {error}", file=sys.stderr)
        return NOT_CHECKED
    except KeyboardInterrupt:
        print("readiness: interrupted", file=sys.stderr)
        return INTERRUPTED
    print(json.dumps(result.as_json(), indent=2) if options.json else "\n".join(result.lines()))
    return READY if result.ready else NOT_READY


@contextmanager
def _progress() -> Generator[Callable[[str], None]]:
    """One line that moves on a terminal, plain lines elsewhere."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        yield console.print
        return
    with console.status("asking App Service") as status:
        yield status.update
