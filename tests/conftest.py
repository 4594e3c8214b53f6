"""What the tests of a worker share: the engine, and what its programs are forked from."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.attached import AttachedEngine, ForkServers

# Imported when they are needed: most tests need neither, and gRPC takes its time.


@pytest.fixture(scope="session")
def engine_folder() -> Path:
    """Where the engine is, for tests that start it as a user does."""
    from toolchain.engine import ensure_engine

    return ensure_engine(print).folder


@pytest.fixture(scope="session")
def fork_servers() -> "Iterator[ForkServers]":
    from tests.attached import ForkServers

    servers = ForkServers()
    yield servers
    servers.close()


@pytest.fixture
def engine(engine_folder: Path, fork_servers: "ForkServers") -> "Iterator[AttachedEngine]":
    """The engine, with plugins and a language host that run already."""
    from tests.attached import attached_engine

    with attached_engine(engine_folder, fork_servers) as engine:
        yield engine
