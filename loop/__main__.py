"""The commands behind the Makefile: `python -m loop up | down | clean | preview | review | ready | env`."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from access_report.judgement import Condition
from local_azure.az import install_az
from local_azure.constants import DEPLOYER
from local_azure.private_files import private_folder, private_umask
from loop.clean import clean
from loop.down import down
from loop.example import EXAMPLES_WORK, example_folder, up_example
from loop.make import make
from loop.preview import Judge, Target, Wanted, preview
from loop.review import review
from loop.session import Session, session
from loop.stack import EngineError, components_found
from loop.terminal import Terminal
from loop.up import ready, up
from toolchain.engine import ensure_engine
from toolchain.paths import ROOT, WORK


def main() -> int:
    arguments = parser().parse_args()
    terminal = Terminal(sys.stderr if arguments.command == "env" else sys.stdout)
    try:
        if arguments.example:
            arguments.program = example_folder(arguments.example, arguments.command)
        return run(arguments, terminal)
    except (EngineError, RuntimeError) as error:
        terminal.failed(str(error))
        return 1
    except KeyboardInterrupt:
        again, away = (make(command, arguments.example) for command in ("up", "down"))
        terminal.failed(f"interrupted; the next `{again}` or `{away}` takes it up from here")
        return 130


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """One command. Returns its status. Raises EngineError and RuntimeError."""
    if arguments.work is None:
        arguments.work = EXAMPLES_WORK / arguments.example if arguments.example else WORK
    wanted = Wanted(
        fail_on=[Condition(word) for word in arguments.fail_on],
        expect_no_changes=arguments.expect_no_changes,
        refresh=arguments.refresh,
        judge=Judge(ROOT) if arguments.program != ROOT and not arguments.example else None,
        save_plan=arguments.save_plan,
    )
    work: Path = arguments.work.resolve()
    out: Path = (arguments.out or work / "preview").resolve()
    if arguments.command == "review":
        return review(
            arguments.base,
            out,
            terminal,
            head=arguments.head,
            repository=arguments.repository.resolve(),
            wanted=wanted,
        )
    if arguments.command == "clean":
        return clean(work, terminal, arguments.example)
    if arguments.command == "preview" and arguments.stack != "local":
        private_folder(work)
        with private_umask():
            return preview(_elsewhere(arguments.stack, arguments.program, terminal), out, terminal, wanted)
    program = arguments.program if arguments.example else ROOT
    with session(terminal, work, program) as opened:
        if arguments.command == "preview":
            return preview(Target.of(opened.stack), out, terminal, wanted)
        if arguments.command == "up" and arguments.example:
            return up_example(opened)
        return COMMANDS[arguments.command](opened)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    options = argparse.ArgumentParser(prog="python -m loop", description=__doc__)
    options.add_argument("command", choices=["clean", "preview", "review", *COMMANDS])
    options.add_argument("--work", type=Path, help="where everything is kept; default .keyless")
    options.add_argument(
        "--example",
        default="",
        help="a folder of examples/ in place of the checkout's own program, with a local Azure of its own",
    )
    told = options.add_argument_group("preview and review")
    told.add_argument("--stack", default="local", help="preview another stack, on a real subscription")
    told.add_argument("--base", default="main", help="what the head is reviewed against; default main")
    told.add_argument("--head", default="", help="the ref to review; default what lies in the working tree")
    told.add_argument(
        "--repository", type=Path, default=ROOT, help="whose refs are reviewed; default this checkout"
    )
    told.add_argument(
        "--program",
        type=Path,
        default=ROOT,
        help="what a stack that is not local is previewed with, judged by this checkout's policy pack;"
        " default this checkout",
    )
    told.add_argument(
        "--save-plan",
        type=Path,
        metavar="FILE",
        help="for `pulumi up --plan`, which does no more than it says",
    )
    told.add_argument("--out", type=Path, help="where the report goes; default .keyless/preview")
    told.add_argument("--refresh", action="store_true", help="ask Azure first what is there")
    told.add_argument("--expect-no-changes", action="store_true", help="status 4 when there are changes")
    told.add_argument(
        "--fail-on", nargs="+", default=[], choices=[c.value for c in Condition], help="status 3 if it holds"
    )
    return options


def _elsewhere(stack: str, program: Path, terminal: Terminal) -> Target:
    """A stack that is not local: the user's own login, backend and plugins."""
    folder = ensure_engine(terminal.step).folder
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    program = program.resolve()
    return Target(folder, stack, program, {**os.environ, "PATH": path, **components_found(program)})


def _ready(opened: Session) -> int:
    return 0 if ready(opened, opened.stack.outputs()) else 1


def _env(opened: Session) -> int:
    """Only what differs from the caller's own shell, so that it can be evaluated there. `az` is signed in as
    the deployer."""
    folder = opened.azure / "az" / DEPLOYER.name
    install_az(folder, DEPLOYER, opened.azure)
    variables = dict(opened.environment) | opened.stack.engine_variables()
    variables |= {
        "PATH": f"{folder}{os.pathsep}{variables['PATH']}",
        "PULUMI_STACK": opened.stack.name,
    }
    for key, value in variables.items():
        print(f"export {key}={shlex.quote(value)}")
    return 0


COMMANDS = {"up": up, "down": down, "ready": _ready, "env": _env}

if __name__ == "__main__":
    sys.exit(main())
