"""The `az` that everybody has, on a local Azure: each command that a person is shown is run by it."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import httpx
import pytest

from local_azure.az import install_az
from local_azure.constants import DEPLOYER, OFFICER
from local_azure.real_az import config_folder
from local_azure.server import LocalAzure
from tests.clients.azure_cli import environment, program
from tests.clients.command import Command
from tests.clients.commands import RUN, SIGN_IN
from tests.clients.only_in_azure import OF_EXTENSIONS, ONLY_IN_AZURE
from tests.clients.printed import printed
from tests.clients.scene import Scene, scene
from tests.patience import PATIENCE


def words_of(line: str) -> str:
    """The words of a command before its first option."""
    return re.split(r" -|$", line, maxsplit=1)[0]


def options_of(line: str) -> set[str]:
    return {one for one in shlex.split(line) if re.fullmatch(r"--?[a-z][a-z-]*", one)}


LINES = (*(one.line for one in RUN), SIGN_IN, *ONLY_IN_AZURE, *OF_EXTENSIONS)


def test_each_command_that_a_person_is_shown_is_run_or_has_a_reason() -> None:
    missing = [
        str(one)
        for one in printed()
        if not any(words_of(line) == one.words and one.options <= options_of(line) for line in LINES)
    ]
    assert missing == []


def test_the_commands_are_found_in_documents_and_in_what_programs_print() -> None:
    found = {(one.words, one.file) for one in printed()}
    assert {
        ("keyvault secret set", "docs/guides/secrets.md"),
        ("keyvault recover", "readiness/statuses.py"),
        ("login", "database_grants/command_line.py"),
        ("account show", "README.md"),
        ("webapp deploy", ".github/workflows/deploy-stack.yml"),
    } <= found
    whole = [one.options for one in printed() if one.file == "docs/guides/going-to-azure.md"]
    assert {"--type", "--src-path", "--name", "--resource-group"} in whole  # over three lines


def test_no_command_that_only_makes_sense_in_azure_is_kept_for_nobody() -> None:
    shown = {one.words for one in printed()}
    kept = {**ONLY_IN_AZURE, **OF_EXTENSIONS}
    assert [line for line in kept if words_of(line) not in shown] == []
    assert all(len(reason.split()) >= 3 for reason in kept.values())


def test_every_command_that_a_person_is_shown_works_on_the_local_azure(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """In one test: the commands stand on each other, and the local Azure and the CLI start once."""
    with scene(tmp_path_factory.mktemp("az")) as on:
        failed = [text for command in RUN if (text := _failure(on, command))]
        unparsed = [line for line in ONLY_IN_AZURE if on.parsed(line).status != 0]
        known = [line for line in OF_EXTENSIONS if on.parsed(line).status != 2]
        wrong = on.parsed("keyvault show --no-such-option x").status
    assert "\n\n".join(failed) == ""
    assert unparsed == []
    assert known == []
    assert wrong == 2


def _failure(on: Scene, command: Command) -> str:
    ended = on.run(command)
    if ended.status == 0 and on.filled(command.gives) in ended.output:
        return ""
    return f"az {on.filled(command.line)}\n-> {ended.status} {ended.output[:300]}\n{ended.errors[-600:]}"


def test_whoever_knows_only_az_is_signed_in_by_it_and_stays_signed_in_elsewhere(tmp_path: Path) -> None:
    """Two commands at once, as a script or `make -j` gives them: each signs in, and neither takes away what
    the other signs in with."""
    with LocalAzure(tmp_path / "azure") as local:
        state, folder = local.azure.state, tmp_path / "bin"
        install_az(folder, DEPLOYER, state)
        elsewhere = tmp_path / "elsewhere"
        az = environment(elsewhere, local.client_environment())
        az["PATH"] = os.pathsep.join((str(folder), str(program().parent), az["PATH"]))
        asked = [folder / "az", "account", "list", "--query", "[?isDefault].user.name", "--output", "tsv"]
        running = [
            subprocess.Popen(asked, env=az, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        ended = [(*one.communicate(timeout=PATIENCE), one.returncode) for one in running]
        assert ended == [(f"{DEPLOYER.client_id}\n", "", 0)] * 2
        assert not elsewhere.exists()
        assert [one.name for one in config_folder(state, DEPLOYER.name).glob("password*")] == []


def test_a_person_signs_in_to_the_real_az_with_a_code(tmp_path: Path) -> None:
    with LocalAzure(tmp_path / "azure") as local:
        az = environment(tmp_path / "config", local.client_environment())
        words = [program(), *SIGN_IN.split()]
        with subprocess.Popen(words, env=az, stderr=subprocess.PIPE, text=True) as login:
            assert login.stderr
            shown = login.stderr.readline()
            code = re.search(r"devicelogin and enter the code (\w+)", shown)
            assert code, shown
            _enter(local, code[1])
            assert login.wait(PATIENCE) == 0, login.stderr.read()
        asked = ["ad", "signed-in-user", "show", "--query", "userPrincipalName", "--output", "tsv"]
        found = subprocess.run([program(), *asked], env=az, capture_output=True, text=True, check=False)
        assert (found.stdout.strip(), found.returncode) == (OFFICER.name, 0), found.stderr


def _enter(local: LocalAzure, code: str) -> None:
    form = {"code": code, "username": OFFICER.name, "password": local.azure.entra.credentials()[OFFICER.name]}
    answer = httpx.post(f"{local.portal_url}/devicelogin", data=form, trust_env=False, timeout=PATIENCE)
    assert answer.status_code == 200
