"""Rules on storage accounts and registries."""

from typing import Any

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

OPENED = "namespace ns is opened by its keys: disableLocalAuth is not true"
BY_KEYS = "storage account st is opened by its keys: allowSharedKeyAccess is not false"


def account(**changed: Any) -> Given:
    closed = {"allowSharedKeyAccess": False, "publicNetworkAccess": "Disabled", **changed}
    return Given("storage:StorageAccount", "st", closed)


def namespace(type: str, **changed: Any) -> Given:
    closed = {"disableLocalAuth": True, "publicNetworkAccess": "Disabled", **changed}
    return Given(type, "ns", closed)


def registry(**changed: Any) -> Given:
    return Given("containerregistry:Registry", "cr", {"publicNetworkAccess": "Disabled", **changed})


@pytest.mark.parametrize(
    ("rule", "given", "says"),
    [
        ("storage-no-shared-key", account(allowSharedKeyAccess=None), BY_KEYS),
        ("storage-no-shared-key", account(allowSharedKeyAccess=True), BY_KEYS),
        (
            "storage-no-public-blobs",
            account(allowBlobPublicAccess=True),
            "allowBlobPublicAccess of storage account st is true",
        ),
        (
            "storage-no-public-blobs",
            Given("storage:BlobContainer", "reports", {"publicAccess": "Blob"}),
            "publicAccess of container reports is Blob",
        ),
        (
            "storage-network-closed",
            account(publicNetworkAccess=None),
            "storage account st answers every network",
        ),
        (
            "storage-network-closed",
            account(publicNetworkAccess="Enabled", networkRuleSet={"defaultAction": "Allow"}),
            "storage account st answers every network",
        ),
        *(
            ("namespace-no-keys", namespace(type, disableLocalAuth=given), OPENED)
            for type in ("servicebus:Namespace", "eventhub:Namespace")
            for given in (None, False)
        ),
        (
            "namespace-network-closed",
            namespace("servicebus:Namespace", publicNetworkAccess="Enabled"),
            "namespace ns answers every network that its rules do not keep out",
        ),
        (
            "registry-no-admin-user",
            registry(adminUserEnabled=True),
            "adminUserEnabled of registry cr is true",
        ),
        (
            "registry-no-anonymous-pull",
            registry(anonymousPullEnabled=True),
            "anonymousPullEnabled of registry cr is true",
        ),
        (
            "registry-network-closed",
            registry(publicNetworkAccess="Enabled"),
            "registry cr answers every network",
        ),
    ],
)
def test_an_account_or_registry_that_is_open_is_refused(rule: str, given: Given, says: str) -> None:
    assert findings(rule, given) == [f"{says}."]
    closed = {"networkRuleSet": {"defaultAction": "Deny"}, "publicNetworkAccess": "Enabled"}
    container = Given("storage:BlobContainer", "reports", {"publicAccess": "None"})
    harmless = [account(), account(**closed), registry(), registry(**closed), container]
    unknown = [Given(given.type, "later", dict.fromkeys(given.props, UNKNOWN))]
    assert judge(rule, *harmless, *unknown) == []
