"""An app that is let into exactly its secrets, before anybody has written them."""

from pathlib import Path
from typing import Any

from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import SECRETS_USER
from tests.engine.one_component import declared_loop


def test_a_grant_on_a_secret_comes_before_its_value_and_can_be_widened_to_the_vault(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    loop = declared_loop(engine, cloud, tmp_path)

    def app(**args: Any) -> dict[str, Any]:
        return {"component": "KeylessWebApp", "args": {"secrets": {"DB": "db-password"}, **args}}

    outputs = loop.up_with(shop=app(secret_access="secret"))
    vault_id, principal = outputs["shop.vault_id"].lower(), outputs["shop.principal_id"]
    assert loop.grants() == {(SECRETS_USER, principal, f"{vault_id}/secrets/db-password")}

    secrets = loop.cloud.azure.service(KeyVault).secrets
    secrets.add_version(outputs["shop.vault_name"], "db-password", {"value": "written by an officer"})
    assert loop.readiness({"app_id": outputs["shop.app_id"]}).ready

    # The vault as a whole: the wider grant is there before the narrow one goes, so nothing is interrupted.
    outputs = loop.up_with(shop=app())
    assert loop.grants() == {(SECRETS_USER, principal, vault_id)}
    assert loop.readiness({"app_id": outputs["shop.app_id"]}).ready
    loop.stack.preview("--expect-no-changes")
    loop.stack.destroy()
    assert loop.session.control("/leftovers")["role_assignments"] == []
