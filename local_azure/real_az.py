"""The real Azure CLI on the local Azure: signed in as one of its people or as the deployer, beside whatever
else its user is signed in to.

https://learn.microsoft.com/cli/azure/azure-cli-configuration
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.entra.keys import Credentials
from local_azure.private_files import private_folder, write_private

STAND_IN: Final = "local_azure.az"
"""What is in the script of a stand-in, and in no other command."""
_NO_SIGN_IN: Final = (
    "login",
    "logout",
    "version",
    "--version",
    "--help",
    "-h",
    "cloud",
    "configure",
    "config",
)
_NOT_INSTALLED: Final = (
    "az: the Azure CLI is not installed. Without it, only `az account get-access-token` and\n"
    "`az account show` are answered here. Next: install it,\n"
    "https://learn.microsoft.com/cli/azure/install-azure-cli, and run the same command again."
)


def config_folder(state: Path, name: str) -> Path:
    """Where the CLI keeps the logins of `name`, as it does in `~/.azure` for everybody else."""
    return state / "az" / name.partition("@")[0] / "config"


def profile(state: Path, name: str) -> Path:
    """The file in which the CLI keeps who is signed in."""
    return config_folder(state, name) / "azureProfile.json"


def hand_over(name: str, state: Path, arguments: Sequence[str]) -> NoReturn:
    """Go on as the real `az`, signed in as `name`; end with a status where there is none, or no sign-in."""
    real = find(os.environ.get("PATH", os.defpath))
    if real is None:
        print(_NOT_INSTALLED, file=sys.stderr)
        sys.exit(2)
    folder = config_folder(state, name)
    for each in (folder.parent.parent, folder.parent, folder):
        private_folder(each)
    environment = {**os.environ, **settings(folder)}
    signs_in = bool(arguments) and arguments[0] not in _NO_SIGN_IN
    if signs_in and not _has_subscription(profile(state, name)):
        with _alone(folder):
            if not _has_subscription(profile(state, name)):
                _sign_in(real, name, state, environment)
    sys.stdout.flush()
    os.execve(real, [str(real), *arguments], environment)


def find(path: str) -> Path | None:
    """The first `az` on a PATH that is no stand-in."""
    candidates = (Path(folder or ".") / "az" for folder in path.split(os.pathsep))
    there = (one for one in candidates if one.is_file() and os.access(one, os.X_OK))
    return next((one for one in there if STAND_IN.encode() not in one.read_bytes()[:2_000]), None)


def settings(folder: Path) -> Mapping[str, str]:
    """Variables for the CLI: its own folder, and nothing sent or loaded from elsewhere."""
    return {
        "AZURE_CONFIG_DIR": str(folder),
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "AZURE_CORE_LOGIN_EXPERIENCE_V2": "false",
        "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
    }


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """One sign-in at a time: commands that are started at once would take away each other's password, and the
    CLI keeps its logins in files that it does not lock."""
    with (folder.parent / "sign-in.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _has_subscription(file: Path) -> bool:
    """Whether somebody is signed in who sees a subscription; a person may be given access later."""
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))["subscriptions"]
    except (OSError, ValueError, KeyError):
        return False
    return any(one["id"] != one["tenantId"] for one in found)


def _sign_in(real: Path, name: str, state: Path, environment: Mapping[str, str]) -> None:
    """Ends the program where it fails. The password goes by a file of its own: a command's words are seen by
    every user of the machine."""
    given = config_folder(state, name) / "password"
    write_private(given, Credentials(state / "credentials.json").all()[name].encode())
    application = ["--service-principal", "--tenant", TENANT_ID] if name == DEPLOYER.name else []
    who = str(DEPLOYER.client_id) if application else name
    words = ["login", *application, "--username", who, "--password", f"@{given}"]
    try:
        ended = subprocess.run(
            [real, *words, "--allow-no-subscriptions", "--output", "none", "--only-show-errors"],
            env=environment, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        given.unlink()
    if ended.returncode:
        sys.exit(ended.returncode)
