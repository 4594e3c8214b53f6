"""A custom role that the program itself declares, through the real engine: a link gives it by its id."""

from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobServiceClient

from local_azure.constants import OFFICER, SUBSCRIPTION_SCOPE, VAULT_OFFICERS
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import authorization, resources
from components import StorageAccount, WebApp

group = resources.ResourceGroup("shop", location="westeurope")
storage = StorageAccount("shop", {{
    "resource_group_name": group.name,
    "containers": ["reports"],
    "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})
stocktaker = authorization.RoleDefinition(
    "stocktaker",
    scope=group.id,
    role_name="Stocktaker of the shop",
    permissions=[{{"data_actions": ["{READ}"]}}],
    assignable_scopes=[group.id],
)
app = WebApp("shop", {{
    "resource_group_name": group.name,
    "links": {{"stock": {{"role": {{"id": storage.account_id, "role": stocktaker.id}}}}}},
}})
pulumi.export("role", stocktaker.id)
pulumi.export("account", storage.account_id)
pulumi.export("endpoint", storage.endpoint)
pulumi.export("principal", app.principal_id)
pulumi.export("access", app.access)
"""


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM)


def blob(shop: Loop, outputs: dict[str, Any], object_id: str) -> Any:
    """The client of a blob, as somebody has it."""
    principal = shop.cloud.azure.entra.principal(object_id)
    assert principal
    blobs: Any = BlobServiceClient(outputs["endpoint"], Holder(shop.cloud.azure, principal))
    return blobs.get_blob_client("reports", "daily.txt")


def test_a_custom_role_of_the_same_program_is_given_by_a_link_and_goes_with_the_stack(shop: Loop) -> None:
    shop.stack.preview()  # before the role has an id
    outputs = shop.up()

    guid = outputs["role"].rpartition("/")[2]
    definition = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    assert outputs["role"] == definition
    assert shop.grants() == {(guid, outputs["principal"], outputs["account"].lower())}
    (sentence,) = outputs["access"]
    assert sentence.endswith(f" (custom role {guid}).")
    assert leftovers(shop.cloud.azure)["role_definitions"] == [definition]

    blob(shop, outputs, OFFICER.object_id).upload_blob("twelve")
    ours = blob(shop, outputs, outputs["principal"])
    assert ours.download_blob().readall() == b"twelve"
    with pytest.raises(HttpResponseError) as error:
        ours.upload_blob("thirteen", overwrite=True)
    assert error.value.status_code == 403

    shop.stack.refresh("--expect-no-changes")
    shop.stack.preview("--expect-no-changes")
    shop.stack.destroy()
    left = leftovers(shop.cloud.azure)
    assert (left["resources"], left["role_assignments"], left["role_definitions"]) == ([], [], [])
