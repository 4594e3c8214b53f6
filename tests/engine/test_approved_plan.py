"""An update does what was approved, or nothing: a preview's plan, kept, is all that `pulumi up` may do."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.server import LocalAzure
from loop.preview import Target, Wanted, policy_options, preview
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from toolchain.paths import ROOT

PLANTED = "planted" + "-" + "value-of-a-tag"
PROGRAM = f"""
import pulumi
from pulumi_azure_native import resources

tags = {{"mark": pulumi.Output.secret("{PLANTED}")}}
resources.ResourceGroup("one", resource_group_name="rg-one", tags=tags)
"""
ANOTHER = """
resources.ResourceGroup("other", resource_group_name="rg-other")
"""


def approved(loop: Loop, file: Path, **configuration: Any) -> Path:
    """The plan of a preview with this configuration, as the job *Deploy* keeps it."""
    loop.stack.write_configuration(configuration)
    out = file.parent / "out"
    status = preview(Target.of(loop.stack), out, loop.session.terminal, Wanted(save_plan=file))
    assert status == 0, (out / "preview.json").read_text()[-2000:]
    return file


def groups(loop: Loop) -> set[str]:
    stored = loop.cloud.azure.store.list(type="Microsoft.Resources/resourceGroups")
    return {resource.id.rpartition("/")[2] for resource in stored}


def refused(loop: Loop, plan: Path) -> str:
    with pytest.raises(EngineError) as refusal:
        loop.stack.up("--plan", str(plan))
    return refusal.value.output


def test_a_first_deployment_follows_its_plan_and_a_configuration_of_later_is_refused(
    loop: Loop, tmp_path: Path
) -> None:
    plan = approved(loop, tmp_path / "plan.json")
    loop.stack.up("--plan", str(plan), *policy_options(ROOT))
    grants = loop.grants()
    assert len(grants) == 1
    loop.stack.preview("--expect-no-changes")

    plan = approved(loop, tmp_path / "plan.json")
    loop.stack.write_configuration({"secrets": {"NEW_KEY": "new-key"}, "secretAccess": "secret"})
    assert "violates plan" in refused(loop, plan)
    assert loop.grants() == grants


def test_a_plan_holds_no_secret_in_clear_and_does_not_fit_where_the_stack_has_moved_on(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    loop = given_program(Loop, engine, cloud, tmp_path, PROGRAM, {"azure-native:location": "westeurope"})
    plan = approved(loop, tmp_path / "plan.json")
    assert PLANTED not in plan.read_text()
    assert "ciphertext" in plan.read_text()
    assert json.loads(plan.read_text())["manifest"]["version"].startswith("v3.")

    main = loop.stack.program / "__main__.py"
    main.write_text(PROGRAM + ANOTHER)
    loop.stack.up("--skip-preview")
    both = groups(loop)
    main.write_text(PROGRAM)
    assert "delete is not allowed by the plan" in refused(loop, plan)
    assert groups(loop) == both

    loop.stack.up("--plan", str(approved(loop, tmp_path / "plan.json")))
    assert both - groups(loop) == {"rg-other"}
