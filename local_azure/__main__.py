"""`python -m local_azure serve | stop | status | env | sign-in | rules`: the local Azure as a process."""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from local_azure.constants import DEVELOPER, OFFICER
from local_azure.private_files import SharedFolderError, private_folder, private_umask
from local_azure.running import Addresses, AlreadyRunningError, is_claimed, running
from local_azure.store import StoreNotReadableError

_PERSONS = {"officer": OFFICER, "developer": DEVELOPER}
_PATIENCE = 30.0
"""Seconds that a server may take to start or to stop."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local_azure", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    rules = commands.add_parser("rules", help="what is claimed about Azure, and how sure it is")
    rules.add_argument("--kind", choices=["refusal", "behaviour", "assumed"], help="one kind only")
    serve = commands.add_parser("serve", help="start it; one server for each state folder")
    serve.add_argument("--detach", action="store_true", help="in the background; returns when it answers")
    env = commands.add_parser("env", help="shell lines that lead a client to it")
    env.add_argument("--person", choices=["deployer", *_PERSONS], default="deployer")
    env.add_argument("--json", action="store_true", help="as one JSON object")
    sign_in = commands.add_parser("sign-in", help="enter the code that `az login --use-device-code` shows")
    sign_in.add_argument("code")
    sign_in.add_argument("--person", choices=[*_PERSONS], required=True)
    stop = commands.add_parser("stop", help="stop it and its apps; what it keeps stays")
    status = commands.add_parser("status", help="where it is, as JSON; exit status 1 when it does not run")
    for command in (serve, env, sign_in, stop, status):
        command.add_argument("--state", type=Path, required=True, help="the folder that holds everything")
    arguments = parser.parse_args()
    if arguments.command == "rules":
        return _rules(arguments.kind)
    state: Path = arguments.state.resolve()
    if arguments.command == "serve":
        try:
            return _detach(state) if arguments.detach else _serve(state)
        except (AlreadyRunningError, SharedFolderError, StoreNotReadableError) as error:
            print(error, file=sys.stderr)
            return 1
    if arguments.command == "env":
        return _env(state, arguments.person, arguments.json)
    if arguments.command == "sign-in":
        return _sign_in(state, arguments.person, arguments.code)
    return _stop(state) if arguments.command == "stop" else _status(state)


def _serve(state: Path) -> int:
    # Imported here: the other commands answer in a tenth of the time without a web server.
    from local_azure.server import LocalAzure

    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with private_umask(), LocalAzure(state) as azure:
        print(
            f"the local Azure is at {azure.portal_url} (proxy {azure.proxy_url}); Ctrl-C stops it", flush=True
        )
        ended.wait()
    return 0


def _detach(state: Path) -> int:
    """Start a server in a session of its own: a shell that ends neither takes it along nor waits for it."""
    if addresses := running(state):
        return _say(addresses)
    private_folder(state)
    log = state / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "local_azure", "serve", "--state", str(state)],
            cwd=Path(__file__).parents[1], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if addresses := running(state):
            return _say(addresses)
        # It may have ended because another one, started at the same moment, was first.
        if process.poll() is not None and not is_claimed(state):
            break
        time.sleep(0.05)
    print(f"the local Azure did not start; the end of {log}:", *_tail(log), sep="\n  ", file=sys.stderr)
    return 1


def _stop(state: Path) -> int:
    addresses = running(state)
    if addresses is None:
        return 0
    os.kill(addresses.pid, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE
    while is_claimed(state):
        if time.monotonic() > deadline:
            print(
                f"process {addresses.pid} does not stop; its log is {state / 'server.log'}", file=sys.stderr
            )
            return 1
        time.sleep(0.05)
    return 0


def _status(state: Path) -> int:
    addresses = running(state)
    return _say(addresses) if addresses else 1


def _env(state: Path, person: str, as_json: bool) -> int:
    from local_azure.az import install_az
    from local_azure.entra.keys import Credentials
    from local_azure.environment import client_environment, deployer_environment

    addresses = running(state)
    if addresses is None:
        return _not_running(state)
    variables = client_environment(addresses.proxy, Path(addresses.authority)) | addresses.environment
    if person == "deployer":
        variables |= deployer_environment(Credentials(state / "credentials.json").all()["deployer"])
    else:
        folder = state / "az" / person
        install_az(folder, _PERSONS[person], state)
        variables["PATH"] = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    lines = [f"export {key}={shlex.quote(value)}" for key, value in variables.items()]
    print(json.dumps(variables) if as_json else "\n".join(lines))
    return 0


def _sign_in(state: Path, person: str, code: str) -> int:
    """What a person does on the page for it, with the password that only who may read the folder knows."""
    import httpx

    from local_azure.entra.device_page import PATH, answer_of
    from local_azure.entra.keys import Credentials

    addresses = running(state)
    if addresses is None:
        return _not_running(state)
    name = _PERSONS[person].name
    form = {"code": code, "username": name, "password": Credentials(state / "credentials.json").all()[name]}
    answer = httpx.post(f"{addresses.portal}{PATH}", data=form, timeout=_PATIENCE, trust_env=False)
    print(answer_of(answer.text), file=sys.stdout if answer.status_code == 200 else sys.stderr)
    return 0 if answer.status_code == 200 else 1


def _not_running(state: Path) -> int:
    print(
        f"no local Azure serves {state}; start it: python -m local_azure serve --state {state} --detach",
        file=sys.stderr,
    )
    return 1


def _rules(kind: str | None) -> int:
    from local_azure.rules import all_rules

    for rule in all_rules():
        if kind in (None, rule.kind):
            print(f"{rule.id:4} {rule.kind:9} {rule.text}")
    return 0


def _say(addresses: Addresses) -> int:
    print(json.dumps({"pid": addresses.pid, "proxy": addresses.proxy, "portal": addresses.portal}))
    return 0


def _tail(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-20:]


if __name__ == "__main__":
    sys.exit(main())
