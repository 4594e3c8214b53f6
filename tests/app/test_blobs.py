"""The sample app reads a blob with two lines and no key: the official client against the local Azure."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from azure.core.pipeline.transport import HttpTransport
from azure.identity import ClientSecretCredential
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient

from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, role_definition_id
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.drawn_key import begun
from tests.local_azure.arm import Arm
from tests.local_azure.storage_stage import account_body

ACCOUNT, BLOB = "stshopblobs", "reports/2026/daily.txt"
CONTENT = "planted-content-of-the-blob"
ENDPOINT = f"https://{ACCOUNT}.blob.core.windows.net/"
ROLE_IDS = {role.name: role.id for role in BUILT_IN_ROLES}


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, app_module: ModuleType) -> Iterator[LocalAzure]:
    """An account with one blob; the app runs as the deployer's principal, which owns the subscription."""
    del app_module  # it empties the environment first
    with LocalAzure(begun(tmp_path / "azure")) as azure:
        for name, value in azure.environment().items():
            monkeypatch.setenv(name, value)
        arm = Arm(azure.azure)
        arm.group("rg-shop")
        client: Any = StorageManagementClient(credential(azure), SUBSCRIPTION_ID)
        client.storage_accounts.begin_create("rg-shop", ACCOUNT, account_body()).result()
        client.blob_containers.create("rg-shop", ACCOUNT, "reports", {})
        yield azure


def credential(cloud: LocalAzure) -> ClientSecretCredential:
    return deployer_credential(cloud.environment())


def grant(cloud: LocalAzure, role: str) -> str:
    scope = f"{Arm(cloud.azure).group('rg-shop')}/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"
    id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    properties = {
        "principalId": DEPLOYER.object_id,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": role_definition_id(ROLE_IDS[role]),
    }
    assert Arm(cloud.azure)("PUT", id, {"properties": properties}).status == 201
    return id


def upload(cloud: LocalAzure) -> None:
    """By whoever owns the content: with a role for it, which is then taken away."""
    id = grant(cloud, "Storage Blob Data Contributor")
    blobs: Any = BlobServiceClient(ENDPOINT, credential(cloud))
    blobs.get_blob_client(*BLOB.split("/", 1)).upload_blob(CONTENT)
    assert Arm(cloud.azure)("DELETE", id).status == 200


def asked(app: ModuleType) -> tuple[dict[str, Any], str]:
    """What the app says of its blob: to programs, and to people."""
    client = app.app.test_client()
    return client.get("/status.json").get_json(), client.get("/").text


def test_an_app_without_a_blob_says_nothing_of_one(app_module: ModuleType) -> None:
    status, page = asked(app_module)
    assert "blob" not in status
    assert "BlobServiceClient" not in page


def test_a_blob_is_refused_until_the_identity_is_granted_and_then_read(
    cloud: LocalAzure, app_module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(cloud)
    monkeypatch.setenv("KEYLESS_BLOB", BLOB)
    monkeypatch.setenv("AZURE_STORAGE_BLOB_ENDPOINT", ENDPOINT)
    refused, page = asked(app_module)
    assert refused["blob"] == {
        "blob": BLOB,
        "arrived": False,
        "outcome": "forbidden",
        "size": None,
        "azure_says": "AuthorizationPermissionMismatch",
        "reason": "The role Storage Blob Data Reader is missing, or was granted moments ago.",
    }
    assert "AuthorizationPermissionMismatch" in page

    grant(cloud, "Storage Blob Data Reader")
    read, page = asked(app_module)
    assert (read["blob"]["outcome"], read["blob"]["size"]) == ("arrived", len(CONTENT))
    assert "Arrived, 27 bytes" in page
    assert CONTENT not in json.dumps(read) + page


@pytest.mark.parametrize(
    ("blob", "outcome"),
    [("reports/none", "not-found"), ("nowhere/none", "not-found"), ("reports", "not-configured")],
)
def test_a_blob_that_is_not_there_is_named(
    cloud: LocalAzure, app_module: ModuleType, monkeypatch: pytest.MonkeyPatch, blob: str, outcome: str
) -> None:
    grant(cloud, "Storage Blob Data Reader")
    monkeypatch.setenv("KEYLESS_BLOB", blob)
    monkeypatch.setenv("AZURE_STORAGE_BLOB_ENDPOINT", ENDPOINT)
    status, page = asked(app_module)
    assert (status["blob"]["blob"], status["blob"]["outcome"]) == (blob, outcome)
    assert "Not arrived" in page


def test_an_app_that_nobody_signed_in_says_so(
    cloud: LocalAzure, app_module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in cloud.environment().keys() - cloud.client_environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    monkeypatch.setenv("KEYLESS_BLOB", BLOB)
    monkeypatch.setenv("AZURE_STORAGE_BLOB_ENDPOINT", ENDPOINT)
    waits: list[float] = []

    def note(_: HttpTransport[Any, Any], seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(HttpTransport, "sleep", note)
    status, _ = asked(app_module)
    assert status["blob"]["outcome"] == "not-signed-in"
    assert waits == [], "a person looks at the page meanwhile"
