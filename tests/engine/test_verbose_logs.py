"""What the engine's own logs hold, for who turns them on: what the page on secrets says of them."""

import re
from pathlib import Path

import pytest

from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from loop.clean import ENGINE_LOGS
from loop.leaks import leaks
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.one_component import declared_loop

NAME = "kv-verbose"
pytestmark = pytest.mark.usefixtures("passphrases")
MENTION = re.compile(r"\"msg\":\"(Unm|M)arshaling property for RPC\[")


@pytest.mark.parametrize("level", [8, 9])
def test_the_engine_logs_generated_values_in_clear_from_level_nine_on_and_no_credential_of_the_loop(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, level: int
) -> None:
    vault = declared_loop(engine, cloud, tmp_path)
    vault.resource_group("rg-team")
    args = {"resource_group_name": "rg-team", "vault_name": NAME, "generated_secrets": {"session-key": 48}}
    vault.declare(shop={"component": "KeyVault", "args": args})
    log = tmp_path / "engine.log"
    log.write_text(vault.stack.up("--skip-preview", f"-v={level}", "--logtostderr", "--logflow"))

    told = [int(number) for number in re.findall(r'"v":(\d+)', log.read_text())]
    assert 4 < max(told) <= level
    found = cloud.azure.service(KeyVault).secrets.find(NAME, "session-key", None)
    assert found is not None
    passphrase = (vault.stack.work / "passphrase").read_text()
    assert leaks([passphrase, *cloud.azure.entra.credentials().values()], [log]) == []
    assert leaks([found.value], [log]) == ([log] if level == 9 else [])
    lines = [line for line in log.read_text().splitlines() if found.value in line]
    assert [line for line in lines if not MENTION.search(line)] == []


def test_the_engine_keeps_a_log_of_each_run_by_itself_that_only_the_stacks_passphrase_opens(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    vault = declared_loop(engine, cloud, tmp_path)
    vault.resource_group("rg-team")
    args = {"resource_group_name": "rg-team", "vault_name": NAME, "generated_secrets": {"session-key": 48}}
    vault.declare(shop={"component": "KeyVault", "args": args})
    vault.stack.up("--skip-preview")
    vault.stack.run("stack", "export", "--show-secrets")

    kept = vault.stack.work / ENGINE_LOGS
    assert kept.stat().st_mode & 0o077 == 0
    found = cloud.azure.service(KeyVault).secrets.find(NAME, "session-key", None)
    assert found is not None
    logs = sorted(kept.iterdir())
    assert leaks([found.value], logs) == []
    opened = [vault.stack.run("logs", "decrypt", str(log)) for log in logs]
    assert [found.value in text for text in opened].count(True) == 1
    (sealed,) = (log for log, text in zip(logs, opened, strict=True) if found.value in text)
    (vault.stack.work / "passphrase").write_text("another")
    with pytest.raises(EngineError, match="incorrect passphrase"):
        vault.stack.run("logs", "decrypt", str(sealed))
