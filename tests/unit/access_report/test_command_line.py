"""`python -m access_report`: what goes in, what comes out, and with which exit status."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from access_report.__main__ import main
from tests.unit.access_report.previews import (
    APP,
    State,
    grant,
    preview,
)


def _file(folder: Path, document: Any, name: str = "preview.json") -> str:
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return str(folder / name)


def _piped(text: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()))


def _state(resources: list[State]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": resources}}


@pytest.mark.parametrize(
    ("format", "beginning"),
    [
        ("terminal", "shop/dev: 1 create. Grants: 1 added, 0 removed; no secret value in clear."),
        (
            "markdown",
            "<!-- keyless access report: 73686f702f646576 -->\n### <code>shop/dev</code>: 1 create.",
        ),
        ("json", '{\n  "version": 1,\n  "stack": "shop/dev",'),
        ("html", "<!doctype html>"),
    ],
)
def test_every_format_goes_to_standard_output_or_a_file(
    format: str, beginning: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = _file(tmp_path, preview(APP, [*APP, grant()]))
    assert main(["--preview", source, "--format", format]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(beginning)
    assert main(["--preview", source, "--format", format, "--output", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "out").read_text(encoding="utf-8") == printed


def test_a_state_alone_is_told_as_what_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--state", _file(tmp_path, _state([*APP, grant()])), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [line["change"] for line in told["grants"]] == ["unchanged"]
    assert told["operations"] == {}
    assert told["headline"] == "no changes. No grant changes; no secret value in clear."


def test_two_states_are_told_as_a_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = _file(tmp_path, _state(APP), "before"), _file(tmp_path, _state([*APP, grant()]), "after")
    assert main(["--state", after, "--before", before, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [line["change"] for line in told["grants"]] == ["added"]
    assert told["operations"] == {"create": 1}


def test_a_dash_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", _piped(json.dumps(preview(APP, APP))))
    assert main(["--preview", "-"]) == 0
    assert "no changes." in capsys.readouterr().out


def test_a_condition_that_holds_gives_status_three_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = _file(tmp_path, preview(APP, [*APP, grant()]))
    arguments = ["--preview", source, "--explain", "--fail-on", "wider-access", "removed-protection"]
    assert main(arguments) == 3
    assert capsys.readouterr().err.splitlines() == [
        "wider-access: holds",
        "  - identity app gets Key Vault Secrets User on key vault vault (added)",
        "removed-protection: does not hold",
    ]
    assert main(["--preview", source, "--fail-on", "removed-protection"]) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "is no JSON"),
        ("[]", "expected the output of `pulumi preview --json --show-sames`"),
        ('{"deployment": {}}', "expected the output of `pulumi preview --json --show-sames`"),
    ],
)
def test_what_is_no_preview_is_refused_in_one_line(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_text(text)
    assert main(["--preview", str(tmp_path / "x")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert len(printed.err.splitlines()) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--preview", str(tmp_path / "missing.json")]) == 2
    assert "missing.json" in capsys.readouterr().err
