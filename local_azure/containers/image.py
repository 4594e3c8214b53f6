"""An image that was pulled, and containers of it, each a process of this machine with a copy of its files.

https://github.com/opencontainers/image-spec/blob/main/config.md
"""

import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from local_azure.containers.commands import python_command
from local_azure.containers.refusals import Because, ImageError
from local_azure.private_files import private_folder
from local_azure.serving_program import ServingProgram, essential_environment, free_port


@dataclass(frozen=True)
class ImageConfig:
    """What an image says of itself. `platform` is such as `linux/amd64`; `ports` are those that it
    exposes."""

    platform: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: Mapping[str, str]
    working_folder: str
    ports: tuple[int, ...]

    @classmethod
    def read(cls, content: bytes) -> Self | None:
        """None for what is no configuration of an image."""
        try:
            document: dict[str, Any] = json.loads(content)
            config: dict[str, Any] = document.get("config") or {}
            variables = (one.partition("=") for one in config.get("Env") or ())
            exposed = (port.partition("/") for port in map(str, config.get("ExposedPorts") or ()))
            return cls(
                f"{document['os']}/{document['architecture']}",
                tuple(map(str, config.get("Entrypoint") or ())),
                tuple(map(str, config.get("Cmd") or ())),
                {name: value for name, _, value in variables},
                str(config.get("WorkingDir") or "/"),
                tuple(sorted(int(port) for port, _, kind in exposed if kind in ("", "tcp"))),
            )
        except (ValueError, KeyError, AttributeError, TypeError):
            return None


class Container(ServingProgram):
    """A running container. `root` holds its files and goes with it; `port` is where it is reached on the
    loopback."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
        port: int,
        root: Path,
    ) -> None:
        self.root = root
        super().__init__(command, folder, environment, log, port)

    def stop(self) -> None:
        """End it and everything it started, and remove its files."""
        super().stop()
        shutil.rmtree(self.root, ignore_errors=True)


@dataclass(frozen=True)
class Image:
    """`folder` holds the image's files, which its containers copy; `containers` is where those lie."""

    name: str
    digest: str
    folder: Path
    config: ImageConfig
    containers: Path

    def start(
        self,
        environment: Mapping[str, str],
        port: int | None,
        log: Path,
        *,
        command: Sequence[str] = (),
        arguments: Sequence[str] = (),
        files: Mapping[str, bytes] | None = None,
    ) -> Container:
        """Run a container. `environment` is what the host gives it, over the image's own; `port` is the one
        that the container listens at and that is to be reached, None for none; output goes to `log`.
        `command` is in place of the image's Entrypoint, and then its Cmd is not used; `arguments` are in
        place of its Cmd. `files` are laid into it, by their absolute paths. Raises ImageError where the
        command needs another runtime than Python."""
        line = [
            *(command or self.config.entrypoint),
            *(arguments or (() if command else self.config.command)),
        ]
        root = private_folder(self.containers) / uuid.uuid4().hex
        variables = {name: value for name, value in self.config.environment.items() if name != "PATH"}
        told = {**variables, **environment}
        free = free_port(None)
        shutil.copytree(self.folder, root, symlinks=True)
        try:
            for path, content in (files or {}).items():
                lay(root, path, content)
            folder = root / self.config.working_folder.lstrip("/")
            if not folder.resolve().is_relative_to(root.resolve()):
                raise ImageError(Because.BROKEN, f"The working folder of the image {self.name} is not in it.")
            private_folder(folder)
            python = python_command(line, told, root, {port: free} if port is not None else {})
            home = private_folder(root / "root")
            whole = {**essential_environment(home), **told}
            return Container(python, folder, whole, log, free, root)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise


def lay(root: Path, path: str, content: bytes) -> None:
    """Put a file into a container, as a volume does. Raises ValueError for a path that would lie outside."""
    if ".." in PurePosixPath(path).parts:
        raise ValueError(f"{path} would lie outside of the container")
    place = root / path.lstrip("/")
    private_folder(place.parent)
    if not place.parent.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{path} would lie outside of the container")
    place.write_bytes(content)
