"""What a local Azure keeps is its owner's alone: the folders' modes, and what lies in the files."""

import base64
import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure.azure import Azure
from local_azure.private_files import SharedFolderError, private_folder, private_umask, write_private
from local_azure.server import LocalAzure
from local_azure.store import Resource
from loop.leaks import files_below, leaks
from tests.local_azure.app_service_stage import GROUP as SITES_GROUP
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.arm import Arm
from tests.local_azure.storage_stage import CONTAINER, StorageStage

NOBODY = 65_534
VALUE = "planted-b0a1c2d3e4f5-in-a-body"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def wide_open() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("wide_open")
def test_a_private_folder_is_made_so_with_all_that_is_missing_above_it(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert [mode(folder) for folder in (made, made.parent)] == [0o700, 0o700]


def test_a_folder_that_is_there_and_wider_is_narrowed_and_keeps_its_files(tmp_path: Path) -> None:
    wide = tmp_path / "state"
    wide.mkdir()
    wide.chmod(0o755)
    (wide / "file").write_text("kept")
    assert mode(private_folder(wide)) == 0o700
    assert (wide / "file").read_text() == "kept"


def test_a_folder_in_which_everybody_writes_is_left_alone_and_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(SharedFolderError, match=r"is shared: .* name one below it, such as .*keyless"):
        private_folder(tmp_path)
    assert mode(tmp_path) == 0o1777


def test_a_folder_of_another_user_is_left_alone_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    tmp_path.chmod(0o755)
    with pytest.raises(SharedFolderError, match=rf"belongs to another user \(of the number {owner}\), who"):
        private_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_file_is_no_folder_and_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "file").chmod(0o644)
    with pytest.raises(SharedFolderError, match=r"file is a file\. Expected a folder"):
        private_folder(tmp_path / "file")
    assert mode(tmp_path / "file") == 0o644


def test_what_a_killed_run_left_of_a_private_file_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("theirs")
    (tmp_path / "key.new").symlink_to(tmp_path / "elsewhere")
    write_private(tmp_path / "key", b"one")
    assert (mode(tmp_path / "key"), (tmp_path / "key").read_bytes()) == (0o600, b"one")
    assert not (tmp_path / "key").is_symlink()
    assert (tmp_path / "elsewhere").read_text() == "theirs"


@pytest.mark.usefixtures("wide_open")
def test_a_private_file_is_nobody_elses_from_its_first_byte(tmp_path: Path) -> None:
    write_private(tmp_path / "key", b"one")
    (tmp_path / "key").chmod(0o644)
    write_private(tmp_path / "key", b"two")
    assert (mode(tmp_path / "key"), (tmp_path / "key").read_bytes()) == (0o600, b"two")
    assert list(tmp_path.iterdir()) == [tmp_path / "key"]


@pytest.mark.usefixtures("wide_open")
def test_what_another_program_writes_for_us_is_private_too_and_later_ones_are_as_before(
    tmp_path: Path,
) -> None:
    with private_umask():
        subprocess.run(["mkdir", str(tmp_path / "made")], check=True)
        subprocess.run(["touch", str(tmp_path / "made" / "file")], check=True)
    subprocess.run(["touch", str(tmp_path / "after")], check=True)
    made = [mode(tmp_path / name) for name in ("made", "made/file", "after")]
    assert made == [0o700, 0o600, 0o666]


@pytest.mark.usefixtures("wide_open")
def test_every_folder_of_a_local_azure_and_every_file_with_a_secret_is_its_owners(tmp_path: Path) -> None:
    state = tmp_path / "azure"
    state.mkdir(mode=0o755)
    with LocalAzure(state):
        folders = [state, *(path for path in state.rglob("*") if path.is_dir())]
        assert {mode(folder) for folder in folders} == {0o700}
        files = {path.name for path in state.rglob("*") if path.is_file() and mode(path) == 0o600}
        assert {"azure.db", "azure.db-wal", "store.key", "entra-key.pem", "credentials.json"} <= files
        assert {"authority.key", "control.header"} <= files


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_of_this_machine_reads_no_file() -> None:
    """pytest's own folders are closed already, so the state lies elsewhere."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        with LocalAzure(Path(name) / "azure") as cloud:
            files = [str(path) for path in cloud.azure.state.rglob("*") if path.is_file()]
            assert len(files) > 6
            command = ["cat", "--", *files]
            owner = subprocess.run(command, capture_output=True, check=False)
            other = subprocess.run(
                command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, check=False
            )
    assert (owner.stdout[:1], owner.stderr) != (b"", b"")
    assert (other.stdout, other.stderr.count(b"Permission denied")) == (b"", len(files))


def test_no_setting_and_no_blob_lies_in_clear_in_the_store_or_its_log(azure: Azure) -> None:
    group = Arm(azure).group()
    site = f"{group}/providers/Microsoft.Web/sites/app"
    azure.store.put(Resource(f"{site}/config/appsettings", "Microsoft.Web/sites/config", {"KEY": VALUE}))
    azure.store.documents("blobs").put("a/b/c", {"content": base64.b64encode(VALUE.encode()).decode()})
    files = [path for path in azure.state.rglob("*") if path.is_file()]
    assert {"azure.db", "azure.db-wal"} <= {path.name for path in files}
    written = b"".join(path.read_bytes() for path in files)
    assert b"sites/app/config/appsettings" in written
    assert VALUE.encode() not in written
    assert base64.b64encode(VALUE.encode())[4:-4] not in written
    stored = azure.store.get(f"{site}/config/appsettings")
    assert stored is not None
    assert stored.body == {"KEY": VALUE}


def test_a_setting_and_a_blob_of_the_official_clients_lie_in_no_file_in_clear(
    local_azure: LocalAzure,
) -> None:
    sites = Stage(local_azure)
    sites.site("app-private")
    settings = {"properties": {"KEY": VALUE}}
    sites.web.web_apps.update_application_settings(SITES_GROUP, "app-private", settings)
    accounts = StorageStage(local_azure)
    writer = accounts.writer_of(accounts.account())
    writer.get_blob_client(CONTAINER, "report").upload_blob(VALUE.encode())

    read = sites.web.web_apps.list_application_settings(SITES_GROUP, "app-private").properties
    assert read["KEY"] == VALUE
    assert writer.get_blob_client(CONTAINER, "report").download_blob().readall() == VALUE.encode()
    files = list(files_below(local_azure.azure.state))
    assert {"azure.db", "azure.db-wal"} <= {file.name for file in files}
    assert leaks([VALUE], files) == []
