"""What an engine attaches to: stand-ins and a language host for each environment that one is started in."""

import os
import ssl
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from pulumi.runtime.proto import language_pb2_grpc, provider_pb2_grpc

from local_azure.plugins.azure_native import AzureNative
from local_azure.plugins.random_values import RandomValues
from loop.stack import Stack
from tests.attached.connections import OneForEach, serving
from tests.attached.forking import CAN_FORK, ForkServers
from tests.attached.initialised import Initialised
from tests.attached.keeper import KEPT_HERE, PASSPHRASE, SECRETS_PROVIDER, where_keys_are
from tests.attached.language_host import AttachedHost
from tests.attached.outputs import outputs_in
from toolchain.checkout_engine import RUNNER
from toolchain.paths import ROOT

SEPARATE = "KEYLESS_SEPARATE_PROCESSES"
"""Set in the environment of the tests, every engine starts its own processes, as it does for users."""


_NOTHING_COLLECTED = {"GOGC": "off", "GOMEMLIMIT": "500MiB"}
"""A run of the engine ends before collecting its garbage pays; only a large one does it at all."""


class AttachedEngine:
    """The engine in `folder`; until `attached_engine` closes it, one in any environment can attach to what is
    made for that environment here.
    """

    def __init__(
        self, folder: Path, servers: ForkServers, initialised: Initialised, opened: ExitStack
    ) -> None:
        self.folder = folder
        self.initialised = initialised
        self.secrets_provider = KEPT_HERE
        self._servers = servers
        self._opened = opened
        self._variables: dict[frozenset[tuple[str, str]], dict[str, str]] = {}

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What an engine in `environment` needs beside it; nothing where processes are to be separate."""
        if not CAN_FORK or os.environ.get(SEPARATE) or not (self.folder / RUNNER).exists():
            return {}
        key = frozenset(environment.items())
        if key not in self._variables:
            self._variables[key] = self._start(dict(environment))
        return self._variables[key]

    def _start(self, environment: Mapping[str, str]) -> dict[str, str]:
        hosts = OneForEach(lambda: AttachedHost(str(self.folder / RUNNER), environment, self._servers))
        random = OneForEach(RandomValues)
        transport = self._opened.enter_context(_as_told_by(environment))
        azure = OneForEach(lambda: AzureNative(transport, environment))
        add_provider, add_language = (
            provider_pb2_grpc.add_ResourceProviderServicer_to_server,
            language_pb2_grpc.add_LanguageRuntimeServicer_to_server,
        )
        ports = [
            self._opened.enter_context(serving(add, servicer))
            for add, servicer in ((add_provider, azure), (add_provider, random), (add_language, hosts))
        ]

        def let_go() -> None:
            for host in hosts.made.values():
                host.processes.stop()
            for provider in azure.made.values():
                provider.cancel()

        # Before the servers stop, because they wait for their calls.
        self._opened.callback(let_go)
        return {
            "PULUMI_DEBUG_PROVIDERS": f"azure-native:{ports[0]},random:{ports[1]}",
            "PULUMI_DEBUG_LANGUAGES": f"python:{ports[2]}",
            SECRETS_PROVIDER: self.secrets_provider,
            **where_keys_are(),
            **_NOTHING_COLLECTED,
        }


def _as_told_by(environment: Mapping[str, str]) -> httpx.HTTPTransport:
    """The way to Azure of a process in `environment`."""
    trusted = ssl.create_default_context(cafile=environment.get("SSL_CERT_FILE"))
    return httpx.HTTPTransport(verify=trusted, proxy=environment.get("HTTPS_PROXY"))


@contextmanager
def attached_engine(
    folder: Path, servers: ForkServers, initialised: Initialised | None = None
) -> Generator[AttachedEngine]:
    """The engine in `folder`. `servers` fork its programs, `initialised` keeps how its stacks begin."""
    with ExitStack() as opened:
        if initialised is None:
            initialised = Initialised(Path(opened.enter_context(TemporaryDirectory(prefix="keyless-"))))
        yield AttachedEngine(folder, servers, initialised, opened)


@dataclass(frozen=True)
class AttachedStack(Stack):
    """A stack whose engine attaches."""

    attached: AttachedEngine = field(kw_only=True, repr=False)

    def prepare(self) -> None:
        kept = self.environment().get(SECRETS_PROVIDER, PASSPHRASE).partition(":")[0]
        self.attached.initialised.bring(
            f"{self.project}-{self.name}-{kept}",
            ("passphrase", "stack", "state"),
            self.work,
            lambda folder: Stack.prepare(replace(self, work=folder)),
        )
        super().prepare()

    def outputs(self) -> dict[str, Any]:
        """From the state's file, unless the stacks of several projects are there."""
        found = list((self.state / ".pulumi" / "stacks").glob(f"*/{self.name}.json"))
        return outputs_in(found[0]) if len(found) == 1 else super().outputs()

    def environment(self) -> dict[str, str]:
        alone = super().environment()
        # Also where processes are to be separate from now on: the stack may be there.
        return alone | where_keys_are() | self.attached.variables(alone)


def attached_stack(
    engine: AttachedEngine, work: Path, azure: Mapping[str, str], name: str = "local", program: Path = ROOT
) -> AttachedStack:
    """As `Stack` is made, for an engine that attaches."""
    return AttachedStack(engine.folder, work, azure, name, program, attached=engine)
