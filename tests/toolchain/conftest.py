"""Each test has a folder, a PULUMI_HOME and a file backend of its own; the engine comes from the cache."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from toolchain.engine import ensure_engine
from toolchain.engine_source import Engine


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs_engine: runs the Pulumi engine (built or found once, then cached)"
    )


@pytest.fixture(scope="session")
def engine() -> Engine:
    return ensure_engine(print)


@dataclass
class Pulumi:
    """The command line in one project folder, with nothing of the user's own Pulumi in reach."""

    folder: Path
    environment: dict[str, str]

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environment,
            encoding="utf-8",
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
        )

    def run(self, *arguments: str, fails: bool = False) -> str:
        """What the command prints, both streams; it must succeed, or fail where that is expected."""
        process = self.start(*arguments)
        output, _ = process.communicate()
        # Which status a failure has differs between versions of Pulumi.
        assert (process.returncode != 0) == fails, output
        return output

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


@pytest.fixture
def pulumi(tmp_path: Path, engine: Engine) -> Pulumi:
    project, state = tmp_path / "project", tmp_path / "state"
    project.mkdir()
    state.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    return Pulumi(
        project,
        {
            **kept,
            "PATH": f"{engine.folder}{os.pathsep}{kept['PATH']}",
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "only for this test",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        },
    )
