"""`python -m audit why`: the options, and the answer in words or as JSON."""

import argparse
import ipaddress
import json
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential

from access_report.safety import in_terminal, visible
from audit.why.locks import locks
from audit.why.networks import network
from audit.why.permissions import Permissive
from audit.why.places import Place
from audit.why.question import Answer, Question, Step, together

REFUSED: Final = 2
_LONGEST: Final = 1_000


def main(
    arguments: Sequence[str] | None = None,
    credential: Callable[[], TokenCredential] = DefaultAzureCredential,
    **client_options: Any,
) -> int:
    """0; 2 for a question that is none, or where Azure could not be asked."""
    given = _parser().parse_args(arguments)
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    try:
        asked = Question(given.principal, given.action, given.scope, given.address or "")
        steps = answered(asked, credential(), **client_options)
    except (AzureError, ValueError) as error:
        print(f"audit why: {in_terminal(str(error).splitlines()[0], _LONGEST)}", file=sys.stderr)
        return REFUSED
    print(_json(asked, steps) if given.format == "json" else _terminal(asked, steps))
    return 0


def answered(asked: Question, credential: TokenCredential, **options: Any) -> list[Step]:
    """What decides, in the order in which it does."""
    place = Place(credential, asked, **options)
    permissions = Permissive(credential, asked, **options)
    found = list(place.by_policies() if place.goes_by_policies else permissions.steps())
    return [*found, *network(credential, asked, **options), *locks(credential, asked, **options)]


def _terminal(asked: Question, steps: Sequence[Step]) -> str:
    marks = {Answer.ALLOWED: "+", Answer.REFUSED: "-", Answer.DEPENDS: "?", None: " "}
    lines = [f"{together(steps).value}: {asked.principal} {asked.action} on {asked.scope}"]
    lines += [f"{marks[step.answer]} {step.subject}: {step.words}" for step in steps]
    return "\n".join(in_terminal(line, _LONGEST) for line in lines)


def _json(asked: Question, steps: Sequence[Step]) -> str:
    told = {
        "answer": together(steps).value,
        "principal": asked.principal,
        "action": asked.action,
        "isOnData": asked.is_on_data,
        "scope": visible(asked.scope, _LONGEST),
        "steps": [
            {
                "subject": visible(step.subject, _LONGEST),
                "words": visible(step.words, _LONGEST),
                "answer": step.answer.value if step.answer else None,
            }
            for step in steps
        ],
    }
    return json.dumps(told, indent=2)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError("expected an address, as 203.0.113.7") from None


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        allow_abbrev=False,
        prog="python -m audit why",
        description="Why somebody may do something, or may not: assignments, conditions, network rules and "
        "locks that decide it, in Azure as it is now.",
        epilog="Exit status: 0; 2 for a question that is none, or where Azure could not be asked.",
    )
    options.add_argument(
        "--principal", metavar="ID", required=True, help="object id of who asks, never a client id"
    )
    options.add_argument(
        "--action", required=True, help="as Microsoft.KeyVault/vaults/secrets/getSecret/action"
    )
    options.add_argument("--scope", metavar="ID", required=True, help="id of what it is about")
    options.add_argument(
        "--from", metavar="ADDRESS", dest="address", type=_address, help="the public address of the caller"
    )
    options.add_argument("--format", choices=("json", "terminal"), default="terminal")
    return options
