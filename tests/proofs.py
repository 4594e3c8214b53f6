"""What a proof needs that a machine may lack: without it the proof is left out and said so at the end, and in
a pipeline, where nobody reads what was left out, it fails."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

import pytest

from local_azure.mysql import programs as mariadb
from local_azure.postgresql.programs import INSTALL_ONE, programs


@dataclass(frozen=True)
class Need:
    """`program` is looked for on the PATH, unless `is_there` looks elsewhere; `how` says what to install, as
    the end of a sentence."""

    program: str
    how: str
    is_there: Callable[[], object] | None = None

    def is_met(self) -> bool:
        return bool(self.is_there() if self.is_there else shutil.which(self.program))


NODE: Final = Need("npm", "install Node.js and npm for the TypeScript example and Microsoft's parser of KQL")
CURL: Final = Need("curl", "install curl")
MARIADB: Final = Need("mariadbd", mariadb.INSTALL_ONE, mariadb.programs)
POSTGRES: Final = Need("postgres", INSTALL_ONE, programs)

LEFT_OUT: Final = "left out: "
"""What the reason of a skipped proof begins with."""


def leave_out(how: str) -> NoReturn:
    """End the test that runs: the machine lacks something. `how` says what to do."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(f"a pipeline leaves no proof out: {how}", pytrace=False)
    pytest.skip(LEFT_OUT + how)


def require(need: Need) -> None:
    """Leave the test out where the program is missing."""
    if not need.is_met():
        leave_out(need.how)


def last_line(reasons: list[str]) -> str:
    """What the last line of a run says of the proofs left out, of the reasons of all that was skipped; empty
    where none was."""
    told = [reason.partition(LEFT_OUT)[2] for reason in reasons if LEFT_OUT in reason]
    if not told:
        return ""
    hows = "; ".join(dict.fromkeys(told))
    return f"{len(told)} proof{'s' * (len(told) != 1)} left out here. To run them: {hows}"
