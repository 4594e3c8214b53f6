"""What a kill leaves of the state's files, and what the next run makes of it."""

import json
from pathlib import Path

import pytest

from loop.checkpoint import StateLostError, mend_checkpoint

NOW, BEFORE = ({"version": 3, "checkpoint": {"stack": word}} for word in ("now", "before"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The stack's folder in the backend, with all files whole."""
    folder = tmp_path / "state" / ".pulumi" / "stacks" / "keyless"
    folder.mkdir(parents=True)
    for name, content in (("local.json", NOW), ("local.json.bak", BEFORE)):
        (folder / name).write_text(json.dumps(content))
        (folder / f"{name}.attrs").write_text('{"md5": "x"}')
    return folder


def mend(folder: Path) -> list[str]:
    return mend_checkpoint(folder.parents[2], "local")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_files_that_are_whole_are_left_alone(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert mend(folder) == []
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_backend_without_a_stack_needs_nothing(tmp_path: Path) -> None:
    assert mend_checkpoint(tmp_path, "local") == []


@pytest.mark.parametrize("content", [b"", b'{"md5', b"\0\0\0", b"[]"])
def test_attributes_that_were_cut_off_are_removed_wherever_they_are(folder: Path, content: bytes) -> None:
    lock = folder.parents[1] / "locks" / "one.json.attrs"
    lock.parent.mkdir()
    for file in (folder / "local.json.attrs", lock):
        file.write_bytes(content)
    assert sorted(mend(folder)) == [
        "removed local.json.attrs, the end of which a killed run had not written",
        "removed one.json.attrs, the end of which a killed run had not written",
    ]
    assert names(folder) == {"local.json", "local.json.bak", "local.json.bak.attrs"}
    assert json.loads((folder / "local.json").read_text()) == NOW
    assert not lock.exists()


@pytest.mark.parametrize("content", [b"", b'{"version": 3, "checkp', b"\0\0\0", b"{}"])
def test_a_state_that_was_cut_off_is_what_it_was_before_its_last_write(folder: Path, content: bytes) -> None:
    (folder / "local.json").write_bytes(content)
    assert mend(folder) == [
        "went back to the state before its last write, which a killed run had not finished"
    ]
    assert json.loads((folder / "local.json").read_text()) == BEFORE
    assert "local.json.attrs" not in names(folder)
    assert mend(folder) == []


def test_another_stack_is_no_business_of_this_one(folder: Path) -> None:
    (folder / "other.json").write_bytes(b"")
    assert mend(folder) == []
    assert (folder / "other.json").read_bytes() == b""


def test_when_both_are_gone_the_way_out_is_printed(folder: Path) -> None:
    for name in ("local.json", "local.json.bak"):
        (folder / name).write_bytes(b"")
    with pytest.raises(StateLostError) as lost:
        mend(folder)
    assert str(lost.value) == (
        f"neither {folder / 'local.json'} nor local.json.bak beside it can be read. Expected a JSON object"
        " in one of them. `make clean` forgets this stack and its local Azure, and `make up` begins anew"
    )
    with pytest.raises(StateLostError, match=r"`make clean EXAMPLE=shop` forgets .* `make up EXAMPLE=shop`"):
        mend_checkpoint(folder.parents[2], "local", "shop")
