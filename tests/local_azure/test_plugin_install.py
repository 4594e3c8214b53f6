"""The stand-ins are put where the engine looks, and end with the engine that started them."""

import os
import signal
import stat
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.plugins import install_plugins
from tests.interrupts import interrupts


def executable(home: Path, name: str) -> Path:
    folder = f"resource-{name}-v{version(f'pulumi-{name}')}"
    return home / "plugins" / folder / f"pulumi-resource-{name}"


def test_the_folders_carry_the_versions_of_the_installed_sdks(tmp_path: Path) -> None:
    install_plugins(tmp_path)
    expected = {executable(tmp_path, "azure-native"), executable(tmp_path, "random")}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == expected
    assert all(path.stat().st_mode & stat.S_IXUSR for path in expected)


def test_installing_again_changes_nothing_and_mends_what_was_changed(tmp_path: Path) -> None:
    install_plugins(tmp_path)
    launcher, other = executable(tmp_path, "azure-native"), executable(tmp_path, "random")
    before = launcher.read_bytes()
    untouched = other.stat().st_mtime_ns
    launcher.write_text("half a f", encoding="utf-8")
    install_plugins(tmp_path)
    assert launcher.read_bytes() == before
    assert other.stat().st_mtime_ns == untouched


@pytest.mark.parametrize(("name", "ignored"), [("azure-native", False), ("random", False), ("random", True)])
def test_a_plugin_prints_its_port_serves_there_and_stops_when_asked(
    tmp_path: Path, name: str, *, ignored: bool
) -> None:
    """In a run that a script left in the background, too, where interrupts are ignored at first."""
    home = tmp_path / "a home with spaces"
    install_plugins(home)
    # A module of the program must not be taken for one of Python's own.
    (tmp_path / "random.py").write_text("raise RuntimeError('the wrong random')", encoding="utf-8")
    command = [executable(home, name), "127.0.0.1:1"]
    with interrupts(ignored=ignored):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
            info = stub.GetPluginInfo(Empty())
        assert info.version == version(f"pulumi-{name}")
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    finally:
        process.kill()
        process.wait()


def test_a_plugin_ends_when_the_engine_is_killed(tmp_path: Path) -> None:
    install_plugins(tmp_path)
    read_end, write_end = os.pipe()
    engine = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run(['{executable(tmp_path, 'random')}'])"],
        stdout=write_end,
    )
    os.close(write_end)
    with os.fdopen(read_end) as output:
        assert int(output.readline()) > 0
        engine.kill()
        engine.wait()
        # The pipe closes when the last process that holds it is gone.
        assert output.read() == ""
