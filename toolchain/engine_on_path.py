"""The engine that the user has installed already."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from toolchain import versions
from toolchain.engine_source import Engine, NotThisWayError
from toolchain.paths import WORK

LANGUAGE_HOST = "pulumi-language-python"


class OnPath:
    """`pulumi` on PATH, if it is recent enough and has its Python language host."""

    name = "path"
    title = "`pulumi` on PATH"

    def __init__(self, environment: Mapping[str, str]) -> None:
        # A folder that a set-up made, of this checkout or another, is not what the user has installed.
        made_here = str(Path(WORK.name, "engine", "bin"))
        folders = environment.get("PATH", "").split(os.pathsep)
        self._path = os.pathsep.join(f for f in folders if f and not os.path.normpath(f).endswith(made_here))
        self._environment = environment

    def find(self) -> Engine | None:
        """The engine on PATH; None when there is none that can be used."""
        try:
            return self._examine()
        except NotThisWayError:
            return None

    def fetch(self, say: Callable[[str], None]) -> Engine:  # noqa: ARG002 (nothing is fetched, so nothing is said)
        """The engine on PATH. Raises NotThisWayError with the reason why it cannot be used."""
        return self._examine()

    def _examine(self) -> Engine:
        found = shutil.which("pulumi", path=self._path)
        if found is None:
            raise NotThisWayError("there is none")
        text = version_of(Path(found), self._environment)
        version = versions.parse(text)
        if version is None:
            raise NotThisWayError(f"{found} did not say its version but: {text[:200]!r}")
        if version < versions.MINIMUM:
            raise NotThisWayError(
                f"{found} is {versions.written(version)}, older than {versions.written(versions.MINIMUM)}"
            )
        beside = [Path(found).parent, Path(found).resolve().parent]
        if not any(shutil.which(LANGUAGE_HOST, path=str(folder)) for folder in beside) and not shutil.which(
            LANGUAGE_HOST, path=self._path
        ):
            raise NotThisWayError(f"{found} has no {LANGUAGE_HOST}, neither beside it nor on PATH")
        return Engine(Path(found).absolute().parent, versions.written(version), self.name)


def version_of(pulumi: Path, environment: Mapping[str, str]) -> str:
    """What `pulumi version` prints, or why it prints nothing."""
    # In a home of its own, because asking for a version already writes into the user's.
    home = {"PULUMI_HOME": str(WORK / "pulumi"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            capture_output=True,
            check=False,
            env={**environment, **home},
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return answer.stdout.strip() if answer.returncode == 0 else answer.stderr.strip()
