"""An archive from the network leaves nothing behind but what was meant, where it was meant."""

import io
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.toolchain.archives import named, of_infos, packed, served, sha256
from tests.unit.toolchain.conftest import NOT_WAITED_FOR
from toolchain import release_archive
from toolchain.release_archive import ArchiveRefusedError, download, unpack

CONTENT = b"what was released"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def refused(doing: Callable[[], None]) -> str:
    with pytest.raises(ArchiveRefusedError) as reason:
        doing()
    return str(reason.value)


def test_a_file_with_the_right_checksum_is_there_whole(tmp_path: Path, said: list[str]) -> None:
    with served({"/a": (200, CONTENT)}) as (server, _):
        download(f"{server}/a", tmp_path / "a", sha256=sha256(CONTENT), say=said.append)
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_file_with_another_checksum_is_not_there(tmp_path: Path, said: list[str]) -> None:
    with served({"/a": (200, CONTENT + b"!")}) as (server, _):
        reason = refused(
            lambda: download(f"{server}/a", tmp_path / "a", sha256=sha256(CONTENT), say=said.append)
        )
    assert reason.endswith(f"its SHA-256 is {sha256(CONTENT + b'!')}, expected {sha256(CONTENT)}")
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_does_not_end_is_given_up(tmp_path: Path, said: list[str]) -> None:
    with served({"/a": (200, CONTENT)}) as (server, _):
        reason = refused(
            lambda: download(
                f"{server}/a", tmp_path / "a", sha256=sha256(CONTENT), say=said.append, largest_bytes=9
            )
        )
        assert reason == f"{server}/a is larger than 9 bytes"
        reason = refused(
            lambda: download(
                f"{server}/a", tmp_path / "a", sha256=sha256(CONTENT), say=said.append, seconds=0
            )
        )
        assert reason == f"{server}/a was not there after 0 s"
    assert [*tmp_path.iterdir()] == []


def test_a_port_where_nobody_listens_is_told_with_the_systems_own_reason(
    tmp_path: Path, said: list[str]
) -> None:
    with served({}) as (server, _):
        pass
    reason = refused(lambda: download(f"{server}/a", tmp_path / "a", sha256="", say=said.append))
    assert reason.startswith(f"{server}/a cannot be reached: ")
    assert "refused" in reason


def test_a_server_that_never_answers_is_not_waited_for(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def never(*_given: object, **_more: object) -> object:
        ended.wait(NOT_WAITED_FOR)
        raise OSError

    monkeypatch.setattr(release_archive.urllib.request, "urlopen", never)
    reason = refused(
        lambda: download(
            "https://files.example/a", tmp_path / "a", sha256="", say=said.append, answer_seconds=0.01
        )
    )
    ended.set()
    assert reason == "https://files.example/a gave no answer within 0 s"


def test_a_connection_that_breaks_off_leaves_nothing(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if content := super().read(4 if size else 0):
                return content
            raise ConnectionResetError("connection reset")

    def answers(*_given: object, **_more: object) -> Breaks:
        return Breaks(CONTENT)

    monkeypatch.setattr(release_archive.urllib.request, "urlopen", answers)
    reason = refused(
        lambda: download("https://files.example/a", tmp_path / "a", sha256=sha256(CONTENT), say=said.append)
    )
    assert reason == "https://files.example/a broke off: connection reset"
    assert [*tmp_path.iterdir()] == []


def unpacked(tmp_path: Path, archive: bytes) -> Path:
    (tmp_path / "archive").write_bytes(archive)
    (tmp_path / "to").mkdir()
    unpack(tmp_path / "archive", "pulumi", tmp_path / "to")
    return tmp_path / "to"


def test_files_are_put_where_they_belong_and_only_programs_can_be_run(tmp_path: Path) -> None:
    infos = [
        (named("pulumi", kind=tarfile.DIRTYPE), b""),
        (named("pulumi/pulumi", mode=0o6777), b"program"),
        (named("pulumi/share/notes", mode=0o600), b"notes"),
    ]
    to = unpacked(tmp_path, of_infos(infos))
    files = [path for path in to.rglob("*") if path.is_file()]
    assert {path.relative_to(to).as_posix(): path.read_bytes() for path in files} == {
        "pulumi": b"program",
        "share/notes": b"notes",
    }
    assert {path.name: path.stat().st_mode & 0o7777 for path in files} == {"notes": 0o644, "pulumi": 0o755}


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "/outside", "pulumi/../outside", "pulumi/../../outside", "pulumi/a/../../../outside",
        "other/outside", "outside", "pulumi\\..\\..\\outside", "pulumi/C:outside", "./../outside",
        "pulumi/..",
    ],
)  # fmt: skip
def test_a_path_that_leaves_the_folder_is_refused_by_name(tmp_path: Path, name: str) -> None:
    reason = refused(lambda: unpacked(tmp_path, packed([(name, b"evil")])) and None)
    assert reason == f"the archive holds {name!r}, which is not inside pulumi/"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["archive", "to"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_a_link_and_a_device_are_refused(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "secret").write_bytes(b"mine")
    infos = [
        (named("pulumi/link", kind=kind, link=str(tmp_path / "secret")), b""),
        (named("pulumi/link/pulumi"), b"evil"),
    ]
    reason = refused(lambda: unpacked(tmp_path, of_infos(infos)) and None)
    assert reason == "the archive holds 'pulumi/link', which is no file"
    assert [*(tmp_path / "to").iterdir()] == []
    assert (tmp_path / "secret").read_bytes() == b"mine"


def test_a_path_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    twice = packed([("pulumi/pulumi", b"first"), ("pulumi/./pulumi", b"second")])
    assert refused(lambda: unpacked(tmp_path, twice) and None) == "the archive holds 'pulumi' twice"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", packed([("pulumi/pulumi", b"x" * 999)])[:-30]],
    ids=[
        "empty",
        "another thing",
        "cut off",
    ],  # the time is in an archive: no two workers would have one name
)
def test_what_is_no_whole_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    reason = refused(lambda: unpacked(tmp_path, content) and None)
    assert reason.startswith("the archive cannot be read: ")
