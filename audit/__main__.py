"""Run the audit, or what else asks for its evidence: `python -m audit why`, `python -m audit suggest`."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

COMMANDS: Final = {"suggest": "audit.suggest", "why": "audit.why"}
"""A first word, to the package whose `main` takes the other arguments."""


def main(arguments: Sequence[str]) -> int:
    """The exit status of the command that the first word names."""
    named = COMMANDS.get(arguments[0]) if arguments else None
    run: Callable[[Sequence[str]], int] = import_module(named or "audit.command_line").main
    return run(arguments[1:] if named else arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
