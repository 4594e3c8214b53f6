"""The engine as Pulumi's own installer puts it down: the SDK's `PulumiCommand.install`, into our cache.

https://www.pulumi.com/docs/reference/pkg/python/pulumi/#pulumi.automation.PulumiCommand.install
"""

import platform
import shutil
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from toolchain import engine_cache, long_commands, versions
from toolchain.engine_on_path import LANGUAGE_HOST, version_of
from toolchain.engine_source import Engine, NotThisWayError
from toolchain.paths import ROOT, cache_folder, venv_python

SERVER = "https://get.pulumi.com/install.sh"
ANSWER_SECONDS = 5.0
LOOK_UP_SECONDS = 10.0
DOWNLOAD_SECONDS = 900.0

INSTALL = """
import sys
from semver import VersionInfo
from pulumi.automation import PulumiCommand
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


class OfficialInstaller:
    """Pulumi's own bundle, with its own language hosts, from get.pulumi.com."""

    name = "installer"
    title = "the official installer"

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        python: Path | None = None,
        why_unreachable: Callable[[], str | None] | None = None,
    ) -> None:
        self._environment = environment
        self._python = python or venv_python()
        self._why_unreachable = why_unreachable or reach_server
        system = f"{sys.platform}-{platform.machine()}".lower()
        self._folder = cache_folder(environment) / f"pulumi-{versions.INSTALLER}-{system}"

    def find(self) -> Engine | None:
        """The bundle that an earlier set-up has put into the cache."""
        if not self._folder.is_dir():
            return None
        return Engine(self._folder / "bin", versions.INSTALLER, self.name)

    def fetch(self, say: Callable[[str], None]) -> Engine:
        """Install the bundle into the cache. Raises NotThisWayError, in seconds without a server."""
        if not self._python.exists():
            raise NotThisWayError(
                "it is part of the Python packages, which are not installed (python3 -m toolchain)"
            )
        if reason := self._why_unreachable():
            raise NotThisWayError(reason)
        say(f"Engine: installing Pulumi {versions.INSTALLER} from get.pulumi.com")
        engine_cache.make_once(self._folder, lambda unfinished: self._install(unfinished, say), say)
        return Engine(self._folder / "bin", versions.INSTALLER, self.name)

    def _install(self, folder: Path, say: Callable[[str], None]) -> None:
        try:
            long_commands.run(
                [self._python, "-c", INSTALL, folder, versions.INSTALLER],
                cwd=ROOT,
                doing=lambda _line: None,
                environment=self._environment,
                say=say,
                seconds=DOWNLOAD_SECONDS,
                title="Engine: downloading",
            )
        except long_commands.CommandFailedError as failure:
            raise NotThisWayError(str(failure)) from failure
        pulumi = shutil.which("pulumi", path=str(folder / "bin"))
        if pulumi is None or shutil.which(LANGUAGE_HOST, path=str(folder / "bin")) is None:
            raise NotThisWayError(f"it ended without an error but left no pulumi and {LANGUAGE_HOST}")
        answer = version_of(Path(pulumi), self._environment)
        if versions.parse(answer) != versions.parse(versions.INSTALLER):
            raise NotThisWayError(f"what it installed answers {answer!r} when asked for its version")


def reach_server(url: str = SERVER) -> str | None:
    """Why the installer's server cannot be reached, None when it answers; in LOOK_UP_SECONDS at most."""
    found = [f"{url} gave no answer within {LOOK_UP_SECONDS:.0f} s"]

    def ask() -> None:
        request = urllib.request.Request(url, method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):
                found[0] = ""
        except urllib.error.HTTPError as error:
            found[0] = f"{url} answered {error.code} {error.reason}"
        except (OSError, ValueError) as error:
            found[0] = f"{url} cannot be reached: {getattr(error, 'reason', error)}"

    # In a thread: the time-out of a request does not cover the look-up of its host's name.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOK_UP_SECONDS)
    return found[0] or None
