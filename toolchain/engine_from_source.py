"""The engine built from Pulumi's Go modules, for machines that reach only a module proxy."""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from toolchain import checkout_engine, engine_cache, long_commands, versions
from toolchain.engine_on_path import version_of
from toolchain.engine_source import Engine, NotThisWayError
from toolchain.paths import GO_MODULE, cache_folder, executable

COMMAND_LINE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
VERSION_VARIABLE = f"{SDK}/go/common/version.Version"
BUILD_SECONDS = 3600.0


class BuiltFromSource:
    """The command line compiled here, beside our own language host."""

    name = "build"
    title = "a build from Go modules"

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        assemble: Callable[[Path], Path] = checkout_engine.assemble,
    ) -> None:
        # A workspace file above this checkout would replace our versions; our binary needs no C compiler.
        self._environment = {**environment, "GOWORK": "off", "CGO_ENABLED": "0"}
        self._folder = cache_folder(environment) / f"pulumi-{versions.ENGINE}-built-{fingerprint()}"
        self._assemble = assemble

    def find(self) -> Engine | None:
        """What an earlier set-up has built, put together for this checkout."""
        return self._engine() if self._folder.is_dir() else None

    def fetch(self, say: Callable[[str], None]) -> Engine:
        """Build it into the cache. Raises NotThisWayError."""
        go = shutil.which("go", path=self._environment.get("PATH", ""))
        if go is None:
            raise NotThisWayError("there is no `go` on PATH")
        engine_cache.make_once(self._folder, lambda unfinished: self._build(go, unfinished, say), say)
        return self._engine()

    def _engine(self) -> Engine:
        return Engine(self._assemble(self._folder), versions.ENGINE, self.name)

    def _build(self, go: str, folder: Path, say: Callable[[str], None]) -> None:
        say(f"Engine: building Pulumi {versions.ENGINE} with Go, once for all checkouts (3 to 6 minutes)")
        pulumi = executable(folder, "pulumi")
        # `-mod=readonly`: what go.sum does not vouch for is refused, and neither file is changed.
        flags = [
            "-mod=readonly",
            "-trimpath",
            "-v",
            f"-ldflags=-s -w -X {VERSION_VARIABLE}=v{versions.ENGINE}",
        ]
        progress = GoProgress()
        try:
            long_commands.run(
                [go, "build", *flags, "-o", pulumi, COMMAND_LINE],
                cwd=GO_MODULE,
                doing=progress.read,
                environment=self._environment,
                say=say,
                seconds=BUILD_SECONDS,
                title="Engine",
            )
        except long_commands.CommandFailedError as failure:
            raise NotThisWayError(str(failure)) from failure
        answer = version_of(pulumi, self._environment)
        if answer != f"v{versions.ENGINE}":
            raise NotThisWayError(f"what was built answers {answer!r} when asked for its version")
        shutil.copyfile(
            self._sdk(go) / "python" / "cmd" / checkout_engine.RUNNER, folder / checkout_engine.RUNNER
        )

    def _sdk(self, go: str) -> Path:
        """The folder of the SDK's module, which holds the script that runs a Python program."""
        answer = subprocess.run(
            [go, "mod", "download", "-json", SDK],
            capture_output=True,
            check=False,
            cwd=GO_MODULE,
            env=self._environment,
            text=True,
        )
        if answer.returncode != 0:
            raise NotThisWayError(
                f"`go mod download {SDK}` failed: {(answer.stdout + answer.stderr).strip()}"
            )
        module = cast(dict[str, str], json.loads(answer.stdout))
        return Path(module["Dir"])


class GoProgress:
    """Reads what `go build -v` prints: `go: downloading <module> <version>`, then a line for each package."""

    def __init__(self) -> None:
        self._packages = 0

    def read(self, line: str) -> str | None:
        """What the build is doing, from one line of its output; None when the line does not say."""
        if line.startswith("go: downloading "):
            return f"downloading {line.split()[2]}"
        if not line or " " in line or line.startswith("#"):
            return None
        self._packages += 1
        return f"compiling {line} (package {self._packages})"


def fingerprint() -> str:
    """What a build depends on, in twelve characters: the modules, their checksums, and the system."""
    digest = hashlib.sha256(f"{sys.platform} {platform.machine()}".encode())
    for name in ("go.mod", "go.sum"):
        digest.update((GO_MODULE / name).read_bytes())
    return digest.hexdigest()[:12]
