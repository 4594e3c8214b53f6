"""`python -m readiness`: what it prints where, and its exit status."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from readiness.command_line import main
from tests.app.key_vault import NotSignedIn, SignedIn
from tests.app.transport import transport
from tests.unit.readiness.conftest import APP, AppService, Clock

Command = Callable[..., int]
EMPTY = json.dumps({"version": 3, "deployment": {"resources": []}})


@pytest.fixture
def command(app_service: AppService, clock: Clock) -> Command:
    def command(*arguments: str, credential: Any = SignedIn) -> int:
        return main(arguments, credential, clock, clock.sleep, transport=transport(app_service.answer))

    return command


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A `pulumi` that prints this as outputs and this as state, and only for the two commands that the check
    may run."""

    def install(status: int, output: str, error: str, state: str = EMPTY) -> None:
        script = tmp_path / "pulumi"
        (tmp_path / "output").write_text(output)
        (tmp_path / "error").write_text(error)
        (tmp_path / "state").write_text(state)
        script.write_text(
            "#!/bin/sh\n"
            f'[ "$*" = "stack export --stack dev" ] && exec /bin/cat \'{tmp_path}/state\'\n'
            '[ "$*" = "stack output --json --stack dev" ] || { echo "unexpected: $*" >&2; exit 9; }\n'
            f"/bin/cat '{tmp_path}/output'; /bin/cat '{tmp_path}/error' >&2; exit {status}\n"
        )
        script.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return install


def test_resolved_references_end_with_status_0(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--app-id", APP) == 0
    captured = capsys.readouterr()
    assert captured.out == (
        "ok  DATABASE_PASSWORD: Resolved (kv-shop/database-password, version v1)\n"
        "Ready: 1 of 1 Key Vault reference is resolved.\n"
    )
    assert captured.err == "app-shop: 1 of 1 resolved\n"


def test_unresolved_references_end_with_status_1_in_the_time_given(
    command: Command, app_service: AppService, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    app_service.resolve = lambda _: "SecretNotFound"
    assert command("--app-id", APP, "--timeout", "20", "--interval", "10", "--no-refresh") == 1
    assert (clock.naps, app_service.refreshes) == ([10, 10], 0)
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "NOT DATABASE_PASSWORD: SecretNotFound (kv-shop/database-password)"
    assert captured.err == "app-shop: 0 of 1 resolved; DATABASE_PASSWORD is SecretNotFound\n"


def test_a_refresh_can_be_forced(command: Command, app_service: AppService) -> None:
    assert command("--app-id", APP, "--refresh") == 0
    assert app_service.refreshes == 1


def test_json_is_all_that_standard_output_holds(
    command: Command, app_service: AppService, capsys: pytest.CaptureFixture[str]
) -> None:
    app_service.resolve = lambda _: "FetchTimedOut"
    assert command("--app-id", APP, "--json", "--timeout", "0") == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["ready"] is False
    assert printed["waited_seconds"] == 0
    assert list(printed["references"][0]) == [
        "app_id",
        "setting",
        "status",
        "vault_name",
        "secret_name",
        "version",
        "cause",
        "remedy",
        "resolved",
    ]
    assert printed["references"][0]["resolved"] is False


def test_a_stack_names_its_app_and_vault(
    command: Command,
    app_service: AppService,
    pulumi: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    outputs = {"app_id": APP, "vault_name": "kv-shop", "vault_id": "/vaults/kv-shop", "url": "u"}
    pulumi(0, json.dumps(outputs), "")
    app_service.resolve = lambda _: "AccessToKeyVaultDenied"
    assert command("--stack", "dev", "--timeout", "0") == 1
    assert "next: pulumi refresh --stack dev && pulumi up --stack dev\n" in capsys.readouterr().out


def test_a_stack_names_the_slots_of_its_app_too(
    command: Command, app_service: AppService, pulumi: Callable[..., None]
) -> None:
    slot = f"{APP}/slots/staging"
    pulumi(0, json.dumps({"app_id": APP, "slot_ids": {"staging": slot}}), "")
    assert command("--stack", "dev", "--timeout", "0") == 0
    asked = [f"GET {id}/config/configreferences/appsettings" for id in (APP, slot)]
    assert app_service.asked == asked


def test_a_database_that_cannot_be_asked_is_no_ready_one_and_can_be_left_out(
    command: Command, pulumi: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    host = {"fullyQualifiedDomainName": "psql-shop.postgres.database.azure.com"}
    server = {
        "urn": "urn:pulumi:dev::shop::azure-native:dbforpostgresql:Server::db",
        "type": "azure-native:dbforpostgresql:Server", "outputs": host,
    }  # fmt: skip
    state = json.dumps({"version": 3, "deployment": {"resources": [server]}})
    pulumi(0, json.dumps({"app_id": APP}), "", state)
    assert command("--stack", "dev") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == (
        "readiness: whether database grants are pending could not be asked: the stack declares no "
        "administrator of psql-shop.postgres.database.azure.com: name the role with --as. Next: `python -m "
        "database_grants --stack dev --check` as an administrator of the server, and this with "
        "--no-database-grants"
    )
    assert command("--stack", "dev", "--no-database-grants") == 0


def test_a_stack_without_databases_asks_none(command: Command, pulumi: Callable[..., None]) -> None:
    pulumi(0, json.dumps({"app_id": APP}), "", EMPTY)
    assert command("--stack", "dev") == 0


@pytest.mark.parametrize(
    ("status", "output", "error", "message"),
    [
        (
            255,
            "",
            "error: no stack named 'dev' found\n",
            "`pulumi stack output --json --stack dev` failed: error: no stack named 'dev' found",
        ),
        (
            0,
            '{"url": "u"}',
            "",
            "the stack dev has no output `app_id`; its outputs: url. Deploy it with `pulumi up --stack "
            "dev`, or name "
            "the app with --app-id.",
        ),
        (0, "[1]", "", "`pulumi stack output --json --stack dev` did not print a JSON object."),
        (0, "oops", "", "`pulumi stack output --json --stack dev` did not print a JSON object."),
    ],
)
def test_a_stack_that_cannot_be_read_ends_with_status_2_and_one_line(
    command: Command,
    pulumi: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    status: int,
    output: str,
    error: str,
    message: str,
) -> None:
    pulumi(status, output, error)
    assert command("--stack", "dev") == 2
    assert capsys.readouterr().err == f"readiness: {message}\n"


def test_a_missing_pulumi_ends_with_status_2(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command("--stack", "dev") == 2
    assert capsys.readouterr().err == (
        "readiness: the `pulumi` command was not found. Install it (https://www.pulumi.com/docs/install/), "
        "or name "
        "the app with --app-id.\n"
    )


def test_a_wrong_id_ends_with_status_2(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--app-id", "app-shop") == 2
    given = "a text of 8 characters; character 1, 'a', is not allowed there"
    assert capsys.readouterr().err.startswith(f"readiness: not the id of an app: {given}. Expected ")


def test_nobody_signed_in_ends_with_status_2_and_no_traceback(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = NotSignedIn(ClientAuthenticationError("nobody is signed in\nmore"))
    assert command("--app-id", APP, credential=lambda: nobody) == 2
    assert capsys.readouterr().err == (
        "readiness: app-shop could not be asked its Key Vault references: Azure does not know who asks. "
        "Sign in "
        "with `az login`, or give a pipeline its credentials. nobody is signed in\n"
    )


def test_an_interrupt_ends_quietly(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    class Impatient(SignedIn):
        def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
            del scopes, kwargs
            raise KeyboardInterrupt

    assert command("--app-id", APP, credential=Impatient) == 130
    assert capsys.readouterr().err == "readiness: interrupted\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--stack", "dev", "--app-id", APP),
        ("--app-id", APP, "--timeout", "-1"),
        ("--app-id", APP, "--timeout", "x"),
    ],
)
def test_wrong_usage_ends_with_status_2(command: Command, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        command(*arguments)
    assert ended.value.code == 2


def test_it_needs_neither_the_components_nor_the_local_azure() -> None:
    root = Path(__file__).parents[3]
    script = (
        "import sys, readiness.command_line; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    for name in ("components", "local_azure", "loop", "toolchain", "pulumi"):
        assert f"'{name}'" not in loaded
    assert "'readiness'" in loaded
