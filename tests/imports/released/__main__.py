"""`python -m tests.imports.released`: deploy each program here to a local Azure, and keep its state.

A state is named after the version that made it. Run it once for each release, when its version is set.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from components.version import VERSION
from local_azure.server import LocalAzure
from tests.attached import ForkServers, attached_engine
from tests.imports.consumer import Consumer
from tests.imports.released import PROGRAMS, STATES
from tests.imports.wheel import build_wheel, environment_with
from toolchain.engine import ensure_engine

OF_THE_MACHINE = ("created", "modified", "sourcePosition", "stackTrace")


def without_the_machine(state: dict[str, Any]) -> dict[str, Any]:
    """The state without paths, times and the salt of a passphrase; there is no secret in it to decrypt."""
    deployment = state["deployment"]
    del deployment["secrets_providers"]
    del deployment["manifest"]["time"]
    for resource in deployment["resources"]:
        for key in OF_THE_MACHINE:
            resource.pop(key, None)
    return state


def main() -> None:
    servers = ForkServers()
    with (
        tempfile.TemporaryDirectory() as name,
        attached_engine(ensure_engine(print).folder, servers) as engine,
    ):
        work = Path(name)
        python = environment_with(build_wheel(work / "wheel"), work / "venv")
        for program in PROGRAMS:
            with LocalAzure(work / program.stem / "azure") as cloud:
                consumer = Consumer(work / program.stem, engine, cloud.environment())
                consumer.prepare(program.read_text(encoding="utf-8"), virtualenv=python.parent.parent)
                consumer("config", "rm", "azure-native:location")
                consumer.up()
                state = STATES / VERSION / f"{program.stem}.json"
                state.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps(without_the_machine(consumer.export()), indent=1, sort_keys=True)
                state.write_text(f"{text}\n", encoding="utf-8")
                print(f"{state}: {len(consumer.resources())} resources")


if __name__ == "__main__":
    main()
