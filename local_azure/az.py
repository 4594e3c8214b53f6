"""A stand-in for `az` after `az login`: what Microsoft's client libraries ask it for. Every other command is
the real one's, where it is installed.

`AzureCliCredential` runs `az account get-access-token`; here that signs a person in with the password that
the local Azure drew for them. https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
"""

import argparse
import json
import shlex
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID, Inhabitant
from local_azure.entra.claims import AZURE_CLI
from local_azure.private_files import private_folder
from local_azure.real_az import hand_over, profile

_TOKENS = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/token"


class _RefusedError(Exception):
    """Nobody is signed in, or Entra says no."""


def install_az(folder: Path, person: Inhabitant, state: Path) -> None:
    """Write `folder/az`, signed in as `person` of the local Azure in `state`. It goes first on a PATH."""
    private_folder(folder)
    root = str(Path(__file__).resolve().parent.parent)
    # No PYTHONPATH, which the real `az` would inherit.
    program = f"import sys; sys.path.insert(0, {root!r}); from local_azure.az import main; sys.exit(main())"
    command = [sys.executable, "-c", program, person.name, str(state.resolve())]
    script = folder / "az"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


def main() -> int:
    """The command's own words follow the person's name and the state folder."""
    person, state, asked = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    given = _own(asked, person, state)
    if given is None:
        hand_over(person, state, asked)
    application = person == DEPLOYER.name
    account = {
        "id": SUBSCRIPTION_ID,
        "tenantId": TENANT_ID,
        "name": "local",
        "user": {
            "name": DEPLOYER.client_id if application else person,
            "type": "servicePrincipal" if application else "user",
        },
    }
    if given.action == "get-access-token":
        scope = (
            given.scope
            or f"{(given.resource or 'https://management.core.windows.net/').rstrip('/')}/.default"
        )
        try:
            account = _sign_in(person, state, scope)
        except (_RefusedError, httpx.HTTPError) as error:
            print(f"ERROR: {error}", file=sys.stderr)
            return 1
    print(json.dumps(account))
    return 0


def _own(asked: list[str], person: str, state: Path) -> argparse.Namespace | None:
    """The options of a command that is answered here; None for any other one."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("group", choices=["account"])
    parser.add_argument("action", choices=["get-access-token", "show"])
    parser.add_argument("--resource")
    parser.add_argument("--scope")
    parser.add_argument("--tenant", "-t")
    parser.add_argument("--output", "-o", default="json", choices=["json"])
    parser.add_argument("--subscription", "-s")
    try:
        given, unknown = parser.parse_known_args(asked)
    except (argparse.ArgumentError, SystemExit):
        return None
    # Who used the real one has perhaps chosen another subscription there.
    elsewhere = given.action == "show" and profile(state, person).exists()
    return None if unknown or elsewhere else given


def _sign_in(person: str, state: Path, scope: str) -> dict[str, object]:
    """Raises _RefusedError, in the words by which azure-identity tells these cases apart."""
    try:
        password = json.loads((state / "credentials.json").read_text()).get(person, "")
    except FileNotFoundError:  # a state folder that was deleted: nobody is signed in any more
        raise _RefusedError("Please run 'az login' to setup account.") from None
    form = {"grant_type": "password", "client_id": AZURE_CLI, "username": person, "password": password}
    if person == DEPLOYER.name:
        client_id = str(DEPLOYER.client_id)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": password}
    response = httpx.post(_TOKENS, data={**form, "scope": scope}, timeout=30)
    answer = response.json()
    if response.status_code != 200:
        raise _RefusedError(answer["error_description"])
    expires_on = int(answer["expires_on"])
    return {
        "accessToken": answer["access_token"],
        "expiresOn": datetime.fromtimestamp(expires_on, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S.%f"),
        "expires_on": expires_on,
        "subscription": SUBSCRIPTION_ID,
        "tenant": TENANT_ID,
        "tokenType": "Bearer",
    }
