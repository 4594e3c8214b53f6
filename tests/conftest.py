"""What the tests of a worker share: the engine, and what its programs are forked from."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import proofs
from tests.dealt import dealt

if TYPE_CHECKING:
    from tests.attached import AttachedEngine, ForkServers, Initialised

# As in the Makefile: without bytecode each worker, and each of the many Pythons that tests start, compiles
# what it imports anew. That is half of what a worker takes to begin.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Imported when they are needed: most tests need neither, and gRPC takes its time.


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many `-n auto` is: half as many again as there are processors. A worker that waits for an engine
    leaves one idle. No unit test does, and there each worker more costs what it takes to begin.
    """
    cores = os.cpu_count() or 1
    unit_tests_only = all(argument.startswith("tests/unit") for argument in config.args)
    return cores if unit_tests_only else cores + (cores + 1) // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if given := getattr(config, "workerinput", None):
        items[:] = [items[place] for place in dealt([item.nodeid for item in items], given["workercount"])]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs(NODE)`: the proof is left out where the program is missing."""
    for mark in item.iter_markers("needs"):
        proofs.require(mark.args[0])


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line, below pytest's own: what to install for the proofs that were left out."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    skipped = reporter.stats.get("skipped", [])
    line = proofs.last_line([str(report.longrepr[2]) for report in skipped])
    if line:
        reporter.write_line(line, yellow=True)


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


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> "Initialised":
    from tests.attached import Initialised

    return Initialised(tmp_path_factory.mktemp("initialised"))


@pytest.fixture
def engine(
    engine_folder: Path, fork_servers: "ForkServers", initialised: "Initialised"
) -> "Iterator[AttachedEngine]":
    """The engine, with plugins and a language host that run already."""
    from tests.attached import attached_engine

    with attached_engine(engine_folder, fork_servers, initialised) as engine:
        yield engine


@pytest.fixture
def passphrases(engine: "AttachedEngine") -> None:
    """Stacks of this test have a passphrase, as those of users do. Named before whatever makes one."""
    from tests.attached import PASSPHRASE

    engine.secrets_provider = PASSPHRASE
