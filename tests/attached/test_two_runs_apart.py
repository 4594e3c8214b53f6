"""What engines attach to at once, or one after the other, keeps nothing of one for the other."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugins.azure_native import AzureNative
from loop.stack import EngineError, Stack
from tests.attached import AttachedEngine, attached_stack
from tests.attached.connections import OneForEach, serving
from tests.attached.engine import SEPARATE
from tests.attached.forking import CAN_FORK
from tests.local_azure.plugin_client import Plugin, urn
from tests.local_azure.recorded_azure import ENVIRONMENT, RecordedAzure
from tests.patience import LONGER, until
from toolchain.paths import VENV

ADD_PROVIDER = provider_pb2_grpc.add_ResourceProviderServicer_to_server
GROUP = urn("azure-native:resources:ResourceGroup")


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def port(opened: ExitStack) -> int:
    azure = OneForEach(lambda: AzureNative(RecordedAzure().transport, ENVIRONMENT))
    return opened.enter_context(serving(ADD_PROVIDER, azure))


def connect(opened: ExitStack, port: int, location: str | None = None) -> Plugin:
    """As the engine does for each provider; options keep gRPC from sharing one connection."""
    channel = opened.enter_context(
        grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
    )
    plugin = Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
    plugin.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    if location:
        variables = {"azure-native:config:location": location}
        plugin.stub.Configure(provider_pb2.ConfigureRequest(variables=variables))
    return plugin


def test_each_provider_keeps_its_own_configuration(opened: ExitStack, port: int) -> None:
    west, north = connect(opened, port, "westeurope"), connect(opened, port, "northeurope")
    for plugin, location in ((west, "westeurope"), (north, "northeurope"), (west, "westeurope")):
        inputs, _ = plugin.check(GROUP, {"resourceGroupName": "rg"})
        assert inputs["location"] == location


def test_a_later_run_sees_nothing_of_an_earlier_configuration(opened: ExitStack, port: int) -> None:
    with ExitStack() as earlier:
        connect(earlier, port, "westeurope")
    inputs, _ = connect(opened, port).check(GROUP, {"resourceGroupName": "rg"})
    assert "location" not in inputs


def test_a_handshake_begins_anew_even_where_the_system_gives_the_same_port_again(
    opened: ExitStack, port: int
) -> None:
    plugin = connect(opened, port, "westeurope")
    plugin.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    inputs, _ = plugin.check(GROUP, {"resourceGroupName": "rg"})
    assert "location" not in inputs


def test_a_call_before_the_handshake_is_refused(opened: ExitStack, port: int) -> None:
    channel = opened.enter_context(grpc.insecure_channel(f"127.0.0.1:{port}"))
    stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
    with pytest.raises(grpc.RpcError) as refused:
        stub.GetPluginInfo(Empty())
    assert isinstance(refused.value, grpc.Call)
    assert refused.value.details() == "GetPluginInfo came before Handshake"


def test_a_cancelled_run_stops_waiting_at_once_and_no_other_does(opened: ExitStack) -> None:
    recorded = RecordedAzure()
    path = f"/subscriptions/{ENVIRONMENT['ARM_SUBSCRIPTION_ID']}/resourceGroups/rg"
    under_way = {"name": "rg", "properties": {"provisioningState": "Updating"}}
    recorded.answer_once(f"GET {path}", *[httpx.Response(404, json={"error": {}}) for _ in range(2)])
    recorded.answer_once(f"PUT {path}", *[httpx.Response(201, json=under_way) for _ in range(2)])
    recorded.resources[path.lower()] = under_way
    azure = OneForEach(lambda: AzureNative(recorded.transport, ENVIRONMENT))
    port = opened.enter_context(serving(ADD_PROVIDER, azure))
    with ThreadPoolExecutor() as threads:
        cancelled, other = (
            (
                plugin,
                threads.submit(plugin.create, GROUP, {"resourceGroupName": "rg", "location": "westeurope"}),
            )
            for plugin in (connect(opened, port), connect(opened, port))
        )
        until(lambda: len(recorded.requests) > 5)  # each has looked, written, and asked whether it is done
        cancelled[0].stub.Cancel(Empty())
        assert isinstance(error := cancelled[1].exception(), grpc.Call)
        assert error.details() == "the operation was cancelled"
        assert not other[1].done()
        under_way["properties"] = {"provisioningState": "Succeeded"}
        assert other[1].result()[0] == path


WAITING = """
import os, pathlib, time
import pulumi

pathlib.Path("pid").write_text(str(os.getpid()))
time.sleep(LONGER)
""".replace("LONGER", str(LONGER))
PROJECT = f"name: keyless\nruntime:\n  name: python\n  options:\n    virtualenv: {VENV}\n"


@pytest.fixture
def stack(engine: AttachedEngine, tmp_path: Path) -> Stack:
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(PROJECT)
    (program / "Pulumi.local.yaml").write_text("{}")
    stack = attached_stack(engine, tmp_path / "work", {}, program=program)
    stack.prepare()
    return stack


@pytest.mark.skipif(not CAN_FORK, reason="processes are separate here")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_program_ends_when_the_engine_is_killed_or_interrupted(
    stack: Stack, number: signal.Signals
) -> None:
    (stack.program / "__main__.py").write_text(WAITING)
    engine = subprocess.Popen(
        [str(stack.engine / "pulumi"), "preview", "--non-interactive", "--stack", stack.name],
        cwd=stack.program, env=stack.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    told = stack.program / "pid"

    def started() -> bool:
        assert engine.poll() is None
        return told.exists() and told.read_text() != ""

    until(started)
    engine.send_signal(number)
    engine.wait()
    until(lambda: not _lives(int(told.read_text())))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nprint('aloud')\nprint('aside', file=sys.stderr)\nraise ValueError('a wrong word')\n",
        "raise SystemExit(3)\n",
        "print('in pieces', end='')\n",
    ],
    ids=["error", "status", "no line's end"],
)
def test_a_person_reads_of_a_run_what_is_read_of_one_with_processes_of_its_own(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (stack.program / "__main__.py").write_text(source)
    attached = shown_by(stack)
    monkeypatch.setenv(SEPARATE, "1")
    assert sorted(attached) == sorted(shown_by(stack))
    assert any(word in line for line in attached for word in ("a wrong word", "status 3", "in pieces"))


OUTPUTS = """
import pulumi

for name, value in {
    "empty": {},
    "hidden": pulumi.Output.secret({"in": ["clear"]}),
    "nothing": None,
    "number": 1.5,
    "text": "text",
    "within": {"list": ["shown", pulumi.Output.secret("hidden")], "yes": True},
}.items():
    pulumi.export(name, value)
pulumi.export("asset", pulumi.StringAsset("text"))
"""


def shown_by(stack: Stack) -> list[str]:
    """What a preview found, line by line, but not how it went on: that depends on the time."""
    try:
        shown = stack.preview()
    except EngineError as error:
        shown = error.output
    found = shown[shown.index("Diagnostics:") :].splitlines()
    return [line.strip() for line in found if line.strip() and "Duration" not in line]


def test_each_run_is_in_the_environment_of_its_engine(engine: AttachedEngine, stack: Stack) -> None:
    program = stack.program / "__main__.py"
    program.write_text(
        "import os\nprint(os.environ['GIVEN'], os.environ.get('ONLY'), os.environ['PULUMI_HOME'])\n"
    )
    first = replace(stack, azure={"GIVEN": "first", "ONLY": "here"})
    second = replace(stack, azure={"GIVEN": "second"})
    home = stack.work / "pulumi"
    assert f"first here {home}" in first.preview()
    assert f"second None {home}" in second.preview()
    assert f"first here {home}" in first.preview()
    assert engine.variables(first.environment()) != engine.variables(second.environment())


def test_on_demand_and_where_there_is_no_safe_fork_processes_are_separate(
    engine: AttachedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {
        *("GOGC", "GOMEMLIMIT", "PULUMI_DEBUG_LANGUAGES", "PULUMI_DEBUG_PROVIDERS"),
        *("PULUMI_OPTION_SECRETS_PROVIDER", "VAULT_SERVER_TOKEN", "VAULT_SERVER_URL"),
    }
    attached = names if CAN_FORK else set[str]()
    with monkeypatch.context() as alone:
        alone.delenv(SEPARATE, raising=False)
        assert set(engine.variables({})) == attached
        alone.setattr("tests.attached.engine.CAN_FORK", False)
        assert engine.variables({}) == {}
    monkeypatch.setenv(SEPARATE, "1")
    assert engine.variables({}) == {}


def test_outputs_are_read_as_the_engine_tells_them(stack: Stack) -> None:
    (stack.program / "__main__.py").write_text(OUTPUTS)
    assert stack.outputs() == Stack.outputs(stack) == {}
    stack.up("--skip-preview")
    assert stack.outputs() == Stack.outputs(stack)
    assert stack.outputs()["text"] == "text"
    assert stack.outputs()["hidden"] == "[secret]"
