"""StorageAccount: created without keys, or an existing one read by its full id (I9)."""

from typing import Any

import pytest

from components import (
    AccessGrant,
    AccessGrantArgs,
    ConfigurationError,
    Role,
    StorageAccount,
    WorkloadAccess,
)
from tests.unit.components.answering_azure import (
    GROUP,
    PEOPLE,
    PRINCIPAL,
    STORAGE,
    STORAGE_ENDPOINT,
    WORKSPACE,
    Mode,
)
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
        "file_endpoint": f"https://{NAME}.file.core.windows.net/",
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


def test_people_are_let_in_to_each_service_by_itself() -> None:
    of = {
        "queue_readers": ("queue-reader", "19e7f393-937e-4f77-808e-94535e297925"),
        "queue_writers": ("queue-writer", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"),
        "table_readers": ("table-reader", "76199698-9eea-4c19-bc75-cec21354c6b6"),
        "table_writers": ("table-writer", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
        "file_readers": ("file-reader", "b8eda974-7b85-4f76-af95-65846b26df6d"),
        "file_writers": ("file-writer", "69566ab7-960f-475b-8e7c-b3118f30c6bd"),
    }
    for key, (part, role) in of.items():
        grant = storage_account(existing_id=STORAGE, **{key: {"on-call": PEOPLE}}).one("RoleAssignment")
        assert grant.name == f"shop-{part}-on-call"
        assert (grant.inputs["scope"], grant.inputs["principalId"]) == (STORAGE, PEOPLE)
        assert grant.inputs["roleDefinitionId"].endswith(role)


def test_shares_are_created_for_smb_with_what_kerberos_alone_opens() -> None:
    deployment = storage_account(shares=["reports"], soft_delete_retention_days=30)
    assert deployment.one("storage:FileShare").inputs == {
        "accountName": NAME,
        "enabledProtocols": "SMB",
        "resourceGroupName": "rg-team",
        "shareName": "reports",
    }
    assert deployment.one("storage:FileServiceProperties").inputs == {
        "accountName": NAME,
        "fileServicesName": "default",
        "protocolSettings": {
            "smb": {
                "authenticationMethods": "Kerberos",
                "channelEncryption": "AES-256-GCM",
                "kerberosTicketEncryption": "AES-256",
                "versions": "SMB3.1.1",
            }
        },
        "resourceGroupName": "rg-team",
        "shareDeleteRetentionPolicy": {"days": 30, "enabled": True},
    }
    share, service = (deployment.one(f"storage:File{kind}") for kind in ("Share", "ServiceProperties"))
    assert deployment.waits_for(share, service)


def test_each_service_that_something_is_in_sends_its_logs() -> None:
    deployment = storage_account(queues=["orders"], shares=["exports"], diagnostics_workspace_id=WORKSPACE)
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{NAME}"
    assert {one.name: one.inputs for one in deployment.all("monitor:DiagnosticSetting")} == {
        f"shop-{service}": {
            "logs": [{"categoryGroup": "allLogs", "enabled": True}],
            "metrics": [{"category": "AllMetrics", "enabled": True}],
            "name": "keyless",
            "resourceUri": f"{account}/{service}Services/default",
            "workspaceId": WORKSPACE,
        }
        for service in ("blob", "queue", "file")
    }
    assert storage_account(queues=["orders"]).all("monitor:DiagnosticSetting") == []


def test_a_lock_is_made_after_all_that_is_in_the_account() -> None:
    args = {"containers": ["reports"], "shares": ["exports"], "blob_readers": {"on-call": PEOPLE}}
    deployment = storage_account(**args, diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    lock = deployment.one("authorization:ManagementLockByScope")
    assert (lock.inputs["level"], lock.inputs["scope"]) == (
        "CanNotDelete",
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{NAME}",
    )
    custom = [one for one in deployment.resources if one.type.startswith("azure-native:") and one is not lock]
    assert [one.name for one in custom if not deployment.waits_for(lock, one)] == []
    assert storage_account(**args).all("authorization:ManagementLockByScope") == []


def test_a_service_that_an_existing_account_lacks_is_missed_by_its_link_alone() -> None:
    files_only = STORAGE.replace("stteam", "stfiles")
    outputs = storage_account(existing_id=files_only).plain_outputs
    assert outputs["file_endpoint"] == "https://stfiles.file.core.windows.net/"
    assert outputs["endpoint"] == outputs["queue_endpoint"] == outputs["table_endpoint"] == ""

    def linked(service: str) -> dict[str, Any]:
        account = StorageAccount("shop", {"existing_id": files_only})
        link = account.files_link() if service == "files" else account.blobs_link()
        access = WorkloadAccess("app", {"principal_id": PRINCIPAL, "links": {"reports": link}})
        return {"access": access.access}

    assert len(deploy(lambda: linked("files")).outputs["access"]) == 1
    with pytest.raises(ConfigurationError, match=r"links\[reports\].blobs.endpoint"):
        deploy(lambda: linked("blobs"))


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
        "file_endpoint": "https://stteam.file.core.windows.net/",
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
