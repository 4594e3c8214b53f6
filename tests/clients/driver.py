# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportMissingImports=false
"""Runs in the environment of the Azure CLI, and imports nothing of ours: a command a line of standard input,
as JSON, an answer a line of standard output.

The commands go through the CLI's own parser and its own code, in one process, as its own tests do it; a
process for each would take ten times as long. A command that is only parsed is not run, and reaches no Azure.
"""

import contextlib
import io
import json
import os
import sys
import tempfile

from azure.cli.core import get_default_cli
from azure.cli.core.commands import AzCliCommandInvoker

_run_jobs = AzCliCommandInvoker._run_jobs_serially  # pyright: ignore[reportPrivateUsage]


class Errors(io.StringIO):
    """Where the CLI's loggers write, whoever holds it."""

    def isatty(self) -> bool:
        return False


def main() -> None:
    asked, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    errors = Errors()
    sys.stderr = errors
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    cli = get_default_cli()
    for line in asked:
        wanted = json.loads(line)
        errors.seek(0)
        errors.truncate()
        output = io.StringIO()
        AzCliCommandInvoker._run_jobs_serially = _nothing if wanted["only_parsed"] else _run_jobs
        with tempfile.TemporaryFile() as given:
            given.write(wanted["given"].encode())
            given.seek(0)
            os.dup2(given.fileno(), 0)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    status = cli.invoke(wanted["words"], out_file=output)
            except SystemExit as ended:
                status = ended.code
        answer = {"status": status or 0, "output": output.getvalue(), "errors": errors.getvalue()}
        print(json.dumps(answer), file=answers, flush=True)


def _nothing(*_: object) -> tuple[list[object], list[object]]:
    return [], []


if __name__ == "__main__":
    main()
