"""The engine as Pulumi releases it: the archive of one version, compared with its checksum, into our cache.

https://github.com/pulumi/pulumi/releases
"""

import json
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from toolchain import engine_cache, release_archive, versions
from toolchain.engine_on_path import LANGUAGE_HOST, version_of
from toolchain.engine_source import Engine, NotThisWayError
from toolchain.paths import cache_folder

SERVER: Final = "https://github.com/pulumi/pulumi/releases/download"
CHECKSUMS: Final = Path(__file__).with_name("release_checksums.json")
"""Of the archives of one version, by system: SHA-256, and the two public places that say the same."""
_MACHINES: Final = {"aarch64": "arm64", "amd64": "x64", "arm64": "arm64", "x86_64": "x64"}
_TOP: Final = "pulumi"
"""The folder in the archive that holds every program."""


def system() -> str:
    """This machine in the names of releases, such as `linux-x64`."""
    machine = platform.machine().lower()
    return f"{sys.platform}-{_MACHINES.get(machine, machine)}"


def checksums() -> Mapping[str, str]:
    """The SHA-256 of each system's archive of `versions.ENGINE`."""
    return cast(dict[str, Any], json.loads(CHECKSUMS.read_text(encoding="utf-8")))["sha256"]


class OfficialRelease:
    """Pulumi's own archive, with its own language hosts."""

    name = "release"
    title = "the official release"

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        server: str = SERVER,
        sha256: Mapping[str, str] | None = None,
        system: str = system(),
    ) -> None:
        self._environment = environment
        self._sha256 = (checksums() if sha256 is None else sha256).get(system)
        self._system = system
        self._url = f"{server}/v{versions.ENGINE}/pulumi-v{versions.ENGINE}-{system}.tar.gz"
        # Named after what was compared, so that what was got before under another checksum is not used.
        compared = (self._sha256 or "unknown")[:12]
        self._folder = cache_folder(environment) / f"pulumi-{versions.ENGINE}-release-{system}-{compared}"

    def find(self) -> Engine | None:
        """The archive's programs that an earlier set-up has put into the cache."""
        return self._engine() if self._sha256 and self._folder.is_dir() else None

    def fetch(self, say: Callable[[str], None]) -> Engine:
        """Put them into the cache. Raises NotThisWayError, in seconds without a server."""
        sha256 = self._sha256
        if sha256 is None:
            raise NotThisWayError(
                f"{CHECKSUMS.name} has no checksum for {self._system}, and without one nothing is downloaded"
            )
        say(f"Engine: downloading Pulumi {versions.ENGINE} from {self._url}")
        engine_cache.make_once(self._folder, lambda unfinished: self._get(sha256, unfinished, say), say)
        return self._engine()

    def _engine(self) -> Engine:
        return Engine(self._folder / "bin", versions.ENGINE, self.name)

    def _get(self, sha256: str, folder: Path, say: Callable[[str], None]) -> None:
        programs, archive = folder / "bin", folder / "archive.tar.gz"
        programs.mkdir()
        try:
            release_archive.download(self._url, archive, sha256=sha256, say=say)
            release_archive.unpack(archive, _TOP, programs)
        except release_archive.ArchiveRefusedError as reason:
            raise NotThisWayError(str(reason)) from reason
        archive.unlink()
        pulumi = shutil.which("pulumi", path=str(programs))
        if pulumi is None or shutil.which(LANGUAGE_HOST, path=str(programs)) is None:
            raise NotThisWayError(f"{self._url} has no pulumi and {LANGUAGE_HOST}")
        answer = version_of(Path(pulumi), self._environment)
        if versions.parse(answer) != versions.parse(versions.ENGINE):
            raise NotThisWayError(f"what was downloaded answers {answer!r} when asked for its version")
