"""The components as other stacks get them: from the wheel, and from the plugin package."""

from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import arrivals, cloud
from tests.imports.consumer import Consumer
from tests.imports.wheel import build_wheel, environment_with

__all__ = ["arrivals", "cloud"]


@pytest.fixture
def consumer(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Consumer:
    return Consumer(tmp_path / "team", engine, cloud.environment())


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the wheel."""
    return environment_with(wheel, tmp_path_factory.mktemp("installed") / "venv")
