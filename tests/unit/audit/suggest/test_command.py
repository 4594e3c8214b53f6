"""`python -m audit suggest` on exported rows: what it prints, in which form, and with which status."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from audit.__main__ import main as audit_main
from audit.suggest import main
from tests.unit.audit.stacks import FIRST, SECOND, THIRD, UNTIL, folder_of, shop, vault_row

PROGRAM = f"""from pulumi_azure_native import authorization

authorization.RoleAssignment("{SECOND}", scope=s)
authorization.RoleAssignment(third, scope=s)
"""


def suggested(folder: Path, *options: str) -> int:
    """Of the shop, whose vault's log is on for all of the 30 days and which reads one of three secrets."""
    program = folder / "program"
    program.mkdir(exist_ok=True)
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (program / "__main__.py").write_text(PROGRAM)
    state = folder / "state.json"
    state.write_text(json.dumps(shop()))
    rows = folder_of(folder / "rows", {"AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z")]})
    given = ["--state", str(state), "--rows", str(rows), "--program", str(program)]
    return main([*given, *options], now=lambda: UNTIL)


def test_what_is_proposed_and_what_is_to_write_by_hand_is_told_with_the_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggested(tmp_path, "--format", "json", "--diff", str(tmp_path / "diff")) == 0
    told = json.loads(capsys.readouterr().out)
    (proposed,), (by_hand,) = told["proposed"], told["byHand"]
    assert proposed["becomes"] == f"take RoleAssignment '{SECOND}' out"
    assert (proposed["kind"], proposed["days"], proposed["evidence"]) == (
        "gone", 30, ["no use in 30 days of logs"],
    )  # fmt: skip
    assert proposed["in"] == [{"file": "__main__.py", "line": 3}]
    assert (by_hand["write"], by_hand["at"]) == ([f"take RoleAssignment '{THIRD}' out"], "")
    assert told["addsAccess"] is None  # nobody asked the engine
    assert {one["why"] for one in told["stays"]} == {
        "Azure has no log of its use",
        "its use is not logged: no row, and no setting was read",
    }
    assert FIRST not in json.dumps(told["proposed"] + told["byHand"])
    assert told["diff"] == (tmp_path / "diff").read_text()
    assert f'-authorization.RoleAssignment("{SECOND}", scope=s)\n' in told["diff"]
    assert (tmp_path / "program" / "__main__.py").read_text() == PROGRAM


def test_a_terminal_is_shown_the_diff_and_a_pull_request_the_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggested(tmp_path) == 0
    text = capsys.readouterr().out
    assert (
        "shop/dev: 1 grant to take away, 1 change to write by hand, by the evidence of 30 days and more"
        in text
    )
    assert f'-authorization.RoleAssignment("{SECOND}", scope=s)' in text
    assert suggested(tmp_path, "--format", "markdown", "--output", str(tmp_path / "body.md")) == 0
    assert capsys.readouterr().out == ""
    body = (tmp_path / "body.md").read_text()
    assert "no use in 30 days of logs" in body
    assert "**To write by hand**" in body
    assert "+++" not in body


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--expect-nothing",), 4),
        (("--expect-nothing", "--evidence", "31", "--since", "40d"), 0),
    ],
)
def test_a_pipeline_can_ask_whether_there_is_anything(
    tmp_path: Path, options: Sequence[str], status: int
) -> None:
    assert suggested(tmp_path, *options) == status


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--evidence", "31"), "--since reaches back less than the 31 days of --evidence"),
        (("--evidence", "0"), "expected whole days, 1 or more"),
        (("--evidence", "ten"), "expected whole days, 1 or more"),
    ],
)
def test_days_that_cannot_be_evidence_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: Sequence[str], why: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        suggested(tmp_path, *options)
    assert refused.value.code == 2
    assert why in capsys.readouterr().err


def test_a_folder_without_a_program_is_refused_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["suggest", "--state", str(tmp_path / "none.json"), "--program", str(tmp_path)]
    assert audit_main(given) == 2
    assert "no Pulumi.yaml in" in capsys.readouterr().err
