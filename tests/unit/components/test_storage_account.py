"""StorageAccount: created without keys, or an existing one read by its full id (I9)."""

from typing import Any

import pytest

from components import AccessGrant, AccessGrantArgs, Role, StorageAccount
from tests.unit.components.answering_azure import GROUP, PEOPLE, PRINCIPAL, STORAGE, STORAGE_ENDPOINT, Mode
from tests.unit.components.recorded_azure import UNKNOWN, deploy
from tests.unit.components.storage_accounts import NAME, storage_account

BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


def _account(**args: Any) -> dict[str, Any]:
    return dict(storage_account(**args).one("storage:StorageAccount").inputs)


def test_an_account_is_created_with_these_inputs_and_no_others() -> None:
    deployment = storage_account(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {
        "storage:BlobServiceProperties": 1,
        "storage:StorageAccount": 1,
    }
    assert deployment.one("storage:StorageAccount").inputs == {
        "accessTier": "Hot",
        "accountName": NAME,
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": False,
        "allowedCopyScope": "AAD",
        "defaultToOAuthAuthentication": True,
        "enableHttpsTrafficOnly": True,
        "encryption": {"keySource": "Microsoft.Storage", "requireInfrastructureEncryption": True},
        "isLocalUserEnabled": False,
        "kind": "StorageV2",
        "location": "westeurope",
        "minimumTlsVersion": "TLS1_2",
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "sasPolicy": {"expirationAction": "Block", "sasExpirationPeriod": "1.00:00:00"},
        "sku": {"name": "Standard_ZRS"},
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "account_id": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{NAME}",
        "name": NAME,
        "endpoint": f"https://{NAME}.blob.core.windows.net/",
        "queue_endpoint": f"https://{NAME}.queue.core.windows.net/",
        "table_endpoint": f"https://{NAME}.table.core.windows.net/",
        "access": [],
    }


def test_an_account_has_no_key_that_opens_it() -> None:
    assert _account()["allowSharedKeyAccess"] is False


def test_the_portal_signs_in_with_entra_instead_of_a_key() -> None:
    assert _account()["defaultToOAuthAuthentication"] is True


def test_nothing_older_than_tls_1_2_is_spoken() -> None:
    assert _account()["minimumTlsVersion"] == "TLS1_2"


def test_nothing_is_served_without_tls() -> None:
    assert _account()["enableHttpsTrafficOnly"] is True


def test_no_blob_can_be_made_public() -> None:
    assert _account()["allowBlobPublicAccess"] is False
    container = storage_account(containers=["reports"]).one("storage:BlobContainer").inputs
    assert container["publicAccess"] == "None"


def test_nothing_is_copied_to_another_tenant() -> None:
    account = _account()
    assert (account["allowCrossTenantReplication"], account["allowedCopyScope"]) == (False, "AAD")


def test_there_are_no_local_users_with_passwords() -> None:
    assert _account()["isLocalUserEnabled"] is False


def test_what_is_stored_is_encrypted_twice() -> None:
    assert _account()["encryption"]["requireInfrastructureEncryption"] is True


def test_a_signed_address_that_lasts_longer_than_a_day_is_blocked() -> None:
    assert _account()["sasPolicy"] == {"expirationAction": "Block", "sasExpirationPeriod": "1.00:00:00"}


def test_deleted_blobs_and_containers_can_be_restored_for_a_week_unless_told_otherwise() -> None:
    for given, days in (({}, 7), ({"soft_delete_retention_days": 30.0}, 30)):
        service = storage_account(**given).one("storage:BlobServiceProperties").inputs
        kept = {"days": days, "enabled": True}
        assert service["deleteRetentionPolicy"] == service["containerDeleteRetentionPolicy"] == kept
        assert service["blobServicesName"] == "default"


@pytest.mark.parametrize(
    ("redundancy", "sku"),
    [
        ("local", "Standard_LRS"),
        ("zone", "Standard_ZRS"),
        ("geo", "Standard_GRS"),
        ("geo-zone", "Standard_GZRS"),
    ],
)
def test_where_the_copies_are_is_a_choice(redundancy: str, sku: str) -> None:
    assert _account(redundancy=redundancy)["sku"] == {"name": sku}


def test_one_argument_drops_no_other_default() -> None:
    assert _account(redundancy="geo") == {**_account(), "sku": {"name": "Standard_GRS"}}


def test_containers_and_queues_are_created_under_their_own_names() -> None:
    deployment = storage_account(containers=["reports", "inbox"], queues=["inbox"])
    containers = {r.name: r.inputs["containerName"] for r in deployment.all("storage:BlobContainer")}
    assert containers == {"shop-reports": "reports", "shop-inbox": "inbox"}
    queue = deployment.one("storage:Queue")
    assert (queue.name, queue.inputs["queueName"], queue.inputs["accountName"]) == (
        "shop-inbox", "inbox", NAME,
    )  # fmt: skip
    service = deployment.one("storage:BlobServiceProperties")
    assert all(deployment.waits_for(one, service) for one in deployment.all("storage:BlobContainer"))


def test_whoever_is_given_the_account_finds_its_containers_and_queues_there() -> None:
    def program() -> dict[str, Any]:
        storage = StorageAccount(
            "shop", {"resource_group_name": "rg-team", "containers": ["reports"], "queues": ["inbox"]}
        )
        args: AccessGrantArgs = {
            "principal_id": PRINCIPAL,
            "role": Role.STORAGE_BLOB_DATA_READER,
            "scope_id": storage.account_id,
        }
        return {"access": AccessGrant("app", args).access}

    deployment = deploy(program)
    grant = deployment.one("RoleAssignment")
    for type_ in ("storage:BlobContainer", "storage:Queue"):
        assert deployment.waits_for(grant, deployment.one(type_))


def test_people_get_access_through_the_groups_that_are_named_and_no_one_else_does() -> None:
    deployment = storage_account(blob_readers={"readers": PEOPLE}, blob_writers={"writers": PEOPLE})
    grants = {r.name: r.inputs for r in deployment.all("RoleAssignment")}
    assert {name: (g["principalId"], g["principalType"]) for name, g in grants.items()} == {
        "shop-reader-readers": (PEOPLE, "Group"),
        "shop-writer-writers": (PEOPLE, "Group"),
    }
    assert grants["shop-reader-readers"]["roleDefinitionId"].endswith(BLOB_READER)
    assert grants["shop-writer-writers"]["roleDefinitionId"].endswith(BLOB_CONTRIBUTOR)
    assert deployment.outputs["access"] == [
        f"Members of group readers may read blobs in storage account {NAME} (Storage Blob Data Reader).",
        f"Members of group writers may read, write and delete blobs in storage account {NAME} "
        "(Storage Blob Data Contributor).",
    ]


def test_an_existing_account_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = storage_account(existing_id=STORAGE)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:storage:StorageAccount", True)
    ]
    assert deployment.plain_outputs == {
        "account_id": STORAGE,
        "name": "stteam",
        "endpoint": STORAGE_ENDPOINT,
        "queue_endpoint": "https://stteam.queue.core.windows.net/",
        "table_endpoint": "https://stteam.table.core.windows.net/",
        "access": [],
    }


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_knows_an_existing_account(mode: Mode) -> None:
    deployment = storage_account(mode, existing_id=STORAGE, blob_readers={"readers": PEOPLE})
    assert deployment.one("RoleAssignment").inputs["scope"] == STORAGE
    assert (deployment.outputs["account_id"], deployment.outputs["endpoint"]) == (STORAGE, STORAGE_ENDPOINT)


def test_a_first_preview_lists_everything_and_knows_what_it_can() -> None:
    deployment = storage_account("first preview", containers=["reports"], blob_readers={"readers": PEOPLE})
    assert deployment.one("storage:BlobContainer").inputs["containerName"] == "reports"
    assert deployment.one("RoleAssignment").inputs["principalId"] == PEOPLE
    assert deployment.outputs["endpoint"] == deployment.outputs["account_id"] == UNKNOWN


def test_a_later_preview_knows_the_account_and_calls_its_address_unknown_instead_of_absent() -> None:
    deployment = storage_account("later preview", blob_readers={"readers": PEOPLE})
    assert deployment.one("RoleAssignment").inputs["scope"].endswith(f"/storageAccounts/{NAME}")
    assert deployment.outputs["endpoint"] == deployment.outputs["queue_endpoint"] == UNKNOWN
