"""The real engine on a program that a test gives as a text."""

import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import yaml

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from loop.session import Session
from loop.terminal import Terminal
from tests.attached import AttachedEngine, attached_stack
from tests.engine.conftest import Loop

Kind = TypeVar("Kind", bound=Loop)


def given_program(
    kind: type[Kind],
    engine: AttachedEngine,
    cloud: LocalAzure,
    folder: Path,
    text: str,
    config: Mapping[str, str] | None = None,
) -> Kind:
    """A stack of its own in `folder`, with `config` besides the subscription."""
    program = folder / "program"
    program.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (program / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "keyless", "runtime": runtime}))
    (program / "__main__.py").write_text(text)
    given = {"azure-native:subscriptionId": SUBSCRIPTION_ID, **(config or {})}
    (program / "Pulumi.local.yaml").write_text(yaml.safe_dump({"config": given}))
    environment = cloud.environment()
    stack = attached_stack(engine, folder / "work", environment, program=program)
    stack.prepare()
    session = Session(folder / "work", cloud.azure.state, environment, stack, Terminal(io.StringIO()))
    return kind(session, cloud)
