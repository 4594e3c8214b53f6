"""`python -m audit`: what goes in, what comes out, and with which exit status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.command_line import main
from tests.unit.audit.stacks import (
    FIRST,
    STRANGER,
    UNTIL,
    assignment,
    blob_row,
    folder_of,
    shop,
    vault_row,
)

Run = Callable[..., tuple[int, str, str]]
ROWS = {
    "AZKVAuditLogs": [
        vault_row("database", at="2026-11-01T00:00:00Z"),
        vault_row("mail", who=STRANGER, by="99999999-0000-4000-8000-000000000000"),
        vault_row("payments", status=403, by=""),
    ],
    "StorageBlobLogs": [blob_row("GetBlob", "StorageRead")],
}


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The status and both streams of the command on the shop's state and rows."""

    def run(*options: str, rows: dict[str, list[dict[str, Any]]] = ROWS) -> tuple[int, str, str]:
        state = tmp_path / "state.json"
        web = "urn:pulumi:dev::shop::keyless:index:WebApp::web"
        made = assignment(
            "8a000000-0000-4000-8000-000000000000",
            "Reader",
            "/subscriptions/x",
            parent=web,
            where=("app.py#7",),
        )
        around = {"urn": web, "type": "keyless:index:WebApp"}
        state.write_text(json.dumps(shop(around, made)))
        folder = folder_of(tmp_path / "rows", rows)
        status = main(["--state", str(state), "--rows", str(folder), *options], now=lambda: UNTIL)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.mark.parametrize(
    ("format", "beginning"),
    [
        ("terminal", "shop/dev, 2026-11-01 to 2026-12-01 (30 days). 7 grants: 2 used, 2 never used,"),
        ("markdown", "### <code>shop/dev</code>, 2026-11-01 to 2026-12-01 (30 days). 7 grants:"),
        ("json", '{\n  "version": 1,\n  "stack": "shop/dev",'),
        ("html", "<!doctype html>"),
    ],
)
def test_every_format_goes_to_standard_output_or_a_file(
    run: Run, format: str, beginning: str, tmp_path: Path
) -> None:
    status, printed, progress = run("--format", format)
    assert (status, printed.startswith(beginning)) == (0, True)
    assert progress.startswith("reading the rows in ")
    assert run("--format", format, "--output", str(tmp_path / "out"))[1] == ""
    assert (tmp_path / "out").read_text(encoding="utf-8") == printed


def test_the_terminal_tells_who_where_how_often_and_by_which_line(run: Run) -> None:
    _, printed, _ = run()
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    titles = [line for line in lines if line in (
        "Never used", "Let in by something that this program does not know", "Refused", "Used",
        "Not used yet", "Not logged", "No log of this kind",
    )]  # fmt: skip
    assert titles == [
        "Never used", "Let in by something that this program does not know", "Refused", "Used",
        "Not logged", "No log of this kind",
    ]  # fmt: skip
    told = " ".join(printed.split())
    assert STRANGER[:18] in told  # the table folds what is long
    for said in (
        "once",
        "2026-11-10 10:00",
        "20.0.0.1",
        "app.py:7",
        "WebApp web",
        "all times are UTC",
    ):
        assert said in told


def test_json_says_of_each_grant_what_the_rows_say(run: Run) -> None:
    told = json.loads(run("--format", "json")[1])
    (first,) = [one for one in told["grants"] if one["assignment"].endswith(FIRST)]
    assert {key: first[key] for key in ("verdict", "count", "last", "isCertain", "parts", "addresses")} == {
        "verdict": "used",
        "count": 1,
        "last": "2026-11-01T00:00:00Z",
        "isCertain": True,
        "parts": {"/secrets/database": 1},
        "addresses": ["20.0.0.1"],
    }
    assert [one["objectId"] for one in told["unknownCallers"]] == [STRANGER]
    assert [one["where"] for one in told["refused"]] == ["secret payments of key vault vault"]
    assert {key: len(found) for key, found in told["conditions"].items()} == {
        "unused": 2,
        "unknown-caller": 1,
        "refused": 1,
        "not-logged": 1,
        "sign-in-refused": 0,
        "sign-in-elsewhere": 0,
    }


@pytest.mark.parametrize("condition", ["unused", "unknown-caller", "refused", "not-logged"])
def test_a_pipeline_fails_on_what_it_asks_for_and_is_told_why(run: Run, condition: str) -> None:
    status, _, said = run("--fail-on", condition, "--explain")
    assert status == 3
    assert f"{condition}: holds\n  - " in said
    status, _, said = run("--fail-on", "refused", "unknown-caller", "--explain", rows={"AZKVAuditLogs": []})
    assert status == 0
    assert "refused: does not hold\n" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rows", "/nowhere"), "audit: [Errno 2] No such file or directory"),
        (("--state", "/dev/null"), "audit: /dev/null is empty"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(run: Run, options: tuple[str, ...], said: str) -> None:
    status, printed, errors = run(*options)
    assert (status, printed) == (2, "")
    (line,) = [line for line in errors.splitlines() if line.startswith("audit: ")]
    assert line.startswith(said)


@pytest.mark.parametrize("since", ["30", "0d", "2y", "-1d", "800d"])
def test_a_span_is_a_number_of_days_hours_or_minutes(run: Run, since: str) -> None:
    with pytest.raises(SystemExit) as refused:
        run("--since", since)
    assert refused.value.code == 2


def test_no_value_in_a_row_or_a_state_reaches_what_is_told(run: Run) -> None:
    planted = "p1anted-value"
    signed = f"https://stshop.blob.core.windows.net/reports/{planted}?sig={planted}"
    rows = {
        "AZKVAuditLogs": [
            vault_row("database", ResultDescription=planted, Properties={"value": planted}),
            vault_row(f"mail/{planted}?token={planted}", status=403, by=""),
        ],
        "StorageBlobLogs": [blob_row("GetBlob", "StorageRead", Uri=signed, AuthenticationHash=planted)],
        "AppTraces": [{"Message": planted}],
    }
    for format in ("terminal", "markdown", "json", "html"):
        status, printed, errors = run("--format", format, rows=rows)
        assert status == 0
        assert planted not in printed + errors


def test_a_name_from_a_log_is_shown_as_what_it_is_in_every_format(run: Run) -> None:
    hostile = "x\u202e<script>alert(1)</script>|`@everybody"
    rows = {"AZKVAuditLogs": [vault_row("mail", who=STRANGER, by=hostile, OperationName=hostile)]}
    for format in ("terminal", "markdown", "html", "json"):
        _, printed, _ = run("--format", format, rows=rows)
        assert "\u202e" not in printed
        assert format in ("terminal", "json") or "<script>alert" not in printed
