"""Layers of an image, one over the other, as a folder: nothing of them lies or leads outside of it.

https://github.com/opencontainers/image-spec/blob/main/layer.md
"""

import gzip
import io
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from typing_extensions import override

from local_azure.containers.refusals import Because, ImageError

LARGEST: Final = 1024 * 1024 * 1024
"""Bytes that one layer may unpack to."""
_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"
_KINDS: Final = (".tar", ".tar+gzip", ".tar.gzip")
_FOLDER_MODE: Final = 0o700
_LINKS: Final = 40
"""How many links a path may go through, as Linux has it."""


def unpack(layer: bytes | None, media_type: str, root: Path) -> None:
    """Lay a layer over what is in `root`. Devices, pipes and owners are left out: a program of this machine
    has no use for them. Raises ImageError."""
    if layer is None or not media_type.endswith(_KINDS):
        what = (
            "is not in the registry"
            if layer is None
            else f"is of the kind {media_type}, which is not read here"
        )
        raise ImageError(
            Because.BROKEN if layer is None else Because.NO_RUNTIME, f"A layer of the image {what}."
        )
    raw = io.BytesIO(layer)
    unzipped = raw if media_type.endswith(".tar") else gzip.GzipFile(fileobj=raw)
    fresh: set[Path] = set()
    try:
        # As a stream: what is read of a layer is all that it can unpack to.
        with tarfile.open(fileobj=_Limited(unzipped, LARGEST), mode="r|") as archive:
            for member in archive:
                _lay(archive, member, root, fresh)
    except (tarfile.TarError, OSError, EOFError, zlib.error, UnicodeError) as error:
        raise ImageError(
            Because.BROKEN, f"A layer of the image is damaged: {type(error).__name__}."
        ) from None


def _lay(archive: tarfile.TarFile, member: tarfile.TarInfo, root: Path, fresh: set[Path]) -> None:
    path = PurePosixPath("/", member.name)
    if ".." in path.parts:
        raise ImageError(
            Because.BROKEN, f"The image's entry {member.name!r} would lie outside of its folder."
        )
    if path == PurePosixPath("/"):
        return
    place = _inside(root, path.parent) / path.name
    if path.name == _OPAQUE:
        _empty(place.parent, fresh)
        return
    if path.name.startswith(_WHITEOUT):
        _remove(place.with_name(path.name.removeprefix(_WHITEOUT)))
        return
    place.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    fresh.add(place)
    if member.isdir():
        if not place.is_dir() or place.is_symlink():
            _remove(place)
            place.mkdir(mode=_FOLDER_MODE)
        return
    if member.isreg():
        content = archive.extractfile(member)
        _remove(place)
        with place.open("xb") as file:
            if content is not None:
                shutil.copyfileobj(content, file)
        place.chmod(0o700 if member.mode & 0o100 else 0o600)
    elif member.issym():
        _remove(place)
        _link(root, place, member.linkname)
    elif member.islnk():
        target = _inside(root, PurePosixPath("/", member.linkname))
        if not target.is_file():
            raise ImageError(Because.BROKEN, f"The image's entry {member.name!r} is a link to nothing.")
        _remove(place)
        # A copy: two names of one file are no use to a program that finds each.
        shutil.copy2(target, place)


def _link(root: Path, place: Path, target: str) -> None:
    """A link as the container would follow it: `/` is the image's own root, and nothing is above it."""
    here = PurePosixPath("/", place.parent.relative_to(root).as_posix())
    above = [".."] * len(here.parts[1:])
    parts: list[str] = []
    for part in PurePosixPath(here, target).parts[1:]:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
    place.symlink_to(PurePosixPath(*above, *parts) if above or parts else ".")


def _inside(root: Path, path: PurePosixPath) -> Path:
    """Where an absolute path of the image leads, through its links; nothing needs to be there."""
    place, waiting, followed = root, list(path.parts[1:]), 0
    while waiting:
        part = waiting.pop(0)
        if part == "..":
            place = place.parent if place != root else root
            continue
        step = place / part
        if not step.is_symlink():
            place = step
            continue
        followed += 1
        if followed > _LINKS:
            raise ImageError(Because.BROKEN, f"The image's links go round in a circle at {part!r}.")
        # Links were written relative, and lead out of nothing: `..` stops at the root.
        waiting = [*step.readlink().parts, *waiting]
    return place


def _empty(folder: Path, fresh: set[Path]) -> None:
    """What earlier layers have in a folder is hidden; what this one has stays."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for one in folder.iterdir():
        if one not in fresh:
            _remove(one)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


class _Limited(io.RawIOBase):
    """What is read of a stream, up to a number of bytes."""

    def __init__(self, stream: io.BytesIO | gzip.GzipFile, limit: int) -> None:
        self._stream = stream
        self._left = limit

    @override
    def readable(self) -> bool:
        return True

    @override
    def read(self, size: int = -1, /) -> bytes:
        found = self._stream.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise ImageError(Because.BROKEN, f"A layer of the image unpacks to more than {LARGEST} bytes.")
        return found
