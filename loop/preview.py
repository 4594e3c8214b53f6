"""One preview and its report: on a laptop, in a pull request's pipeline, and in the check for drift."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from access_report.document import document
from access_report.judge import CONFIGURATION, configuration, judging, loosened, notes
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.page import page
from access_report.reading import NotReadableError, read_preview
from access_report.report import Report, report
from access_report.run import LONGEST_LINE, STOPS, Run
from access_report.safety import LONGEST_SENTENCE, in_terminal
from access_report.terminal import terminal as table
from loop.stack import EngineError, Stack
from loop.terminal import Terminal

FAILED: Final = 1
"""The engine did not come to its end, or a mandatory policy refuses."""
HOLDS: Final = 3
"""A condition that was to fail the pipeline holds."""
CHANGES: Final = 4
"""There are changes where none were expected."""
NO_JUDGE: Final = "**No policy pack judged this preview**: there is none where it is taken from.\n"
_NOT_SHOWN: Final = ("same", "read")
_SIGNS: Final = {"create": "+", "delete": "-", "update": "~", "replace": "±", "import": "="}


@dataclass(frozen=True)
class Target:
    """A stack, the program that describes it, and the engine and environment in which both are previewed."""

    engine: Path
    stack: str
    program: Path
    environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, stack: Stack) -> Self:
        return cls(stack.engine, stack.name, stack.program, stack.environment())


@dataclass(frozen=True)
class Judge:
    """Whose policy pack judges: that of a checkout in `folder`, and `changed`, the paths that the program's
    own checkout changes against it.
    """

    folder: Path
    changed: Sequence[str] = ()

    def notes(self, program: Path) -> str:
        """What the program's checkout changes of this judge, for the top of a report."""
        before, after = (_configuration(folder) for folder in (self.folder, program))
        found = notes(loosened(before, after), judging(self.changed))
        return found if policy_options(self.folder) else "\n".join(part for part in (NO_JUDGE, found) if part)


@dataclass(frozen=True)
class Wanted:
    """What a preview is to find out, and for whom. `refresh` asks Azure first what is there; `judge`, left
    out, is the program's own policy pack; `save_plan` is a file for `pulumi up --plan`.
    """

    fail_on: Sequence[Condition] = ()
    expect_no_changes: bool = False
    refresh: bool = False
    judge: Judge | None = None
    save_plan: Path | None = None


def preview(target: Target, out: Path, terminal: Terminal, wanted: Wanted | None = None) -> int:
    """Preview `target`, judged by its policy pack, and write to `out`: `preview.json` and `run.json`, the
    input of `python -m access_report.comment`, and `report.md`, `report.json`, `report.html`. Returns 0, or
    the first of FAILED, HOLDS and CHANGES that is the case. Raises EngineError when there is no preview.
    """
    wanted = wanted or Wanted()
    out.mkdir(parents=True, exist_ok=True)
    terminal.step(f"the Pulumi engine previews the stack `{target.stack}`")
    judge = wanted.judge or Judge(target.program)
    previewed, run = _ask(target, out, judge.folder, wanted)
    try:
        told = report(read_preview(previewed))
    except NotReadableError as error:
        said = f"{_errors(previewed)}\n{_misspelt(judge.folder)}"
        raise EngineError(["preview"], FAILED, said) from error
    above = "\n".join(part for part in (judge.notes(target.program), run.notes()) if part)
    (out / "report.md").write_text(comment(told, notes=above, whole=run.succeeded))
    (out / "report.json").write_text(json.dumps(document(told), indent=2, ensure_ascii=False) + "\n")
    (out / "report.html").write_text(page(told))
    _say(told, run, previewed, terminal)
    terminal.note(f"the report for a browser: {out / 'report.html'}")
    if not run.succeeded:
        terminal.failed(_errors(previewed) or "the preview did not come to its end")
        return FAILED
    found = [reason for condition in wanted.fail_on for reason in _held(told, condition)]
    for reason in found:
        terminal.failed(reason)
    if found:
        return HOLDS
    if wanted.expect_no_changes and told.counts:
        terminal.failed("there are changes, and none were expected")
        return CHANGES
    return 0


def policy_options(program: Path) -> list[str]:
    """The policy pack of a program, if it has one, and how the program configures it."""
    if not (program / "policy" / "PulumiPolicy.yaml").exists():
        return []
    file = program / CONFIGURATION
    given = ["--policy-pack-config", str(file)] if file.exists() else []
    return ["--policy-pack", str(program / "policy"), *given]


def _configuration(program: Path) -> Any:
    file = program / CONFIGURATION
    return configuration(file.read_text(encoding="utf-8") if file.exists() else None)


def _ask(target: Target, out: Path, judge: Path, wanted: Wanted) -> tuple[dict[str, Any], Run]:
    """What the engine printed, and how it went, both also as files in `out`."""
    for earlier in out.glob("report.*"):
        earlier.unlink()
    events = out / "events.jsonl"
    events.unlink(missing_ok=True)
    command = [str(target.engine / "pulumi"), "preview", "--stack", target.stack, "--non-interactive"]
    command += ["--json", "--show-sames", "--event-log", str(events), *policy_options(judge)]
    command += ["--refresh"] if wanted.refresh else []
    if wanted.save_plan:
        wanted.save_plan.parent.mkdir(parents=True, exist_ok=True)
        wanted.save_plan.unlink(missing_ok=True)
        command += ["--save-plan", str(wanted.save_plan.resolve())]
    result = subprocess.run(
        command,
        # The engine has an event log for the Automation API, behind this switch.
        env={**target.environment, "PULUMI_DEBUG_COMMANDS": "true"},
        cwd=target.program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    run = Run.of_events(_lines(events), succeeded=result.returncode == 0)
    events.unlink(missing_ok=True)
    (out / "preview.json").write_text(result.stdout)
    (out / "run.json").write_text(json.dumps(run.document(), indent=2) + "\n")
    try:
        previewed: dict[str, Any] = json.loads(result.stdout)
    except ValueError as error:
        said = f"{result.stdout}\n{_misspelt(judge)}"
        raise EngineError(command[1:], result.returncode, said) from error
    return previewed, run


def _misspelt(judge: Path) -> str:
    """What is misspelt in a judge's configuration: the engine names no rule that it does not know."""
    if not (judge / "policy" / "configuration.py").exists() or not (judge / CONFIGURATION).exists():
        return ""
    asked = subprocess.run(
        [sys.executable, "-m", "policy.configuration", CONFIGURATION],
        cwd=judge, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    return asked.stdout


def _lines(events: Path) -> Iterator[Any]:
    for line in events.read_text().splitlines() if events.exists() else ():
        yield json.loads(line)


def _say(told: Report, run: Run, previewed: Mapping[str, Any], terminal: Terminal) -> None:
    for step in _steps(previewed):
        terminal.note(step)
    for line in table(told).splitlines():
        terminal.note(line)
    for finding in run.findings:
        text = f"{in_terminal(finding.rule)} on {in_terminal(finding.resource)}:"
        (terminal.failed if finding.level == STOPS else terminal.note)(text)
        for line in finding.message.strip().splitlines():
            terminal.note(f"  {in_terminal(line, LONGEST_LINE)}")


def _steps(previewed: Mapping[str, Any]) -> Iterable[str]:
    """One line for each resource that changes, with the properties that do."""
    for step in previewed["steps"]:
        if step["op"] not in _NOT_SHOWN:
            # The stack, the project, the types from the outermost on, and a name, which may have :: in it.
            *_, kind, name = step["urn"].split("::", 3)
            because = ", ".join(step.get("detailedDiff") or step.get("diffReasons") or ())
            what = f"{kind.rpartition('$')[2]} {in_terminal(name)}"
            yield f"{_SIGNS.get(step['op'], '·')} {step['op']:<8} {what}{f' ({because})' if because else ''}"


def _errors(previewed: Mapping[str, Any]) -> str:
    found: list[dict[str, Any]] = previewed.get("diagnostics") or []
    return "\n".join(entry["message"].strip() for entry in found if entry.get("severity") == "error")


def _held(told: Report, condition: Condition) -> Iterable[str]:
    found = reasons(told, condition)
    return (f"{condition.value}: {in_terminal(reason, LONGEST_SENTENCE)}" for reason in found)
