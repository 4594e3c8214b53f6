"""What targets that are databases share: their administrators, and the command that lets workloads in."""

import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from toolchain.paths import ROOT

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


def administrators(loop: "Loop") -> Mapping[str, str]:
    """A group that the deployer is in, who runs the command."""
    from local_azure.constants import DEPLOYER

    entra = loop.cloud.azure.entra
    found = [one for one in entra.principals() if one.name == "database-administrators"]
    group = found[0] if found else entra.register_identity("database-administrators", None)
    entra.add_member(group.object_id, DEPLOYER.object_id)
    return {"administrators": group.object_id}


def let_in(loop: "Loop") -> None:
    """As the deployer, with the command that the link's guide names."""
    command = [sys.executable, "-m", "database_grants", "--stack", loop.stack.name]
    # Of the two drivers of SQL the one that needs no library of the system.
    chosen = {"PYTHONPATH": str(ROOT), "MSSQL_PYTHON_NATIVE_PROVIDER": "mssql-odbc"}
    environment = loop.stack.environment() | chosen
    done = subprocess.run(
        command, cwd=loop.stack.program, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
