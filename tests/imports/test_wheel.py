"""`pip install` of this repository gives `keyless_azure`: typed, whole, and nothing else."""

import email.message
import email.parser
import json
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from components.version import VERSION
from tests.imports.consumer import Consumer
from tests.imports.released import PROGRAMS
from toolchain.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LEFT_OUT = {"__main__.py", "azure_facts/make_roles.py", "served.py", "wire.py"}
"""Of the plugin package, and what writes a data file."""
PROGRAM = '''
"""A stack of another team, as its own type checker sees it."""

import pulumi
from pulumi_azure_native import resources

from keyless_azure import IdentityKind, KeylessWebApp, KeylessWebAppArgs, WebApp

group = resources.ResourceGroup("team", location="westeurope")
args: KeylessWebAppArgs = {
    "resource_group_name": group.name,
    "secrets": {"DATABASE_PASSWORD": "database-password"},
    "identity": IdentityKind.SYSTEM_ASSIGNED,
}
shop = KeylessWebApp("shop", args)
second = WebApp(
    "second",
    {
        "resource_group_name": shop.resource_group_name,
        "plan_id": shop.app.plan_id,
        "secrets": {"API_KEY": "api-key"},
        "vault_id": shop.vault_id,
        "vault_endpoint": shop.vault_endpoint,
    },
)
pulumi.export("vault", shop.vault_endpoint)
pulumi.export("principals", [shop.principal_id, second.principal_id])
pulumi.export("access", shop.access)
'''


def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"keyless_azure-{VERSION}.dist-info/METADATA").decode()
    return email.parser.Parser().parsestr(text)


def test_the_wheel_holds_the_components_and_nothing_else(wheel: Path) -> None:
    folder = ROOT / "components"
    files = [
        *folder.rglob("*.pyi"),
        *folder.rglob("*.py"),
        *(folder / "azure_facts").glob("*.json"),
        *folder.rglob("*.kql"),
    ]
    names = {path.relative_to(folder).as_posix() for path in files}
    modules = {f"keyless_azure/{name}" for name in names - LEFT_OUT}
    about = {f"keyless_azure-{VERSION}.dist-info/{n}" for n in ("METADATA", "RECORD", "WHEEL")}
    with zipfile.ZipFile(wheel) as archive:
        assert sorted(archive.namelist()) == sorted(
            {
                *modules,
                *about,
                "keyless_azure/py.typed",
                f"keyless_azure-{VERSION}.dist-info/licenses/LICENSE",
            }
        )


def test_the_wheel_says_what_it_is_and_what_it_needs(wheel: Path) -> None:
    about = metadata(wheel)
    assert wheel.name == f"keyless_azure-{VERSION}-py3-none-any.whl"
    assert about["Name"] == "keyless-azure"
    assert about["Version"] == VERSION
    assert about["Requires-Python"] == ">=3.11"
    assert about["License-Expression"] == "Apache-2.0"
    assert about.get_all("Provides-Extra") is None


def test_the_wheel_asks_for_what_is_tested_up_to_the_next_major_version(wheel: Path) -> None:
    pins = [
        line.split("==")
        for line in (ROOT / "components" / "requirements.in").read_text(encoding="utf-8").splitlines()
        if "==" in line
    ]
    expected = [f"{name}<{int(pin.split('.')[0]) + 1},>={pin}" for name, pin in pins]
    assert sorted(metadata(wheel).get_all("Requires-Dist") or []) == sorted(expected)


def test_the_build_backend_is_the_pinned_one_of_the_tools() -> None:
    (pin,) = PROJECT["build-system"]["requires"]
    assert pin in (ROOT / "requirements-dev.in").read_text(encoding="utf-8").splitlines()


def test_only_keyless_azure_can_be_imported_where_the_wheel_is_installed(
    installed: Path, tmp_path: Path
) -> None:
    ask = (
        "import importlib.metadata, importlib.util, json, pathlib; import keyless_azure;"
        "names = 'components tests app settings local_azure toolchain loop readiness benchmarks'.split();"
        "print(json.dumps({'from': str(pathlib.Path(keyless_azure.__file__).parent),"
        "'version': importlib.metadata.version('keyless-azure'),"
        "'others': [n for n in names if importlib.util.find_spec(n)]}))"
    )
    answer = subprocess.run(
        [str(installed), "-c", ask], cwd=tmp_path, env={}, check=True, capture_output=True, text=True
    )
    (packages,) = installed.parent.parent.glob("lib/python*/site-packages")
    assert json.loads(answer.stdout) == {
        "from": str(packages / "keyless_azure"),
        "version": VERSION,
        "others": [],
    }


def test_a_consumer_is_type_checked_against_the_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    (tmp_path / "right.py").write_text(PROGRAM)
    for program in PROGRAMS:
        (tmp_path / program.name).write_text(program.read_text(encoding="utf-8"))
    (tmp_path / "wrong.py").write_text(
        'from keyless_azure import WebApp\n\nWebApp("shop", {"resource_group": "rg"})\n'
    )
    command = [ROOT / ".venv/bin/python", "-m", "pyright", "--pythonpath", installed, "--outputjson"]
    checked = subprocess.run(
        list(map(str, command)), cwd=tmp_path, check=False, capture_output=True, text=True
    )
    found = json.loads(checked.stdout)["generalDiagnostics"]
    assert {Path(problem["file"]).name for problem in found} == {"wrong.py"}, found
    assert any('"resource_group"' in problem["message"] for problem in found)


@pytest.mark.usefixtures("cloud")
def test_a_stack_that_imports_the_wheel_is_deployed_unchanged_and_destroyed(
    installed: Path, consumer: Consumer
) -> None:
    consumer.prepare(PROGRAM, virtualenv=installed.parent.parent)
    consumer.up()

    outputs = consumer.outputs()
    assert outputs["vault"].endswith(".vault.azure.net/")
    assert len(set(outputs["principals"])) == 2
    assert len(outputs["access"]) == 1
    assert {r["type"] for r in consumer.resources() if r["type"].startswith("keyless:")} == {
        f"keyless:index:{name}"
        for name in ("AccessGrant", "KeyVault", "KeylessWebApp", "ManagedIdentity", "WebApp")
    }
    assert set(consumer.changes()) == {"same"}
    consumer("destroy", "--yes", "--skip-preview")
    assert [r for r in consumer.resources() if r["type"].startswith("azure-native:")] == []
