"""The committed stacks without an engine: the program, as each `Pulumi.<stack>.yaml` asks for it."""

import json
import os
import runpy
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pulumi

from tests.unit.components.answering_azure import SUBSCRIPTION, TENANT, Mode
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_once
from tests.unit.program.mocked_engine import DECLARED, ROOT, stack_file

STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
SIGNED_IN = {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT}


def run_stack(stack: str, mode: Mode, **instead: Any) -> Deployment:
    """What the program declares for a stack; `instead` are values in place of those in its file."""
    return deploy_once(("stack", stack, mode, instead), lambda: _run(stack, mode, instead))


def _run(stack: str, mode: Mode, instead: Mapping[str, Any]) -> Deployment:
    defaults = {key: declared["default"] for key, declared in DECLARED.items()}
    values = {**defaults, **stack_file(stack), **SIGNED_IN, **instead}
    texts = {f"keyless:{k}": v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}

    def program() -> Mapping[str, Any]:
        exported: dict[str, Any] = {}
        pulumi.runtime.set_all_config({}, [])
        with (
            patch.dict(os.environ, PULUMI_CONFIG=json.dumps(texts)),
            patch.object(pulumi, "export", exported.__setitem__),
        ):
            runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
        return exported

    return deploy(program, mode, stack=stack, project="keyless")
