"""The stand-in for `az`, as AzureCliCredential and a shell use it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AzureCliCredential, CredentialUnavailableError, DefaultAzureCredential

from local_azure.az import install_az
from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_ID,
    TENANT_ID,
    VAULT_READERS,
    Inhabitant,
)
from local_azure.entra.claims import AZURE_CLI
from local_azure.server import LocalAzure
from tests.patience import PATIENCE

ARM = "https://management.azure.com"
VAULT = "https://vault.azure.net"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder first on the PATH, with a space in its name."""
    folder = tmp_path / "a tool"
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def az(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [folder / "az", *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.mark.parametrize("person", [DEVELOPER, OFFICER])
def test_azure_identity_signs_a_person_in_through_it(
    local_azure: LocalAzure, folder: Path, person: Inhabitant
) -> None:
    install_az(folder, person, local_azure.azure.state)
    token = AzureCliCredential().get_token(f"{VAULT}/.default")
    said = claims(token.token)
    assert (said["aud"], said["oid"], said["upn"]) == (VAULT, person.object_id, person.name)
    assert (said["idtyp"], said["appid"]) == ("user", AZURE_CLI)
    assert token.expires_on == said["exp"]


def test_the_default_credential_of_a_developer_finds_it(local_azure: LocalAzure, folder: Path) -> None:
    install_az(folder, DEVELOPER, local_azure.azure.state)
    credential = DefaultAzureCredential(
        exclude_managed_identity_credential=True, exclude_workload_identity_credential=True
    )
    assert claims(credential.get_token(f"{ARM}/.default").token)["oid"] == DEVELOPER.object_id


def test_the_groups_are_those_of_the_moment(local_azure: LocalAzure, folder: Path) -> None:
    """(R14)"""
    install_az(folder, DEVELOPER, local_azure.azure.state)
    credential = AzureCliCredential(tenant_id=TENANT_ID)
    before = credential.get_token(f"{VAULT}/.default").token
    local_azure.azure.entra.add_member(VAULT_READERS.object_id, DEVELOPER.object_id)
    after = credential.get_token(f"{VAULT}/.default").token
    assert (claims(before)["groups"], claims(after)["groups"]) == ([], [VAULT_READERS.object_id])


def test_a_shell_gets_a_token_as_from_az(local_azure: LocalAzure, folder: Path) -> None:
    install_az(folder, DEVELOPER, local_azure.azure.state)
    answer = az(folder, "account", "get-access-token", "--resource", VAULT, "-o", "json")
    assert (answer.returncode, answer.stderr) == (0, "")
    found = json.loads(answer.stdout)
    assert set(found) == {"accessToken", "expiresOn", "expires_on", "subscription", "tenant", "tokenType"}
    assert claims(found["accessToken"])["aud"] == VAULT
    default = json.loads(az(folder, "account", "get-access-token").stdout)
    assert claims(default["accessToken"])["aud"].rstrip("/") == "https://management.core.windows.net"


def test_a_shell_sees_who_is_signed_in(local_azure: LocalAzure, folder: Path) -> None:
    install_az(folder, DEVELOPER, local_azure.azure.state)
    shown = json.loads(az(folder, "account", "show").stdout)
    assert (shown["id"], shown["tenantId"]) == (SUBSCRIPTION_ID, TENANT_ID)
    assert shown["user"] == {"name": DEVELOPER.name, "type": "user"}


def test_the_command_holds_no_password(local_azure: LocalAzure, folder: Path) -> None:
    install_az(folder, DEVELOPER, local_azure.azure.state)
    script = (folder / "az").read_text()
    assert not [secret for secret in local_azure.azure.entra.credentials().values() if secret in script]


def test_who_is_not_signed_in_is_told_to_sign_in(local_azure: LocalAzure, folder: Path) -> None:
    nobody = Inhabitant("nobody@local-azure.example", "10ca1a2e-0000-4000-8000-00000000beef", "User")
    install_az(folder, nobody, local_azure.azure.state)
    with pytest.raises(ClientAuthenticationError, match="AADSTS50126"):
        AzureCliCredential().get_token(f"{ARM}/.default")
    install_az(folder, DEVELOPER, folder / "no-state")
    with pytest.raises(CredentialUnavailableError, match="az login"):
        AzureCliCredential().get_token(f"{ARM}/.default")
    answer = az(folder, "account", "get-access-token")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Traceback" not in answer.stderr


def real_az(folder: Path) -> Path:
    """A command of the real one's name, which says with what it was called. It goes last on the PATH."""
    folder.mkdir()
    command = folder / "az"
    command.write_text('#!/bin/sh\necho "$AZURE_CONFIG_DIR:$PYTHONPATH:$*"\n')
    command.chmod(0o700)
    return command


def test_any_other_command_is_the_real_ones_and_without_it_refused_rather_than_faked(
    local_azure: LocalAzure, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_az(folder, DEVELOPER, local_azure.azure.state)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    for words in (
        ("group", "list"),
        ("account", "show", "--query", "id"),
        ("account", "list"),
        ("--version",),
    ):
        answer = az(folder, *words)
        assert (answer.returncode, answer.stdout) == (2, ""), words
        assert "the Azure CLI is not installed" in answer.stderr
    real = real_az(tmp_path / "real")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin:{real.parent}")
    config = local_azure.azure.state / "az" / "developer" / "config"
    answer = az(folder, "group", "list", "--query", "[?name == 'a b']")
    login, command = answer.stdout.splitlines()
    assert command == f"{config}::group list --query [?name == 'a b']"
    assert login.startswith(f"{config}::login --username {DEVELOPER.name} --password @{config}/")
    assert local_azure.azure.entra.credentials()[DEVELOPER.name] not in answer.stdout
    assert list(config.iterdir()) == []
    assert config.stat().st_mode & 0o077 == 0


def test_the_deployer_has_it_too(local_azure: LocalAzure, folder: Path) -> None:
    install_az(folder, DEPLOYER, local_azure.azure.state)
    said = claims(AzureCliCredential().get_token(f"{VAULT}/.default").token)
    assert (said["oid"], said["idtyp"], said["appid"]) == (DEPLOYER.object_id, "app", DEPLOYER.client_id)
    shown = json.loads(az(folder, "account", "show").stdout)
    assert shown["user"] == {"name": DEPLOYER.client_id, "type": "servicePrincipal"}


def test_without_the_local_azure_there_is_no_token(
    local_azure: LocalAzure, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_az(folder, DEVELOPER, local_azure.azure.state)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(ClientAuthenticationError):
        AzureCliCredential().get_token(f"{ARM}/.default")
    answer = az(folder, "account", "get-access-token")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Traceback" not in answer.stderr


def test_the_real_az_is_not_needed(folder: Path) -> None:
    """Nothing here may depend on a command that the machine happens to have."""
    install_az(folder, DEVELOPER, folder)
    assert shutil.which("az") == str(folder / "az")
