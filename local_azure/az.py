"""A stand-in for `az` after `az login`: what Microsoft's client libraries ask it for, and nothing else.

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

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID, Inhabitant
from local_azure.entra.directory import AZURE_CLI
from local_azure.private_files import private_folder

_TOKENS = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/token"


class _RefusedError(Exception):
    """Nobody is signed in, or Entra says no."""


def install_az(folder: Path, person: Inhabitant, state: Path) -> None:
    """Write `folder/az`, signed in as `person` of the local Azure in `state`. It goes first on a PATH."""
    private_folder(folder)
    root = Path(__file__).resolve().parent.parent
    command = [
        sys.executable,
        "-m",
        "local_azure.az",
        "--person",
        person.name,
        "--state",
        str(state.resolve()),
    ]
    script = folder / "az"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(root))} exec {shlex.join(command)} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="az", description=__doc__)
    parser.add_argument("--person", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--state", required=True, type=Path, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="group", required=True)
    actions = commands.add_parser("account").add_subparsers(dest="action", required=True)
    token = actions.add_parser("get-access-token")
    token.add_argument("--resource")
    token.add_argument("--scope")
    token.add_argument("--tenant", "-t")
    show = actions.add_parser("show")
    for action in (token, show):
        action.add_argument("--output", "-o", default="json")
        action.add_argument("--subscription", "-s")
    given = parser.parse_args(arguments)
    account = {
        "id": SUBSCRIPTION_ID,
        "tenantId": TENANT_ID,
        "name": "local",
        "user": {"name": given.person, "type": "user"},
    }
    if given.action == "get-access-token":
        scope = (
            given.scope
            or f"{(given.resource or 'https://management.core.windows.net/').rstrip('/')}/.default"
        )
        try:
            account = _sign_in(given.person, given.state, scope)
        except (_RefusedError, httpx.HTTPError) as error:
            print(f"ERROR: {error}", file=sys.stderr)
            return 1
    print(json.dumps(account))
    return 0


def _sign_in(person: str, state: Path, scope: str) -> dict[str, object]:
    """Raises _RefusedError, in the words by which azure-identity tells these cases apart."""
    try:
        password = json.loads((state / "credentials.json").read_text()).get(person, "")
    except FileNotFoundError:  # a state folder that was deleted: nobody is signed in any more
        raise _RefusedError("Please run 'az login' to setup account.") from None
    form = {
        "grant_type": "password",
        "client_id": AZURE_CLI,
        "username": person,
        "password": password,
        "scope": scope,
    }
    response = httpx.post(_TOKENS, data=form, timeout=30)
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
