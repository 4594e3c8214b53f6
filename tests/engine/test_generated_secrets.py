"""Values that nobody needs to know: drawn by the deployment, in the vault, nowhere in clear (S1 S3 S6 S7)."""

import time
from pathlib import Path
from typing import Any

import pytest

from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from loop.leaks import files_below, leaks
from loop.stack import EngineError
from readiness import check
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.one_component import Declared, declared_loop
from tests.patience import PATIENCE

NAME = "kv-generated"


@pytest.fixture
def vault(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    return loop


def of_vault(**args: Any) -> dict[str, Any]:
    return {"component": "KeyVault", "args": {"resource_group_name": "rg-team", "vault_name": NAME, **args}}


def value(loop: Loop, secret: str, vault: str = NAME) -> str:
    found = loop.cloud.azure.service(KeyVault).secrets.find(vault, secret, None)
    assert found
    return found.value


@pytest.mark.usefixtures("passphrases")
def test_a_generated_value_stays_what_it_is_is_never_in_clear_and_comes_back_by_import(
    vault: Declared, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """One value, from when it is drawn until its vault is gone."""
    with subtests.test("a generated value has its length and a date"):
        _has_its_length_and_a_date(vault)
    drawn = value(vault, "session-key")
    with subtests.test("no generated value is found in clear"):
        _is_nowhere_in_clear(vault, drawn, tmp_path)
    with subtests.test("it stays what it is"):
        vault.up_with(shop=of_vault(generated_secrets={"session-key": 64}, tags={"team": "shop"}))
        assert value(vault, "session-key") == drawn
        vault.stack.preview("--expect-no-changes")
    with subtests.test("a rotated secret is left alone"):
        _is_left_alone(vault)
    kept = value(vault, "session-key")
    with subtests.test("a name that comes back in a kept vault is refused and imported"):
        _comes_back_by_import(vault)
        assert value(vault, "session-key") == kept
        vault.stack.preview("--expect-no-changes")
    with subtests.test("recreating a secret in a kept vault is explained"):
        _is_recovered_and_imported(vault)
        assert value(vault, "session-key") == kept
    with subtests.test("destroy needs no data plane access"):
        assert vault.grants() == set()  # nobody has a role on data, whoever deploys included
        vault.up_with(shop=of_vault())
        assert value(vault, "session-key")
        vault.stack.destroy()
        assert not [one for one in vault.session.control("/leftovers")["resources"] if NAME in one]


def _has_its_length_and_a_date(vault: Declared) -> None:
    earliest = int(time.time())
    vault.up_with(shop=of_vault(generated_secrets={"session-key": 48}, generated_secrets_valid_days=90))
    latest = int(time.time())
    drawn = value(vault, "session-key")
    assert len(drawn) == 48
    assert drawn.isalnum()
    written = vault.cloud.azure.service(KeyVault).secrets.find(NAME, "session-key", None)
    assert written
    assert written.content_type == "text/plain; generated"
    assert earliest <= written.attributes["exp"] - 90 * 86400 <= latest


def _is_left_alone(vault: Declared) -> None:
    secrets = vault.cloud.azure.service(KeyVault).secrets
    secrets.add_version(NAME, "session-key", {"value": "rotated by an officer"})

    vault.stack.refresh()
    vault.up_with(shop=of_vault(generated_secrets={"session-key": 48}, tags={"team": "web"}))

    assert value(vault, "session-key") == "rotated by an officer"
    assert len(secrets.versions(NAME, "session-key")) == 2


def _comes_back_by_import(vault: Declared) -> None:
    vault.up_with(shop=of_vault())

    with pytest.raises(EngineError) as refused:
        vault.up_with(shop=of_vault(generated_secrets={"session-key": 48}))
    assert "cannot create already existing resource" in refused.value.output
    vault.run_import_line(refused.value.output)
    vault.stack.up("--skip-preview")


def _is_recovered_and_imported(vault: Declared) -> None:
    vault.up_with(shop=of_vault())
    vault.cloud.azure.service(KeyVault).secrets.delete(NAME, "session-key", 90)

    with pytest.raises(EngineError) as refused:
        vault.up_with(shop=of_vault(generated_secrets={"session-key": 48}))
    assert "currently in a deleted but recoverable state" in refused.value.output
    assert f"az keyvault secret recover --vault-name {NAME} --name session-key" in refused.value.output
    vault.cloud.azure.service(KeyVault).secrets.recover(NAME, "session-key")
    with pytest.raises(EngineError) as refused:
        vault.stack.up("--skip-preview")
    vault.run_import_line(refused.value.output)
    vault.stack.up("--skip-preview")


def test_an_app_reads_a_generated_value_that_nobody_wrote(vault: Declared) -> None:
    args = {"secrets": {"SESSION_KEY": "session-key"}, "generated_secrets": {"session-key": 48}}
    outputs = vault.up_with(shop={"component": "KeylessWebApp", "args": args})
    readiness = check([outputs["shop.app_id"]], vault.session.credential, timeout=PATIENCE, interval=0.1)
    assert readiness.ready
    assert [reference.status for reference in readiness.references] == ["Resolved"]


def test_secrets_are_written_even_when_the_vault_is_closed(vault: Declared) -> None:
    """(K15)"""
    elsewhere = {"office": "203.0.113.0/24"}
    vault.up_with(shop=of_vault(generated_secrets={"session-key": 48}, vault_allowed_ip_ranges=elsewhere))
    (closed,) = vault.resources("Microsoft.KeyVault/vaults")
    assert closed["properties"]["networkAcls"]["defaultAction"] == "Deny"
    assert len(value(vault, "session-key")) == 48


def _is_nowhere_in_clear(vault: Declared, drawn: str, tmp_path: Path) -> None:
    shown = {
        "preview": vault.stack.preview("--diff"),
        "preview.json": vault.stack.preview("--json"),
        "history": vault.stack.run("stack", "history", "--json"),
        "export": vault.stack.run("stack", "export"),
        "outputs": vault.stack.run("stack", "output", "--json"),
        "log": str(vault.session.control("/log")),
    }
    for name, text in shown.items():
        assert text, name
        (tmp_path / name).write_text(text)

    searched = list(files_below(tmp_path))

    assert any(file.name == "azure.db" for file in searched)
    assert leaks([drawn], searched) == []
    plain = vault.stack.run("stack", "export", "--show-secrets")
    assert drawn in plain  # what the page on secrets says: it lies in the state, encrypted
