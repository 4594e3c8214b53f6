"""Results are stale where what they were found on is there no longer, and nowhere else."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hosts import matrix
from tests.hosts.fingerprint import fingerprints
from tests.hosts.results import HostResult, stale
from tests.hosts.row import host, hosts
from toolchain.paths import ROOT

FILES = {
    "components/__init__.py": "from components.hosts.vm import Vm\nfrom components.hosts.web import Web\n",
    "components/roles.py": "",
    "components/hosts/__init__.py": "",
    "components/hosts/vm/__init__.py": "from components.hosts.vm.disk import Disk\n",
    "components/hosts/vm/disk.py": "",
    "components/hosts/web/__init__.py": "from components.hosts.web.plan import Plan\n",
    "components/hosts/web/plan.py": "",
    "components/hosts/web/facts.json": "{}",
    "local_azure/__init__.py": "",
    "local_azure/apps/__init__.py": "",
    "local_azure/apps/worker.py": "",
    "local_azure/machines/__init__.py": "from local_azure.apps.worker import Worker\n",
    "tests/hosts/program.py": "",
    "tests/hosts/results.json": "{}",
    "tests/hosts/rows/vm.py": "from tests.hosts.rows import web\n",
    "tests/hosts/rows/web.py": "",
    "tests/hosts/rows/other.py": "",
    "tests/hosts/targets/blobs.py": "",
    "requirements.txt": "pulumi==1\n",
}
NOBODY: set[str] = set()
RUNS_ON = {
    "other": (),
    "vm": ("components/hosts/vm", "local_azure/machines"),
    "web": ("components/hosts/web", "local_azure/apps"),
}


def made_on(folder: Path, **changed: str) -> Mapping[str, str]:
    """The fingerprints of a project of these files, of which one may say something else."""
    for name, text in {**FILES, **changed}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return fingerprints(folder, RUNS_ON)


@pytest.mark.parametrize(
    ("file", "stale_now"),
    [
        ("components/roles.py", {"other", "vm", "web"}),
        ("local_azure/__init__.py", {"other", "vm", "web"}),
        ("tests/hosts/program.py", {"other", "vm", "web"}),
        ("tests/hosts/targets/blobs.py", {"other", "vm", "web"}),
        ("requirements.txt", {"other", "vm", "web"}),
        ("components/hosts/vm/disk.py", {"vm"}),
        ("components/hosts/web/plan.py", {"web"}),
        ("components/hosts/web/facts.json", {"web"}),
        ("local_azure/machines/__init__.py", {"vm"}),
        ("local_azure/apps/__init__.py", {"web"}),
        ("local_azure/apps/worker.py", {"vm", "web"}),  # which a machine imports
        ("tests/hosts/rows/vm.py", {"vm"}),
        ("tests/hosts/rows/web.py", {"vm", "web"}),
        ("tests/hosts/rows/other.py", {"other"}),
        ("tests/hosts/results.json", NOBODY),
    ],
)
def test_a_change_makes_those_results_stale_that_ran_on_it(
    tmp_path: Path, file: str, stale_now: set[str]
) -> None:
    before = made_on(tmp_path / "before")
    after = made_on(tmp_path / "after", **{file: f"{FILES[file]}# another line\n"})
    assert {on for on in before if before[on] != after[on]} == stale_now


def test_the_same_files_give_the_same_fingerprint_wherever_they_are(tmp_path: Path) -> None:
    assert made_on(tmp_path / "one") == made_on(tmp_path / "two")


def test_why_a_result_is_stale_is_said() -> None:
    found: Mapping[str, HostResult] = {
        "same": {"on": "2026-11-30", "ran_on": "a1", "cells": {"blobs": []}},
        "changed": {"on": "2026-11-30", "ran_on": "a2", "cells": {"blobs": []}},
        "failed": {"on": "2026-11-30", "ran_on": "a1", "cells": {"blobs": ["let in: no"]}},
        "older": {"on": "2026-11-30", "cells": {"blobs": []}},
    }
    wanted = ["changed", "failed", "new", "older", "same"]
    assert stale(wanted, found, dict.fromkeys(wanted, "a1")) == [
        ("changed", "it ran on a2, and now there is a1"),
        ("failed", "not all of it held on 2026-11-30"),
        ("new", "it has not run since it is there"),
        ("older", "what it ran on on 2026-11-30 is not known"),
    ]


def test_what_is_stale_is_said_and_run_and_what_is_named_is_run_in_any_case(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *_ = hosts()
    now = dict.fromkeys(hosts(), "a1")
    same: HostResult = {"on": "2026-11-30", "ran_on": "a1", "cells": {"blobs": []}}
    found: dict[str, HostResult] = dict.fromkeys(hosts(), same)
    ran: list[list[str]] = []

    def run(chosen: list[str], _: Mapping[str, str]) -> int:
        ran.append(chosen)
        return 1

    for name, value in (("fingerprints", lambda: now), ("results", lambda: found), ("_run", run)):
        monkeypatch.setattr(matrix, name, value)
    assert (matrix.main([]), ran) == (0, [])
    assert capsys.readouterr().out.splitlines() == [f"{on}: not run" for on in hosts()]
    assert (matrix.main([second]), ran) == (1, [[second]])
    found[first] = {**same, "ran_on": "a0"}
    assert (matrix.main([]), ran) == (1, [[second], [first]])
    said = f"{first}: stale, as it ran on a0, and now there is a1"
    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("on", hosts())
def test_the_folders_that_a_host_runs_on_are_there(on: str) -> None:
    assert [folder for folder in host(on).runs_on if not (ROOT / folder).is_dir()] == []
