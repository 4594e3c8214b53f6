"""The activity log, as azure-mgmt-monitor reads it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.storage import StorageManagementClient

from local_azure.constants import DEPLOYER, DEVELOPER, PLATFORM_SUBSCRIPTION_ID, SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.local_azure.grants import GROUP, Grants
from tests.local_azure.scene import TokenOf
from tests.local_azure.vault_stage import refused


class Log:
    """The log as somebody reads it."""

    def __init__(self, local: LocalAzure, credential: Any, subscription: str = SUBSCRIPTION_ID) -> None:
        self.now = datetime.fromtimestamp(local.azure.clock.now(), UTC)
        self.client: Any = MonitorManagementClient(credential, subscription)

    def read(self, filter: str = "", *, hours: float = 1) -> list[Any]:
        since = f"eventTimestamp ge '{(self.now - timedelta(hours=hours)).isoformat()}'"
        return list(self.client.activity_logs.list(filter=f"{since} and {filter}" if filter else since))


def test_o6_the_activity_log_says_who_wrote_what_and_who_was_refused(
    local_azure: LocalAzure, grants: Grants, deployer: ClientSecretCredential
) -> None:
    principal, _ = grants.identity()
    stranger: Any = TokenOf(local_azure.azure, principal)
    theirs: Any = ManagedServiceIdentityClient(stranger, SUBSCRIPTION_ID).user_assigned_identities
    with pytest.raises(HttpResponseError):
        theirs.create_or_update("rg-one", "id-two", {"location": "westeurope"})
    events = Log(local_azure, deployer).read("resourceGroupName eq 'rg-one'")
    told = [(one.operation_name.value, one.status.value, one.caller) for one in events]
    assert told == [
        ("Microsoft.ManagedIdentity/userAssignedIdentities/write", "Failed", "id-one"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/write", "Succeeded", DEPLOYER.name),
        ("Microsoft.Resources/resourceGroups/write", "Succeeded", DEPLOYER.name),
    ]
    assert "AuthorizationFailed" in events[0].properties["statusMessage"]
    assert events[1].resource_id.endswith("/userAssignedIdentities/id-one")
    assert (events[0].level, events[1].level) == ("Error", "Informational")
    assert events[1].http_request.method == "PUT"
    assert Log(local_azure, deployer, PLATFORM_SUBSCRIPTION_ID).read() == []


@pytest.mark.usefixtures("grants")  # which makes a group
def test_o6_deletions_and_actions_are_in_the_activity_log_and_what_they_answered_is_not(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    accounts: Any = StorageManagementClient(deployer, SUBSCRIPTION_ID).storage_accounts
    body = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    accounts.begin_create("rg-one", "stone", body).result()
    keys = [one.value for one in accounts.list_keys("rg-one", "stone").keys_property]
    accounts.get_properties("rg-one", "stone")
    accounts.delete("rg-one", "stone")
    events = Log(local_azure, deployer).read("resourceProvider eq 'Microsoft.Storage'")
    assert [(one.operation_name.value, one.status.value) for one in events] == [
        ("Microsoft.Storage/storageAccounts/delete", "Succeeded"),
        ("Microsoft.Storage/storageAccounts/listKeys/action", "Succeeded"),
        ("Microsoft.Storage/storageAccounts/write", "Succeeded"),
    ]
    assert {one.resource_id for one in events} == {
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stone"
    }
    written = str([one.as_dict() for one in events]) + str(local_azure.azure.journal.entries())
    assert ("listKeys" in written, [key for key in keys if key in written]) == (True, [])


@pytest.mark.usefixtures("grants")  # which makes a group
def test_o6_a_filter_begins_with_a_time_in_the_last_ninety_days(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    log = Log(local_azure, deployer)
    of_group = [one.resource_id.lower() for one in log.read(f"resourceUri eq '{GROUP}'")]
    assert of_group == [GROUP.lower()]
    assert log.read("resourceProvider eq 'Microsoft.KeyVault'") == []
    assert log.read(f"eventTimestamp le '{(log.now - timedelta(minutes=30)).isoformat()}'") == []
    for filter in ("", "resourceGroupName eq 'rg-one'", "eventTimestamp ge 'yesterday'"):
        with pytest.raises(HttpResponseError) as error:
            list(log.client.activity_logs.list(filter=filter))
        assert refused(error)[:2] == (400, "BadRequest")
    with pytest.raises(HttpResponseError) as error:
        log.read(hours=91 * 24)
    assert refused(error)[0] == 400
    with pytest.raises(HttpResponseError) as error:
        log.read("colour eq 'blue'")
    assert refused(error)[0] == 400


def test_the_activity_log_is_read_by_who_may_read_the_subscription(local_azure: LocalAzure) -> None:
    nobody = Log(local_azure, TokenOf(local_azure.azure, DEVELOPER.object_id))
    with pytest.raises(HttpResponseError) as error:
        nobody.read()
    status, code, message = refused(error)
    assert (status, code) == (403, "AuthorizationFailed")
    assert "'Microsoft.Insights/eventtypes/values/read'" in message
