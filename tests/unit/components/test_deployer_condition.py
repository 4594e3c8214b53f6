"""Whom a deployer may let in, and where, read from what is declared (R12)."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import KeylessWebApp, KeyVault, ManagedIdentity, WorkloadAccess
from components.takes import GRANTS
from tests.unit.components.answering_azure import ENDPOINT, PEOPLE, PRINCIPAL, STORAGE, VAULT, Mode
from tests.unit.components.recorded_azure import UNKNOWN, deploy, deploy_component

USER, OFFICER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
PROCESSOR = "8a0f0c08-91a1-4084-bc3d-661d67233fed"
MODES: tuple[Mode, ...] = ("first preview", "later preview", "up")
SECRETS = {"DB_PASSWORD": "db-password"}
QUEUES = {"id": STORAGE, "endpoint": "https://stteam.queue.core.windows.net/", "access": "receive"}
LINKS: dict[str, Any] = {
    "main": {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": SECRETS}},
    "orders": {"queues": QUEUES},
}
PAIR = re.compile(r"RoleDefinitionId\] \S+ \{(.+)\}\n +AND\n +@\w+\[\S+:(\w+)\] \S+ \{(.+)\}")


def contract(component: Any, mode: Mode = "up", /, **args: Any) -> dict[str, str]:
    return deploy_component(component, args, mode).outputs["deployer_contract"]


def pairs(condition: str) -> set[tuple[str, str]]:
    """Each role of a condition with whom it is for, which has to be the same for making and taking away."""
    found = [
        {(role, whom) for roles, _, whom in PAIR.findall(half) for role in roles.split(", ")}
        for half in condition.split("roleAssignments/delete")
    ]
    assert found[0] == found[-1]
    return found[0]


def conditions_by_scope(commands: str) -> dict[str, str]:
    """The condition that the shell holds when it gives the right to grant on a scope."""
    held, found = "", dict[str, str]()
    parts = r"condition=\$\(cat <<END\n(.*?)\nEND\n\)|^(az [^\n]*)$"
    for text, line in re.findall(parts, commands, re.DOTALL | re.MULTILINE):
        held = text or held
        if f'--role "{GRANTS}"' in line:
            assert line.endswith(' --condition-version 2.0 --condition "$condition"')
            found[line.partition("--scope ")[2].split()[0]] = held
    return found


@pytest.mark.parametrize("mode", MODES)
def test_a_group_is_named_and_the_app_that_is_made_is_not(mode: Mode) -> None:
    condition = contract(KeylessWebApp, mode, secrets=SECRETS, secret_officers={"officers": PEOPLE})[
        "condition"
    ]
    assert pairs(condition) == {(OFFICER, PEOPLE), (USER, "'ServicePrincipal'")}


def test_a_principal_that_is_given_is_the_only_one_that_may_be_let_in() -> None:
    condition = contract(WorkloadAccess, principal_id=PRINCIPAL, links=LINKS)["condition"]
    assert pairs(condition) == {(USER, PRINCIPAL), (PROCESSOR, PRINCIPAL)}


def test_a_principal_that_is_not_there_yet_may_be_any_workload() -> None:
    def program() -> pulumi.Resource:
        unknown: Any = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        return WorkloadAccess("shop", {"principal_id": unknown, "links": LINKS})

    condition = deploy(program, "first preview").outputs["deployer_contract"]["condition"]
    assert pairs(condition) == {(USER, "'ServicePrincipal'"), (PROCESSOR, "'ServicePrincipal'")}


@pytest.mark.parametrize("mode", MODES)
def test_what_the_program_makes_may_be_any_of_its_kind_and_is_so_in_later_runs_too(mode: Mode) -> None:
    """Else a replaced identity would need a new condition, and a first preview could not tell it."""

    def program() -> pulumi.Resource:
        made = ManagedIdentity("made", {"resource_group_name": "rg-team"}).principal_id
        return KeyVault("shop", {"resource_group_name": "rg-team", "secret_readers": {"readers": made}})

    condition = deploy(program, mode).outputs["deployer_contract"]["condition"]
    assert pairs(condition) == {(USER, "'Group'")}


def test_a_secret_id_is_not_written_into_a_condition() -> None:
    def program() -> pulumi.Resource:
        return KeyVault(
            "shop",
            {"resource_group_name": "rg-team", "secret_readers": {"readers": pulumi.Output.secret(PEOPLE)}},
        )

    condition = deploy(program, "up").outputs["deployer_contract"]["condition"]
    assert pairs(condition) == {(USER, "'Group'")}


def test_on_each_scope_a_deployer_may_grant_what_is_granted_there() -> None:
    commands = contract(WorkloadAccess, principal_id=PRINCIPAL, links=LINKS)["commands"]
    by_scope = conditions_by_scope(commands)
    assert {scope: pairs(condition) for scope, condition in by_scope.items()} == {
        VAULT: {(USER, PRINCIPAL)},
        STORAGE: {(PROCESSOR, PRINCIPAL)},
    }


def test_a_role_that_only_the_update_knows_leaves_a_gap_that_no_shell_takes() -> None:
    """And never the condition of another scope, or none."""

    def program() -> pulumi.Resource:
        unknown: Any = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        role: Any = {"role": {"id": STORAGE, "role": unknown}}
        return WorkloadAccess("shop", {"principal_id": PRINCIPAL, "links": {**LINKS, "orders": role}})

    told = deploy(program, "first preview").outputs["deployer_contract"]
    assert told != UNKNOWN
    assert pairs(told["condition"]) == {(USER, PRINCIPAL)}
    lines = told["commands"].splitlines()
    (grants,) = [n for n, line in enumerate(lines) if GRANTS in line and f"--scope {STORAGE} " in line]
    assert lines[grants - 1] == "condition=<of the roles that are granted here, which the update will know>"


@pytest.mark.skipif(shutil.which("sh") is None, reason="the commands are for a POSIX shell")
def test_the_shell_fills_in_the_deployer_and_leaves_the_rest_of_the_condition_as_it_is(
    tmp_path: Path,
) -> None:
    told = contract(
        KeylessWebApp, resource_group_name="rg-team", secrets=SECRETS, secret_officers={"officers": PEOPLE}
    )
    written = tmp_path / "condition"
    az = tmp_path / "az"
    az.write_text(
        "#!/bin/sh\n"
        'for one in "$@"; do\n'
        f'  if [ "$last" = --condition ]; then printf %s "$one" > "{written}"; fi\n'
        "  last=$one\n"
        "done\n"
        "echo 10ca1a2e-0000-4000-8000-000000000002\n"
    )
    az.chmod(az.stat().st_mode | stat.S_IXUSR)
    commands = told["commands"].replace("<object id of the deployer>", PRINCIPAL)
    commands = commands.replace("<User, Group or ServicePrincipal>", "ServicePrincipal")
    path = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(["sh", "-eu", "-c", commands], env=path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert written.read_text() == told["condition"].replace("$deployer", PRINCIPAL)
    assert PRINCIPAL in written.read_text()
