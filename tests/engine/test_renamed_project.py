"""A project that gets another name keeps its app: `pulumi stack rename`, as Pulumi documents it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from loop.stack import EngineError, Stack
from tests.engine.conftest import Loop
from toolchain.paths import ROOT

PARTS = ("__main__.py", "components", "settings", ".venv")


def shop(folder: Path, config: str) -> Path:
    """This program in a project of another name, with this configuration for the stack."""
    folder.mkdir(exist_ok=True)
    for part in PARTS:
        if not (folder / part).is_symlink():
            (folder / part).symlink_to(ROOT / part)
    project = (ROOT / "Pulumi.yaml").read_text()
    (folder / "Pulumi.yaml").write_text(project.replace("name: keyless\n", "name: shop\n", 1))
    (folder / "Pulumi.local.yaml").write_text(config)
    return folder


def test_a_renamed_project_changes_nothing_and_forgets_no_key(loop: Loop, tmp_path: Path) -> None:
    outputs = loop.up()
    loop.stack.run("stack", "rename", "organization/shop/local")
    configuration = loop.stack.config_file.read_text()
    assert "keyless:purgeProtection: false" in configuration

    program = shop(tmp_path / "shop", configuration)
    renamed: Stack = replace(loop.stack, program=program)
    with pytest.raises(EngineError) as forgotten:
        renamed.preview()
    assert "write shop: in the place of keyless: in Pulumi.local.yaml" in forgotten.value.output

    configuration = configuration.replace("keyless:", "shop:")
    loop.stack.config_file.write_text(configuration)
    renamed.preview("--expect-no-changes")

    loop.stack.config_file.write_text(configuration.replace("config:\n", "config:\n  shop:name: shop\n"))
    said = renamed.up("--skip-preview")
    assert re.findall(r"\d+ (?:created|deleted|replaced)", said) == []
    assert renamed.outputs()["app_name"] == outputs["app_name"]
    renamed.preview("--expect-no-changes")
