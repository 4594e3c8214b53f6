"""An archive from the network: fetched within bounds, compared with its checksum, unpacked only then."""

import hashlib
import http.client
import shutil
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

ANSWER_SECONDS: Final = 10.0
"""For the first byte of an answer, the look-up of the host's name included."""
SILENCE_SECONDS: Final = 30.0
DOWNLOAD_SECONDS: Final = 900.0
REPORT_EVERY_SECONDS: Final = 10.0
LARGEST_BYTES: Final = 1 << 30
_CHUNK: Final = 1 << 20


class ArchiveRefusedError(Exception):
    """The archive could not be had, or is not the one that was meant; the message says which."""


class _Answer(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


def download(
    url: str,
    to: Path,
    *,
    sha256: str,
    say: Callable[[str], None],
    answer_seconds: float = ANSWER_SECONDS,
    largest_bytes: int = LARGEST_BYTES,
    seconds: float = DOWNLOAD_SECONDS,
) -> None:
    """Fetch `url` into the file `to`, if it has the SHA-256 `sha256`, of 64 hexadecimal digits.

    Without an answer it ends after `answer_seconds`. Raises ArchiveRefusedError, and then there is no file.
    """
    digest, fetched, begun = hashlib.sha256(), 0, time.monotonic()
    told = begun
    answer = _opened(url, answer_seconds)
    try:
        with to.open("wb") as file:
            while piece := answer.read(_CHUNK):
                digest.update(piece)
                file.write(piece)
                fetched += len(piece)
                now = time.monotonic()
                if fetched > largest_bytes:
                    raise ArchiveRefusedError(f"{url} is larger than {largest_bytes} bytes")
                if now - begun > seconds:
                    raise ArchiveRefusedError(f"{url} was not there after {seconds:.0f} s")
                if now - told > REPORT_EVERY_SECONDS:
                    say(f"Engine: downloading: {now - begun:.0f} s, {fetched >> 20} MB")
                    told = now
        if digest.hexdigest() != sha256:
            raise ArchiveRefusedError(
                f"{url} is another file than the one that was meant: "
                f"its SHA-256 is {digest.hexdigest()}, expected {sha256}"
            )
    except (OSError, http.client.HTTPException) as error:
        to.unlink(missing_ok=True)
        raise ArchiveRefusedError(f"{url} broke off: {error}") from error
    except ArchiveRefusedError:
        to.unlink(missing_ok=True)
        raise
    finally:
        answer.close()


def unpack(archive: Path, top: str, folder: Path) -> None:
    """Put what is under `top/` in a `.tar.gz` into `folder`: files alone, and each of them inside it.

    Raises ArchiveRefusedError for a link, a device, a path that leaves `top`, a path that is there twice.
    """
    try:
        with tarfile.open(archive, "r:gz") as entries:
            for entry in entries:
                place = folder.joinpath(*_below(entry.name, top))
                if entry.isdir():
                    place.mkdir(exist_ok=True, parents=True)
                elif not entry.isreg() or (content := entries.extractfile(entry)) is None:
                    raise ArchiveRefusedError(f"the archive holds {entry.name!r}, which is no file")
                else:
                    place.parent.mkdir(exist_ok=True, parents=True)
                    with content, place.open("xb") as file:
                        shutil.copyfileobj(content, file)
                    place.chmod(0o755 if entry.mode & 0o100 else 0o644)
    except FileExistsError as error:
        raise ArchiveRefusedError(f"the archive holds {Path(error.filename).name!r} twice") from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveRefusedError(f"the archive cannot be read: {error}") from error


def _below(name: str, top: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    inside = path.parts[:1] == (top,) and ".." not in path.parts
    if not inside or any(letter in name for letter in "\\:\0"):
        raise ArchiveRefusedError(f"the archive holds {name!r}, which is not inside {top}/")
    return path.parts[1:]


def _opened(url: str, seconds: float) -> _Answer:
    answers: list[_Answer] = []
    reasons: list[str] = []

    def ask() -> None:
        try:
            answers.append(urllib.request.urlopen(url, timeout=SILENCE_SECONDS))
        except urllib.error.HTTPError as error:
            reasons.append(f"{url} answered {error.code} {error.reason}")
        except (OSError, ValueError, http.client.HTTPException) as error:
            reasons.append(f"{url} cannot be reached: {getattr(error, 'reason', error)}")

    # In a thread: the time-out of a request does not cover the look-up of its host's name.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if answers:
        return answers[0]
    raise ArchiveRefusedError((reasons or [f"{url} gave no answer within {seconds:.0f} s"])[0])
