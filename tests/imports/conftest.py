"""The components as other stacks get them: from the wheel, and from the plugin package."""

from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import arrivals, cloud
from tests.imports.consumer import Consumer
from tests.imports.wheel import build_wheel, environment_with
from toolchain import locks
from toolchain.paths import venv_python

__all__ = ["arrivals", "cloud"]


@pytest.fixture
def consumer(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Consumer:
    return Consumer(tmp_path / "team", engine, cloud.environment())


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of a run have."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "imports"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def wheel(shared: Path) -> Path:
    with locks.held(shared / "wheel.lock", print, "builds the wheel"):
        return next((shared / "wheel").glob("*.whl"), None) or build_wheel(shared / "wheel")


@pytest.fixture(scope="session")
def installed(wheel: Path, shared: Path) -> Path:
    """The interpreter of an environment that has the wheel, made by the worker that comes first."""
    folder, done = shared / "installed" / "venv", shared / "installed.done"
    with locks.held(shared / "installed.lock", print, "installs the wheel"):
        if not done.exists():
            environment_with(wheel, folder)
            done.touch()
    return venv_python(folder)
