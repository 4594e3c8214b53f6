"""The sample app deployed to a local Azure, and run by a developer: nothing is mocked."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from local_azure.az import install_az
from local_azure.constants import DEVELOPER, VAULT_READERS
from local_azure.server import LocalAzure
from readiness import check
from tests.app.conftest import APP
from tests.app.stack import APP_ID, KEYLESS_SECRETS, VAULT_ENDPOINT, VAULT_NAME, Shop
from tests.drawn_key import begun
from tests.patience import PATIENCE

PLANTED = "planted-value-of-the-deployed-app"
ROTATED = "rotated-value-of-the-deployed-app"


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAzure]:
    with LocalAzure(begun(tmp_path / "azure")) as azure:
        for name, value in azure.environment().items():
            monkeypatch.setenv(name, value)
        yield azure


@pytest.fixture
def shop(cloud: LocalAzure) -> Shop:
    return Shop.open(cloud.environment())


def nothing_planted_lies_in_clear(cloud: LocalAzure) -> bool:
    files = [file for file in cloud.azure.state.rglob("*") if file.is_file()]
    assert files
    return not any(value.encode() in file.read_bytes() for file in files for value in (PLANTED, ROTATED))


def test_a_deployed_app_is_refused_until_its_identity_is_granted_and_then_reads_in_both_ways(
    cloud: LocalAzure, shop: Shop
) -> None:
    shop.write_secret(PLANTED)
    principal_id = shop.deploy(APP)
    refused = shop.status()
    assert refused["state"] == "access-missing"
    assert refused["advice"]["text"] == (
        f"The managed identity id-shop (object id {principal_id}) lacks the role Key Vault Secrets User on "
        "the "
        f"vault {VAULT_NAME}."
    )
    assert refused["secrets"][0]["reference"]["outcome"] == "unresolved"
    (denied,) = check([APP_ID], shop.credential, timeout=0).references
    assert denied.status == "AccessToKeyVaultDenied"
    assert denied.cause.startswith(f"the identity id-shop (principal {principal_id}) needs the role ")

    shop.grant(principal_id, "ServicePrincipal")
    assert check([APP_ID], shop.credential, timeout=PATIENCE, interval=0.1).ready
    ready = shop.status()
    assert (ready["state"], ready["identity"]["object_id"]) == ("ready", principal_id)
    assert [ready["secrets"][0][way]["outcome"] for way in ("reference", "client")] == ["arrived", "arrived"]
    served = shop.ask("/") + json.dumps(ready) + json.dumps(refused)
    assert PLANTED not in served
    assert nothing_planted_lies_in_clear(cloud)


def test_a_rotation_is_seen_by_the_client_at_once_and_by_the_reference_after_a_forced_refresh(
    cloud: LocalAzure, shop: Shop
) -> None:
    shop.write_secret(PLANTED)
    shop.grant(shop.deploy(APP), "ServicePrincipal")
    assert check([APP_ID], shop.credential, timeout=PATIENCE, interval=0.1).ready
    assert shop.status()["state"] == "ready"

    version = shop.write_secret(ROTATED)
    secret = shop.status()["secrets"][0]
    assert secret["client"]["version"] == version
    assert secret["reference"]["outcome"] == "outdated"

    (report,) = check([APP_ID], shop.credential, timeout=PATIENCE, interval=0.1, refresh=True).references
    assert (report.resolved, report.version) == (True, version)
    assert shop.status()["secrets"][0]["reference"]["outcome"] == "arrived"
    assert nothing_planted_lies_in_clear(cloud)


@pytest.fixture
def developer_app(
    app_module: ModuleType, cloud: LocalAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """The same code on a developer's machine: `az login`, and what `local_development` says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    install_az(folder, DEVELOPER, cloud.azure.state)
    for name in cloud.environment().keys() - cloud.client_environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "dev")
    monkeypatch.setenv("AZURE_KEY_VAULT_ENDPOINT", VAULT_ENDPOINT)
    monkeypatch.setenv("KEYLESS_SECRETS", KEYLESS_SECRETS)
    return app_module.app.test_client()


def test_a_developer_is_refused_until_a_reader_of_the_vault_and_then_let_in(
    developer_app: FlaskClient, cloud: LocalAzure, shop: Shop
) -> None:
    shop.write_secret(PLANTED)
    shop.grant(VAULT_READERS.object_id, "Group")
    refused = developer_app.get("/status.json").get_json()
    assert refused["state"] == "access-missing"
    assert refused["identity"]["kind"] == "developer"
    assert refused["identity"]["object_id"] == DEVELOPER.object_id
    assert refused["advice"]["text"] == (
        f"The developer {DEVELOPER.name} (object id {DEVELOPER.object_id}) lacks the role Key Vault Secrets "
        "User "
        f"on the vault {VAULT_NAME}."
    )

    cloud.azure.entra.add_member(VAULT_READERS.object_id, DEVELOPER.object_id)
    let_in = developer_app.get("/status.json").get_json()
    assert let_in["state"] == "ready"
    assert let_in["secrets"][0]["reference"] is None
    assert let_in["secrets"][0]["client"]["arrived"] is True
    assert PLANTED not in developer_app.get("/").text
