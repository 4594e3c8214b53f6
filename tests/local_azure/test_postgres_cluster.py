"""One PostgreSQL as a process: it ends with its owner, also where that is killed, and keeps its data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local_azure.postgresql.cluster import MAINTENANCE, Cluster
from local_azure.postgresql.programs import programs
from tests.patience import until
from tests.proofs import POSTGRES
from toolchain.paths import ROOT

pytestmark = pytest.mark.needs(POSTGRES)
OWNER = """
import sys
from pathlib import Path
from local_azure.postgresql.cluster import MAINTENANCE, Cluster
from local_azure.postgresql.programs import programs
cluster = Cluster(Path(sys.argv[1]), programs())
cluster.start()
cluster.execute(MAINTENANCE, "CREATE TABLE kept AS SELECT 1 AS id")
((pid,),) = cluster.execute(MAINTENANCE, "SELECT pg_read_file('postmaster.pid')")
print(pid.splitlines()[0], flush=True)
sys.stdin.read()
"""


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_server_ends_when_its_owner_is_killed_and_the_next_owner_finds_its_data(tmp_path: Path) -> None:
    home = tmp_path / "psql-one"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert owner.stdout
    pid = int(owner.stdout.readline())
    assert is_there(pid)
    owner.kill()
    owner.communicate()
    until(lambda: not is_there(pid))
    found = programs()
    assert found
    cluster = Cluster(home, found)
    try:
        cluster.start()
        assert cluster.execute(MAINTENANCE, "SELECT id FROM kept") == [(1,)]
    finally:
        cluster.stop()


def test_a_server_that_is_removed_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    found = programs()
    assert found
    cluster = Cluster(tmp_path / "psql-one", found)
    cluster.start()
    ((text,),) = cluster.execute(MAINTENANCE, "SELECT pg_read_file('postmaster.pid')")
    run_in = Path(cluster.socket).parent
    cluster.remove()
    assert not is_there(int(text.splitlines()[0]))
    assert (run_in.exists(), list(tmp_path.iterdir())) == (False, [])
