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

from components import KeylessWebApp, KeyVault, ManagedIdentity, WebApp, WorkloadAccess
from components.takes import GRANTS
from tests.unit.components.answering_azure import ENDPOINT, PEOPLE, PLAN, PRINCIPAL, STORAGE, VAULT, Mode
from tests.unit.components.recorded_azure import UNKNOWN, deploy, deploy_component

USER, OFFICER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
OWN = "10ca1a2e-0000-4000-8000-000000000002"
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


POSIX = pytest.mark.skipif(shutil.which("sh") is None, reason="the commands are for a POSIX shell")


def ran_by_a_shell(commands: str, folder: Path) -> list[list[str]]:
    """The arguments of each `az` that a shell starts for these commands, as it gets them."""
    calls, az = folder / "calls", folder / "az"
    # No argument has a character that ends one here.
    az.write_text(f'#!/bin/sh\nprintf "%s\\037" "$@" >> "{calls}"\nprintf "\\036" >> "{calls}"\necho {OWN}\n')
    az.chmod(az.stat().st_mode | stat.S_IXUSR)
    commands = commands.replace("<object id of the deployer>", PRINCIPAL)
    commands = commands.replace("<User, Group or ServicePrincipal>", "ServicePrincipal")
    path = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        ["sh", "-eu", "-c", commands], env=path, cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert sorted(one.name for one in folder.iterdir()) == ["az", "calls"], "the shell wrote something else"
    return [call.split("\37")[:-1] for call in calls.read_text().split("\36")[:-1]]


def after(option: str, calls: list[list[str]]) -> list[str]:
    """What stands behind an option, in each call that has it."""
    return [call[call.index(option) + 1] for call in calls if option in call]


@POSIX
def test_the_shell_fills_in_the_deployer_and_leaves_the_rest_of_the_condition_as_it_is(
    tmp_path: Path,
) -> None:
    told = contract(
        KeylessWebApp, resource_group_name="rg-team", secrets=SECRETS, secret_officers={"officers": PEOPLE}
    )
    [condition] = after("--condition", ran_by_a_shell(told["commands"], tmp_path))
    assert condition == told["condition"].replace("$deployer", PRINCIPAL)
    assert PRINCIPAL in condition


@POSIX
@pytest.mark.parametrize("group", ["rg-team", "rg-(team)", "rg-größe_1.0"])
def test_the_shell_takes_the_name_of_every_group_that_azure_has(group: str, tmp_path: Path) -> None:
    told = contract(KeylessWebApp, resource_group_name=group, secrets=SECRETS)
    scopes = after("--scope", ran_by_a_shell(told["commands"], tmp_path))
    assert scopes == [f"/subscriptions/{OWN}/resourceGroups/{group}"] * 2


@POSIX
@pytest.mark.parametrize("part", ["$(touch made)", "`touch made`", "a;touch made", "it's"])
def test_whoever_writes_an_id_writes_no_command_for_the_owner_of_the_subscription(
    part: str, tmp_path: Path
) -> None:
    """A pull request may say where a vault or a plan is, and the owner runs what the stack then reports."""
    vault, plan = (id.replace("/rg-team/", f"/{part}/") for id in (VAULT, PLAN))
    told = contract(
        WebApp,
        resource_group_name="rg-shop",
        secrets=SECRETS,
        vault_id=vault,
        vault_endpoint=ENDPOINT,
        plan_id=plan,
    )
    scopes = after("--scope", ran_by_a_shell(told["commands"], tmp_path))
    assert sorted(scopes) == sorted([f"/subscriptions/{OWN}/resourceGroups/rg-shop", vault, plan])


def test_a_group_that_only_the_update_knows_leaves_a_gap_that_no_shell_takes() -> None:
    unknown: Any = pulumi.Output.from_input(pulumi.output.UNKNOWN)

    def program() -> pulumi.Resource:
        return KeyVault("shop", {"resource_group_name": unknown})

    commands = deploy(program, "first preview").outputs["deployer_contract"]["commands"]
    assert commands.endswith(" --scope /subscriptions/$subscription/resourceGroups/<group>")
