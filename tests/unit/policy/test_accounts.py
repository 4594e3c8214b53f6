"""Rules on storage accounts and registries."""

from typing import Any

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

OPENED = "namespace ns is opened by its keys: disableLocalAuth is not true"
COSMOS = "Cosmos DB account items"
RULED: list[dict[str, Any]] = [
    {"ipRules": [{"ipAddressOrRange": "203.0.113.0/24"}]},
    {"ipRules": [], "isVirtualNetworkFilterEnabled": True},
]
BY_KEYS = "storage account st is opened by its keys: allowSharedKeyAccess is not false"


LET_IN = "is opened by its keys: disableLocalAuth is not true"
KEYLESS = {"disableLocalAuth": True, "publicNetworkAccess": "Disabled"}


def account(**changed: Any) -> Given:
    closed = {"allowSharedKeyAccess": False, "publicNetworkAccess": "Disabled", **changed}
    return Given("storage:StorageAccount", "st", closed)


def items(**changed: Any) -> Given:
    closed = {"disableLocalAuth": True, "publicNetworkAccess": "Disabled", **changed}
    return Given("cosmosdb:DatabaseAccount", "items", closed)


def files(methods: str) -> Given:
    smb = {"authenticationMethods": methods}
    return Given("storage:FileServiceProperties", "default", {"protocolSettings": {"smb": smb}})


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
            "storage-shares-ask-who",
            Given("storage:FileShare", "exports", {"enabledProtocols": "NFS"}),
            "enabledProtocols of share exports is NFS",
        ),
        (
            "storage-shares-ask-who",
            files("NTLMv2;Kerberos"),
            "protocolSettings.smb.authenticationMethods of default has NTLM",
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
            ("cosmos-no-keys", items(disableLocalAuth=given), OPENED.replace("namespace ns", COSMOS))
            for given in (None, False)
        ),
        ("cosmos-network-closed", items(publicNetworkAccess=None), f"{COSMOS} answers every network"),
        (
            "cosmos-network-closed",
            items(publicNetworkAccess="Enabled", ipRules=[], isVirtualNetworkFilterEnabled=False),
            f"{COSMOS} answers every network",
        ),
        (
            "cosmos-network-closed",
            items(publicNetworkAccess="Enabled", ipRules=[{"ipAddressOrRange": "0.0.0.0/0"}]),
            f"{COSMOS} answers every network",
        ),
        (
            "cosmos-network-closed",
            items(publicNetworkAccess="Enabled", ipRules=[{"ipAddressOrRange": "0.0.0.0"}]),
            f"{COSMOS} answers whatever runs in Azure, of anybody",
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
        *(
            (rule, Given(type, "live", {"disableLocalAuth": given}), f"{noun} live {LET_IN}")
            for rule, type, noun in (
                ("topic-no-keys", "eventgrid:Topic", "topic"),
                ("connections-no-keys", "signalrservice:SignalR", "SignalR service"),
                ("connections-no-keys", "webpubsub:WebPubSub", "Web PubSub service"),
            )
            for given in (None, False)
        ),
        (
            "topic-network-closed",
            Given("eventgrid:Topic", "evgt", {"publicNetworkAccess": "Enabled", "inboundIpRules": []}),
            "topic evgt answers every network",
        ),
        (
            "connections-network-closed",
            Given("webpubsub:WebPubSub", "wps", {"publicNetworkAccess": "Enabled"}),
            "Web PubSub service wps answers every network",
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
    ruled = [items(publicNetworkAccess="Enabled", **one) for one in RULED]
    share = Given("storage:FileShare", "exports", {"enabledProtocols": "SMB"})
    harmless = [account(), account(**closed), registry(), registry(**closed), container, share]
    harmless += [files("Kerberos"), Given("storage:FileShare", "old", {}), items(), *ruled]
    harmless += [Given(type, "live", KEYLESS) for type in ("eventgrid:Topic", "webpubsub:WebPubSub")]
    named = {**KEYLESS, "publicNetworkAccess": "Enabled", "inboundIpRules": [{"ipMask": "203.0.113.7"}]}
    harmless.append(Given("eventgrid:Topic", "evgt", named))
    unknown = [Given(given.type, "later", dict.fromkeys(given.props, UNKNOWN))]
    assert judge(rule, *harmless, *unknown) == []
