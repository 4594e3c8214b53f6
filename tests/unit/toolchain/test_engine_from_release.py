"""The official release: compared with the checksum in the repository before anything of it is kept or run."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.toolchain.archives import packed, served, sha256
from toolchain import versions
from toolchain.engine_from_release import CHECKSUMS, OfficialRelease, checksums
from toolchain.engine_source import NotThisWayError

PATH = f"/v{versions.ENGINE}/pulumi-v{versions.ENGINE}-some-system.tar.gz"


def release(version: str = versions.ENGINE, *, ran: Path | None = None) -> bytes:
    """An archive with a `pulumi` that says its version, and leaves `ran` where it was started."""
    pulumi = f"#!/bin/sh\n{f'touch {ran}' if ran else ''}\necho v{version}\n"
    return packed([("pulumi/pulumi", pulumi.encode()), ("pulumi/pulumi-language-python", b"#!/bin/sh\n")])


@pytest.fixture(autouse=True)
def _as_here(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("the stand-in for Pulumi is a script that Windows does not run")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def way(
    tmp_path: Path, server: str, known: Mapping[str, str], system: str = "some-system"
) -> OfficialRelease:
    environment = {"KEYLESS_CACHE": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"}
    return OfficialRelease(environment, server=server, sha256=known, system=system)


def refusal(source: OfficialRelease, said: list[str], tmp_path: Path) -> str:
    assert source.find() is None
    with pytest.raises(NotThisWayError) as reason:
        source.fetch(said.append)
    assert source.find() is None
    assert sorted(path.name for path in tmp_path.glob("cache/*")) in ([], ["lock"])
    return str(reason.value)


def test_the_release_with_the_right_checksum_is_in_the_cache_and_found_by_the_next_set_up(
    tmp_path: Path, said: list[str]
) -> None:
    archive = release()
    known = {"some-system": sha256(archive)}
    with served({PATH: (200, archive)}) as (server, asked):
        engine = way(tmp_path, server, known).fetch(said.append)
    assert asked == [PATH]
    assert (engine.version, engine.source) == (versions.ENGINE, "release")
    assert engine.folder.is_relative_to(tmp_path / "cache")
    assert [path.name for path in engine.folder.parent.iterdir()] == ["bin"]
    assert sorted(path.name for path in engine.folder.iterdir()) == ["pulumi", "pulumi-language-python"]
    assert way(tmp_path, "http://nobody.invalid", known).find() == engine
    assert said == [f"Engine: downloading Pulumi {versions.ENGINE} from {server}{PATH}"]


def test_another_file_than_the_one_of_the_checksum_is_not_kept_and_nothing_of_it_runs(
    tmp_path: Path, said: list[str]
) -> None:
    meant, ran = release(), tmp_path / "ran"
    changed = release(ran=ran)
    with served({PATH: (200, changed)}) as (server, _):
        source = way(tmp_path, server, {"some-system": sha256(meant)})
        assert refusal(source, said, tmp_path) == (
            f"{server}{PATH} is another file than the one that was meant: "
            f"its SHA-256 is {sha256(changed)}, expected {sha256(meant)}"
        )
    assert not ran.exists()


def test_what_was_got_under_another_checksum_is_not_used(tmp_path: Path, said: list[str]) -> None:
    archive = release()
    with served({PATH: (200, archive)}) as (server, _):
        way(tmp_path, server, {"some-system": sha256(archive)}).fetch(said.append)
        assert way(tmp_path, server, {"some-system": sha256(release("3.0.0"))}).find() is None
        assert way(tmp_path, server, {}).find() is None


def test_without_a_checksum_for_this_system_nothing_is_downloaded(tmp_path: Path, said: list[str]) -> None:
    with served({PATH: (200, release())}) as (server, asked):
        reason = refusal(way(tmp_path, server, {"other-system": "00"}), said, tmp_path)
    assert reason == (
        "release_checksums.json has no checksum for some-system, and without one nothing is downloaded"
    )
    assert asked == []
    assert said == []


def test_a_release_without_the_language_host_is_not_kept(tmp_path: Path, said: list[str]) -> None:
    archive = packed([("pulumi/pulumi", b"#!/bin/sh\n")])
    with served({PATH: (200, archive)}) as (server, _):
        reason = refusal(way(tmp_path, server, {"some-system": sha256(archive)}), said, tmp_path)
    assert reason == f"{server}{PATH} has no pulumi and pulumi-language-python"


def test_a_release_that_says_another_version_is_not_kept(tmp_path: Path, said: list[str]) -> None:
    archive = release("3.1.0")
    with served({PATH: (200, archive)}) as (server, _):
        reason = refusal(way(tmp_path, server, {"some-system": sha256(archive)}), said, tmp_path)
    assert reason == "what was downloaded answers 'v3.1.0' when asked for its version"


def test_a_server_that_refuses_is_told_with_its_status(tmp_path: Path, said: list[str]) -> None:
    with served({}) as (server, _):
        reason = refusal(way(tmp_path, server, {"some-system": "00"}), said, tmp_path)
    assert reason == f"{server}{PATH} answered 404 Not Found"


def test_the_checksums_are_of_the_version_that_is_got_and_of_every_system_that_the_readme_names() -> None:
    told = json.loads(CHECKSUMS.read_text(encoding="utf-8"))
    assert told["version"] == versions.ENGINE
    assert [*checksums()] == ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]
    assert {len(bytes.fromhex(text)) for text in checksums().values()} == {32}
    assert len(set(checksums().values())) == 4


def test_two_places_of_different_owners_say_the_checksums() -> None:
    owners = [url.split("/")[3] for url in json.loads(CHECKSUMS.read_text(encoding="utf-8"))["found_in"]]
    assert len(owners) == len(set(owners)) == 2
