"""The build from Go modules: pinned, checked against go.sum, and kept only when it is whole."""

import json
from pathlib import Path

import pytest

from tests.unit.toolchain.conftest import Script
from toolchain import engine_from_source, versions
from toolchain.engine_from_source import BuiltFromSource, GoProgress, fingerprint
from toolchain.engine_source import NotThisWayError
from toolchain.paths import GO_MODULE

# A stand-in for Go: it notes how it was called, "compiles" a script, and has one module.
GO = """
import json
here = pathlib.Path(__file__).parent
call = {"arguments": sys.argv[1:], "folder": os.getcwd(), "GOWORK": os.environ.get("GOWORK")}
with open(here / "calls", "a") as calls:
    calls.write(json.dumps(call) + "\\n")
if sys.argv[1] == "build":
    target = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
    target.write_text("#!/bin/sh\\necho VERSION\\n")
    target.chmod(0o755)
else:
    module = here / "module"
    (module / "python" / "cmd").mkdir(parents=True, exist_ok=True)
    (module / "python" / "cmd" / "pulumi-language-python-exec").write_text("run a program")
    print(json.dumps({"Dir": str(module), "Version": "v1"}))
"""


def way(tmp_path: Path) -> BuiltFromSource:
    environment = {"KEYLESS_CACHE": str(tmp_path / "cache"), "PATH": str(tmp_path / "go")}
    return BuiltFromSource(environment, assemble=lambda cached: cached)


def test_a_build_puts_the_command_line_and_the_runner_of_programs_into_the_cache(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    script(tmp_path / "go" / "go", GO.replace("VERSION", f"v{versions.ENGINE}"))
    assert way(tmp_path).find() is None
    engine = way(tmp_path).fetch(said.append)
    assert (engine.version, engine.source) == (versions.ENGINE, "build")
    assert sorted(p.name for p in engine.folder.iterdir()) == ["pulumi", "pulumi-language-python-exec"]
    runner = engine.folder / "pulumi-language-python-exec"
    assert runner.read_text(encoding="utf-8") == "run a program"
    assert way(tmp_path).find() == engine
    assert said == [
        f"Engine: building Pulumi {versions.ENGINE} with Go, once for all checkouts (3 to 6 minutes)"
    ]


def test_only_modules_that_the_repository_vouches_for_are_built(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    script(tmp_path / "go" / "go", GO.replace("VERSION", f"v{versions.ENGINE}"))
    way(tmp_path).fetch(said.append)
    calls = [
        json.loads(line) for line in (tmp_path / "go" / "calls").read_text(encoding="utf-8").splitlines()
    ]
    assert [call["arguments"][0] for call in calls] == ["build", "mod"]
    assert all(call["folder"] == str(GO_MODULE) and call["GOWORK"] == "off" for call in calls)
    assert "-mod=readonly" in calls[0]["arguments"]
    assert calls[0]["arguments"][-1] == "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
    # Without a version of its own the SDK comes in the one that go.mod names.
    assert calls[1]["arguments"] == ["mod", "download", "-json", "github.com/pulumi/pulumi/sdk/v3"]


def test_a_second_set_up_does_not_build_again(tmp_path: Path, script: Script, said: list[str]) -> None:
    script(tmp_path / "go" / "go", GO.replace("VERSION", f"v{versions.ENGINE}"))
    way(tmp_path).fetch(said.append)
    way(tmp_path).fetch(said.append)
    assert len((tmp_path / "go" / "calls").read_text(encoding="utf-8").splitlines()) == 2


def test_without_go_that_is_the_reason(tmp_path: Path, said: list[str]) -> None:
    with pytest.raises(NotThisWayError) as reason:
        way(tmp_path).fetch(said.append)
    assert str(reason.value) == "there is no `go` on PATH"


def test_a_build_that_fails_gives_gos_own_words_and_leaves_nothing(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    script(tmp_path / "go" / "go", "sys.exit('verifying module: checksum mismatch')")
    with pytest.raises(NotThisWayError) as reason:
        way(tmp_path).fetch(said.append)
    assert str(reason.value).endswith("ended with status 1\n      verifying module: checksum mismatch")
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["lock"]


def test_a_build_that_answers_with_another_version_is_not_kept(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    script(tmp_path / "go" / "go", GO.replace("VERSION", "v3.1.0"))
    with pytest.raises(
        NotThisWayError, match=r"what was built answers 'v3\.1\.0' when asked for its version"
    ):
        way(tmp_path).fetch(said.append)
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["lock"]


def test_other_pins_or_checksums_are_another_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    for name in ("go.mod", "go.sum"):
        (tmp_path / name).write_bytes((GO_MODULE / name).read_bytes())
    monkeypatch.setattr(engine_from_source, "GO_MODULE", tmp_path)
    assert fingerprint() == before
    (tmp_path / "go.sum").write_bytes((GO_MODULE / "go.sum").read_bytes() + b"one more line\n")
    assert fingerprint() != before


def test_progress_names_what_is_downloaded_and_counts_what_is_compiled() -> None:
    progress = GoProgress()
    assert progress.read("go: downloading golang.org/x/net v0.50.0") == "downloading golang.org/x/net"
    assert progress.read("internal/abi") == "compiling internal/abi (package 1)"
    assert progress.read("golang.org/x/net/http2") == "compiling golang.org/x/net/http2 (package 2)"
    assert progress.read("# golang.org/x/net") is None
    assert progress.read("go: some warning") is None
    assert progress.read("") is None
