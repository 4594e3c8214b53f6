"""What a person does with secrets after `az login`; no command prints a value.

    python -m loop.secret write VAULT_ENDPOINT NAME [--if-missing] < value
    python -m loop.secret try VAULT_ENDPOINT NAME
    python -m loop.secret search VAULT_ENDPOINT NAME[,NAME…]|'*' FILE [FILE…]

`write` needs `Key Vault Secrets Officer`, `try` says whether this person may read, `search` reads the values
and names the files in which one of them lies in clear; `*` is every secret that is enabled. A fresh grant may
take minutes, so `write` and `search` try again for up to `--timeout` seconds while the vault answers 403.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from azure.core.exceptions import HttpResponseError
from azure.identity import AzureCliCredential
from azure.keyvault.secrets import SecretClient

from loop.leaks import files_below, leaks

T = TypeVar("T")
EVERY: Final = "*"
"""In the place of secrets' names: no secret can be called so."""


def patiently(call: Callable[[], T], timeout: float) -> T:
    """Call again while the vault answers 403. Raises HttpResponseError after `timeout` seconds of that, or at
    once for any other refusal."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return call()
        except HttpResponseError as error:
            if error.status_code != 403 or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def write(client: SecretClient, name: str, value: str, *, keep: bool, timeout: float) -> str:
    """Set the secret, or with `keep` leave one alone that is there."""
    if keep and name in patiently(lambda: [s.name for s in client.list_properties_of_secrets()], timeout):
        return "kept"
    patiently(lambda: client.set_secret(name, value), timeout)
    return "written"


def attempt(client: SecretClient, name: str) -> str:
    """Whether the person may read the secret: "read" or "refused"."""
    try:
        client.get_secret(name)
    except HttpResponseError as error:
        if error.status_code != 403:
            raise
        return "refused"
    return "read"


def search(client: SecretClient, names: list[str], files: list[Path], timeout: float) -> str:
    """The files below `files` that hold a value of one of the secrets, a line each."""
    if names == [EVERY]:
        listed = patiently(lambda: list(client.list_properties_of_secrets()), timeout)
        names = [one.name for one in listed if one.name and one.enabled]
    values = [patiently(lambda name=name: client.get_secret(name).value, timeout) or "" for name in names]
    return "\n".join(str(file) for file in leaks(values, files_below(*files)))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m loop.secret",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["write", "try", "search"])
    parser.add_argument("vault_endpoint")
    parser.add_argument("name")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--timeout", type=float, default=600, help="seconds; default 600")
    parser.add_argument("--if-missing", action="store_true", help="leave a secret alone that is there")
    arguments = parser.parse_args()
    client = SecretClient(arguments.vault_endpoint, AzureCliCredential())
    try:
        match arguments.command:
            case "write":
                value = sys.stdin.read()
                outcome = write(
                    client, arguments.name, value, keep=arguments.if_missing, timeout=arguments.timeout
                )
            case "try":
                outcome = attempt(client, arguments.name)
            case _:
                outcome = search(client, arguments.name.split(","), arguments.files, arguments.timeout)
    except HttpResponseError as error:
        print(error.message, file=sys.stderr)
        return 1
    print(outcome)
    return 0


if __name__ == "__main__":
    sys.exit(main())
