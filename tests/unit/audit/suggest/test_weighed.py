"""The preview of a changed program: of a copy, with its own configuration, and judged by what it shows."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.suggest.project import CONFIG_FILE, Project
from audit.suggest.suggestion import Suggestion, suggest
from audit.suggest.weighed import NotWeighedError, Weighed, weighed
from audit.suggest.words import document, markdown, terminal
from tests.unit.access_report.previews import State, preview
from tests.unit.audit.suggest.stage import (
    BLOBS,
    READ_SECRET,
    VAULT,
    Given,
    audited,
    host,
    suggested,
)

WRITER = "Storage Blob Data Contributor"
EVIL = "x`<img src=//evil>|@team\u202e"
FILES = {
    "Pulumi.yaml": "name: shop\nruntime:\n  name: python\n  options:\n    virtualenv: ../venv\n",
    "__main__.py": "from apps import web\n",
    "apps/__init__.py": "",
    "apps/web.py": 'WebApp("web", {"links": {"a": x}})\n',
    "apps/other.py": "kept = 1\n",
}
Engine = Callable[[Any, int], Path]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A `pulumi` that answers what it is told to, and the file with what it was asked."""

    def answers(answer: Any, status: int = 0) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "answer.json").write_text(answer if isinstance(answer, str) else json.dumps(answer))
        asked = folder / "asked.json"
        command = folder / "pulumi"
        command.write_text(
            f"#!{sys.executable}\n"
            "import json, os, pathlib, sys\n"
            "files = {}\n"
            "for file in ('Pulumi.yaml', '__main__.py', 'apps/web.py', 'apps/other.py'):\n"
            "    place = pathlib.Path(file)\n"
            "    if place.exists():\n"
            "        files[file] = [place.read_text(), place.is_symlink()]\n"
            f"given = os.environ.get({CONFIG_FILE!r})\n"
            "told = {'arguments': sys.argv[1:], 'files': files, 'folder': os.getcwd(),\n"
            "        'configuration': pathlib.Path(given).read_text() if given else None}\n"
            f"pathlib.Path({str(asked)!r}).write_text(json.dumps(told))\n"
            f"print(pathlib.Path({str(folder / 'answer.json')!r}).read_text())\n"
            f"sys.exit({status})\n"
        )
        command.chmod(0o700)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.delenv(CONFIG_FILE, raising=False)
        return asked

    return answers


def shop(folder: Path) -> tuple[Project, Suggestion, list[State]]:
    web = host("WebApp", "web", {"a": Given(WRITER, f"{BLOBS}a")})
    program = folder / "program"
    program.mkdir()
    told = suggested(program, FILES, web)
    return Project.read(program), told, web


def judged(folder: Path, engine: Engine, after: list[State]) -> tuple[Suggestion, Weighed]:
    project, told, before = shop(folder)
    engine(preview(before, after), 0)
    return told, weighed(project, told, "dev")


def test_a_copy_is_previewed_and_the_program_stays_as_it_is(tmp_path: Path, engine: Engine) -> None:
    project, told, web = shop(tmp_path)
    asked = engine(preview(web, web[:1]), 0)
    weighed(project, told, "acme/dev")
    seen = json.loads(asked.read_text())
    assert seen["arguments"] == [
        "preview", "--stack", "acme/dev", "--non-interactive", "--json", "--show-sames",
    ]  # fmt: skip
    assert seen["files"]["apps/web.py"] == ['WebApp("web", {})\n', False]
    assert seen["files"]["apps/other.py"] == ["kept = 1\n", True]
    assert f"virtualenv: {project.folder}/../venv\n" in seen["files"]["Pulumi.yaml"][0]
    assert not Path(seen["folder"]).exists()
    assert {file: (project.folder / file).read_text() for file in FILES} == FILES


def test_a_configuration_elsewhere_is_changed_alike_for_the_preview_and_stays_as_it_is(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "name: shop\nruntime: yaml\nconfig:\n  secrets:\n    type: object\nresources: {}\n"
    own = "config:\n  shop:secrets:\n    A: alpha\n    B: beta\n"
    for name, content in {"Pulumi.yaml": text, "Pulumi.dev.yaml": own}.items():
        (tmp_path / name).write_text(content)
    inputs = {"secrets": {"A": "alpha", "B": "beta"}, "links": {}}
    grants = {
        "secret-alpha": Given(
            "Key Vault Secrets User", f"{VAULT}/secrets/alpha", [(READ_SECRET, "/secrets/alpha")]
        ),
        "secret-beta": Given("Key Vault Secrets User", f"{VAULT}/secrets/beta"),
    }
    web = host("WebApp", "web", grants, inputs)
    project = Project.read(tmp_path)
    told = suggest(audited(web), project, 30)
    asked = engine(preview(web, web), 0)
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(own + "encryptionsalt: v1\n")
    monkeypatch.setenv(CONFIG_FILE, str(elsewhere))
    weighed(project, told, "dev")
    expected = "config:\n  shop:secrets:\n    A: alpha\nencryptionsalt: v1\n"
    assert json.loads(asked.read_text())["configuration"] == expected
    assert elsewhere.read_text() == own + "encryptionsalt: v1\n"


def test_a_grant_that_is_still_there_after_the_change_is_said(tmp_path: Path, engine: Engine) -> None:
    web = host("WebApp", "web", {"a": Given(WRITER, f"{BLOBS}a")})
    told, change = judged(tmp_path, engine, web)
    assert (list(change.stay), change.more) == (list(told.proposed), False)
    assert [one["withoutEffect"] for one in document(told, change)["proposed"]] == [True]
    assert "something else of the program gives the same" in markdown(told, change)


def test_a_grant_that_goes_is_no_news_and_one_that_comes_is(tmp_path: Path, engine: Engine) -> None:
    web = host("WebApp", "web", {"a": Given(WRITER, f"{BLOBS}a")})
    come = host("WebApp", "web", {"b": Given(WRITER, f"{BLOBS}b")})
    told, change = judged(tmp_path, engine, [*web[:1], *come[1:]])
    assert (list(change.stay), change.more) == ([], True)
    assert "The preview adds or widens access" in terminal(told, change)


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        ("no plugin", 255, "no plugin"),
        (
            {"steps": [], "diagnostics": [{"severity": "error", "message": "TypeError: no web"}]},
            1,
            "TypeError",
        ),
        ({"steps": []}, 1, "the preview did not come to its end"),
    ],
)
def test_a_preview_that_fails_is_said_in_the_engines_words(
    tmp_path: Path, engine: Engine, answer: Any, status: int, why: str
) -> None:
    project, told, _ = shop(tmp_path)
    engine(answer, status)
    with pytest.raises(NotWeighedError, match=f"the changed program cannot be previewed: .*{why}"):
        weighed(project, told, "dev")


def test_names_are_harmless_in_a_pull_request_and_in_a_terminal(tmp_path: Path) -> None:
    web = host("WebApp", EVIL, {EVIL: Given(WRITER, f"{BLOBS}a")})
    told = suggested(tmp_path, {**FILES, "__main__.py": ""}, web)
    assert len(told.unwritten) == 1
    body = markdown(told, None)
    assert "<img" not in body
    assert "|@" not in body
    assert "\u202e" not in body + terminal(told, None)
    assert [row.count("|") for row in body.splitlines() if row.startswith("|")] == [8, 8, 8]
