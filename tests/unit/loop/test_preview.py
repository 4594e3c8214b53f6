"""One preview: what the engine is asked, what is written, and the status that a pipeline gets."""

import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from access_report.judgement import Condition
from loop.preview import CHANGES, FAILED, HOLDS, Judge, Target, Wanted, preview
from loop.stack import EngineError
from loop.terminal import Terminal
from tests.unit.access_report.previews import grant, identity, vault
from tests.unit.access_report.previews import preview as steps
from toolchain.paths import ROOT

STATES = [vault(), identity()]
SAME, WIDER = steps(STATES, STATES), steps(STATES, [*STATES, grant()])


class Engine:
    """In place of `pulumi`: answers what it was told and keeps what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out, self.printed = folder, folder / "out", io.StringIO()

    def answers(self, printed: Any, *, status: int = 0, events: tuple[Any, ...] = ()) -> "Engine":
        text = printed if isinstance(printed, str) else json.dumps(printed)
        (self.folder / "answer").write_text(text)
        (self.folder / "events").write_text("".join(f"{json.dumps(event)}\n" for event in events))
        here = shlex.quote(str(self.folder))
        script = f"""#!/bin/sh
cd {here}
printf '%s\\n' "$@" > asked
while [ "$1" != --event-log ]; do shift; done
[ "$PULUMI_DEBUG_COMMANDS" = true ] && cp events "$2"
cat answer
exit {status}
"""
        (self.folder / "pulumi").write_text(script)
        (self.folder / "pulumi").chmod(0o755)
        return self

    def preview(self, wanted: Wanted | None = None, program: Path = ROOT) -> int:
        target = Target(self.folder, "dev", program, {"PATH": "/usr/bin:/bin"})
        return preview(target, self.out, Terminal(self.printed), wanted)

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


def test_a_preview_is_judged_by_the_policy_pack_and_tells_of_what_stays(engine: Engine) -> None:
    assert engine.answers(SAME).preview() == 0
    assert engine.asked == [
        "preview", "--stack", "dev", "--non-interactive", "--json", "--show-sames",
        "--event-log", str(engine.out / "events.jsonl"),
        "--policy-pack", str(ROOT / "policy"), "--policy-pack-config", str(ROOT / "policy-config.json"),
    ]  # fmt: skip
    assert sorted(path.name for path in engine.out.iterdir()) == [
        "preview.json", "report.html", "report.json", "report.md", "run.json",
    ]  # fmt: skip


def test_a_program_without_a_policy_pack_is_previewed_all_the_same(engine: Engine, tmp_path: Path) -> None:
    assert engine.answers(SAME).preview(Wanted(refresh=True), program=tmp_path) == 0
    assert "--policy-pack" not in engine.asked
    assert engine.asked[-1] == "--refresh"


def test_changes_fail_a_check_that_expects_none(engine: Engine) -> None:
    assert engine.answers(SAME).preview(Wanted(expect_no_changes=True)) == 0
    assert engine.answers(WIDER).preview(Wanted(expect_no_changes=True)) == CHANGES
    assert "there are changes, and none were expected" in engine.printed.getvalue()
    assert "+ create   azure-native:authorization:RoleAssignment app-vault" in engine.printed.getvalue()


def test_a_condition_that_holds_fails_with_its_reason(engine: Engine) -> None:
    wanted = Wanted(fail_on=[Condition.PUBLIC_EXPOSURE, Condition.WIDER_ACCESS], expect_no_changes=True)
    assert engine.answers(WIDER).preview(wanted) == HOLDS
    assert "✗ wider-access: identity app gets Key Vault Secrets User" in engine.printed.getvalue()
    assert "public-exposure" not in engine.printed.getvalue()


def test_an_engine_that_fails_on_the_way_still_leaves_what_it_knew_and_says_so(engine: Engine) -> None:
    finding = {"policyName": "r", "enforcementLevel": "mandatory", "resourceUrn": "a::v", "message": "D\nNo"}
    printed = {**WIDER, "diagnostics": [{"severity": "error", "message": "the program broke\n"}]}
    engine.answers(printed, status=255, events=({"policyEvent": finding},))
    assert engine.preview(Wanted(fail_on=[Condition.WIDER_ACCESS])) == FAILED
    assert "✗ r on v:" in engine.printed.getvalue()
    assert "✗ the program broke" in engine.printed.getvalue()
    assert "**The preview did not come to its end" in (engine.out / "report.md").read_text()
    assert json.loads((engine.out / "run.json").read_text())["succeeded"] is False


def test_an_earlier_report_does_not_outlive_a_preview_that_cannot_be_read(engine: Engine) -> None:
    assert engine.answers(SAME).preview() == 0
    with pytest.raises(EngineError, match="ended with status 255"):
        engine.answers("error: no stack named 'dev' found", status=255).preview()
    assert sorted(path.name for path in engine.out.iterdir()) == ["preview.json", "run.json"]


def test_a_preview_without_a_step_is_the_engines_failure_in_its_own_words(engine: Engine) -> None:
    said = {"diagnostics": [{"severity": "error", "message": "stack dev is not there"}]}
    with pytest.raises(EngineError, match="stack dev is not there"):
        engine.answers(said, status=1).preview()


def test_what_is_misspelt_in_the_configuration_is_named_where_the_engine_does_not(
    engine: Engine, tmp_path: Path
) -> None:
    for package in ("access_report", "components", "policy"):
        (tmp_path / package).symlink_to(ROOT / package)
    waivers = [{"resource": "*", "reason": "The vault holds made-up values only."}]
    (tmp_path / "policy-config.json").write_text(json.dumps({"site-no-ftps": {"waivers": waivers}}))
    nameless = 'error: configuring policy pack "keyless": invalid enforcement level ""'
    for said in (nameless, {"diagnostics": [{"severity": "error", "message": nameless}]}):
        with pytest.raises(EngineError) as refused:
            engine.answers(said, status=255).preview(program=tmp_path)
        assert refused.value.output.splitlines() == [
            nameless,
            "policy-config.json: there is no rule `site-no-ftps`; did you mean `site-no-ftp`?",
        ]


def checkout(folder: Path, configuration: Any) -> Path:
    """A program with a policy pack that it configures."""
    (folder / "policy").mkdir(parents=True)
    (folder / "policy" / "PulumiPolicy.yaml").touch()
    (folder / "policy-config.json").write_text(json.dumps(configuration))
    return folder


def test_a_judge_from_elsewhere_judges_and_what_the_program_loosens_is_told(
    engine: Engine, tmp_path: Path
) -> None:
    base = checkout(tmp_path / "base", {})
    head = checkout(tmp_path / "head", {"all": "disabled"})
    judge = Judge(base, ["policy/pack.py", "app/main.py"])

    assert engine.answers(SAME).preview(Wanted(judge=judge), head) == 0

    pack = engine.asked.index("--policy-pack")
    assert engine.asked[pack : pack + 4] == [
        "--policy-pack", str(base / "policy"), "--policy-pack-config", str(base / "policy-config.json"),
    ]  # fmt: skip
    assert str(head) not in " ".join(engine.asked)
    text = (engine.out / "report.md").read_text()
    assert "**This pull request loosens the policy.**" in text
    assert "- <code>all</code> is disabled\n" in text
    assert "- <code>policy/pack.py</code>\n" in text
    assert "app/main.py" not in text


def test_a_judge_without_a_policy_pack_is_said_to_have_none(engine: Engine, tmp_path: Path) -> None:
    head = checkout(tmp_path / "head", {})
    assert engine.answers(SAME).preview(Wanted(judge=Judge(tmp_path / "base")), head) == 0
    assert "--policy-pack" not in engine.asked
    assert "**No policy pack judged this preview**" in (engine.out / "report.md").read_text()


def test_a_plan_is_saved_where_it_is_asked_for_and_none_of_earlier_stays(
    engine: Engine, tmp_path: Path
) -> None:
    plan = tmp_path / "plans" / "plan.json"
    plan.parent.mkdir()
    plan.write_text("of an earlier preview")
    assert engine.answers(SAME).preview(Wanted(save_plan=plan)) == 0
    assert engine.asked[engine.asked.index("--save-plan") + 1] == str(plan)
    assert not plan.exists()
    engine.answers(SAME).preview()
    assert "--save-plan" not in engine.asked
