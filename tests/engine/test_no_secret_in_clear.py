"""Known values are planted as secrets and searched for in everything that a run writes or shows."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from local_azure.app_service.service import AppService
from local_azure.constants import OFFICER
from loop.azure_client import page
from loop.credentials import credential_leaks
from loop.leaks import files_below, leaks
from tests.engine.conftest import SECRETS, Loop

VALUES = {
    "database-password": 'P1anted "quotes" & \\slashes\\ + ünïcode = 100% <b>',
    "payment-api-key": "planted-key-4b1d9c7e2f6a8035-no-special-characters",
}


def plant(loop: Loop, vault_endpoint: str) -> None:
    for name, value in VALUES.items():
        loop.session.as_person(OFFICER, "write", vault_endpoint, name, value=value)


def everything_shown(loop: Loop, outputs: dict[str, str], folder: Path) -> None:
    """Previews, histories, exports, logs and pages, as files below `folder`."""
    folder.mkdir()
    shown = {
        "preview": loop.stack.preview("--diff"),
        "preview.json": loop.stack.preview("--json"),
        "history": loop.stack.run("stack", "history", "--json"),
        "export": loop.stack.run("stack", "export"),
        "outputs": loop.stack.run("stack", "output", "--json"),
        "page": page(outputs["url"]).text,
        "status": page(f"{outputs['url']}/status.json").text,
        "portal": page(loop.session.control("/status")["portal"]).text,
        "log": str(loop.session.control("/log")),
    }
    for name, text in shown.items():
        assert text, name
        (folder / name).write_text(text)


@pytest.mark.usefixtures("passphrases")
def test_no_planted_value_is_found_in_clear_anywhere(loop: Loop, tmp_path: Path) -> None:
    outputs = loop.up()
    plant(loop, outputs["vault_endpoint"])
    loop.deliver(outputs)
    assert loop.readiness(outputs).ready
    assert all(secret["reference"]["arrived"] for secret in loop.app_status(outputs)["secrets"])
    everything_shown(loop, outputs, tmp_path / "shown")

    searched = list(files_below(tmp_path))

    assert len(searched) > 20
    assert any(file.name == "azure.db" for file in searched)
    running = loop.cloud.azure.service(AppService).hosting.apps
    headers = list(running.sites_by_header())
    assert len(headers) == 1
    assert leaks([*VALUES.values(), *headers], searched) == []
    assert credential_leaks(tmp_path, loop.session.azure) == []


def test_the_same_search_finds_what_a_leaky_program_writes(loop: Loop, tmp_path: Path) -> None:
    value = VALUES["payment-api-key"]
    loop.up(settings={"PAYMENT_KEY_IN_CLEAR": value})

    found = {file.name for file in leaks([value], files_below(tmp_path / "state"))}

    assert any(name.endswith(".json") for name in found)


@pytest.mark.parametrize("value", VALUES.values())
def test_a_value_is_found_raw_escaped_and_encoded(tmp_path: Path, value: str) -> None:
    written = {
        "raw": value.encode(),
        "json": json.dumps({"a": value}).encode(),
        "json-in-json": json.dumps({"a": json.dumps({"b": value})}).encode(),
        "url": f"https://example.com/?q={quote(value, safe='')}".encode(),
        "base64": base64.b64encode(value.encode()),
        "base64-inside": base64.b64encode(b"x" + value.encode() + b"yz"),
        "base64-further-inside": base64.b64encode(b"xx" + value.encode() + b"y"),
    }
    for name, content in written.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "clean").write_text("nothing here")

    assert {file.name for file in leaks([value], files_below(tmp_path))} == set(written)


def test_the_planted_names_are_the_programs_secrets() -> None:
    assert set(VALUES) == set(SECRETS.values())
