"""`python -m audit why` says of every type with rules for addresses from where it may be called."""

from collections.abc import Iterator
from typing import Any

import pytest

from audit.why.network_facts import network_facts
from audit.why.networks import network
from audit.why.question import Answer, Question
from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

KNOWN = "192.0.2.0/24"
INSIDE, OUTSIDE = "192.0.2.9", "203.0.113.9"
ACTIONS = {
    "Microsoft.Storage/storageAccounts": "blobServices/containers/blobs/read",
    "Microsoft.ContainerRegistry/registries": "repositories/content/read",
    "Microsoft.CognitiveServices/accounts": "OpenAI/deployments/chat/completions/action",
    "Microsoft.DocumentDB/databaseAccounts": "sqlDatabases/containers/items/read",
    "Microsoft.Search/searchServices": "indexes/documents/read",
    "Microsoft.EventGrid/topics": "/Microsoft.EventGrid/events/send/action",
    "Microsoft.ServiceBus/namespaces": "messages/send/action",
    "Microsoft.EventHub/namespaces": "messages/send/action",
}
"""An action on data of each type that has rules for addresses, below the type or from the root."""
NETWORKS: Json = {"defaultAction": "Deny", "ipRules": [{"value": KNOWN, "action": "Allow"}]}
BODIES: dict[str, Json] = {
    "Microsoft.Storage/storageAccounts": {
        "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {"networkAcls": NETWORKS},
    },
    "Microsoft.ContainerRegistry/registries": {
        "sku": {"name": "Premium"}, "properties": {"networkRuleSet": NETWORKS},
    },
    "Microsoft.CognitiveServices/accounts": {
        "kind": "OpenAI", "sku": {"name": "S0"},
        "properties": {"networkAcls": NETWORKS, "customSubDomainName": "NAME"},
    },
    "Microsoft.DocumentDB/databaseAccounts": {
        "kind": "GlobalDocumentDB",
        "properties": {
            "databaseAccountOfferType": "Standard",
            "locations": [{"locationName": "westeurope", "failoverPriority": 0}],
            "ipRules": [{"ipAddressOrRange": KNOWN}],
        },
    },
    "Microsoft.Search/searchServices": {
        "sku": {"name": "basic"}, "properties": {"networkRuleSet": {"ipRules": [{"value": KNOWN}]}},
    },
    "Microsoft.EventGrid/topics": {
        "properties": {"inboundIpRules": [{"ipMask": KNOWN, "action": "Allow"}]},
    },
    "Microsoft.ServiceBus/namespaces": {"sku": {"name": "Premium", "tier": "Premium"}},
    "Microsoft.EventHub/namespaces": {"sku": {"name": "Standard", "tier": "Standard"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def made(stage: VaultStage, type: str, **properties: Any) -> str:
    """The id of a resource that is closed but for one range."""
    name = stage.name("net").replace("-", "")
    body: Json = {"location": "westeurope", **BODIES[type]}
    given = {key: name if value == "NAME" else value for key, value in body.get("properties", {}).items()}
    id = f"{stage.group}/providers/{type}/{name}"
    content(stage.arm("PUT", id, {**body, "properties": {**given, **properties}}))
    if below := network_facts()[type.lower()].below:
        rules = {"defaultAction": "Deny", "ipRules": [{"ipMask": KNOWN, "action": "Allow"}]}
        content(stage.arm("PUT", id + below, {"properties": rules}))
    return id


def answer(stage: VaultStage, id: str, type: str, address: str) -> tuple[Answer | None, str]:
    action = ACTIONS[type]
    whole = action[1:] if action.startswith("/") else f"{type}/{action}"
    asked = Question(DEPLOYER.object_id, whole, id, address)
    (step,) = network(stage.holder(stage.person(DEPLOYER)), asked, **stage.trust)
    return step.answer, step.words


@pytest.mark.parametrize("type", BODIES)
def test_an_address_is_let_in_by_the_rule_that_has_it_and_no_other(stage: VaultStage, type: str) -> None:
    id = made(stage, type)
    assert answer(stage, id, type, INSIDE) == (Answer.ALLOWED, f"{INSIDE} is in {KNOWN}")
    assert answer(stage, id, type, OUTSIDE) == (Answer.REFUSED, f"no rule lets {OUTSIDE} in")
    assert answer(stage, id, type, "2001:db8::9")[0] is Answer.REFUSED
    assert answer(stage, id, type, "")[0] is Answer.DEPENDS


def test_what_has_private_endpoints_alone_refuses_every_address(stage: VaultStage) -> None:
    type = "Microsoft.Search/searchServices"
    closed = made(stage, type, publicNetworkAccess="disabled")
    assert answer(stage, closed, type, INSIDE)[0] is Answer.REFUSED
    assert answer(stage, closed, type, "")[0] is Answer.DEPENDS


def test_a_store_without_a_rule_lets_every_address_in_and_one_that_is_not_there_depends(
    stage: VaultStage,
) -> None:
    store = f"{stage.group}/providers/Microsoft.AppConfiguration/configurationStores/net-one"
    content(stage.arm("PUT", store, {"location": "westeurope", "sku": {"name": "standard"}}))
    who = stage.holder(stage.person(DEPLOYER))
    action = "Microsoft.AppConfiguration/configurationStores/keyValues/read"
    asked = Question(DEPLOYER.object_id, action, store, OUTSIDE)
    assert [step.answer for step in network(who, asked, **stage.trust)] == [Answer.ALLOWED]
    gone = Question(DEPLOYER.object_id, action, f"{store}-gone", OUTSIDE)
    (step,) = network(who, gone, **stage.trust)
    assert (step.answer, step.words) == (Answer.DEPENDS, "could not be read: ResourceNotFound (404)")
    other = Question(DEPLOYER.object_id, action, f"{stage.group}/providers/Microsoft.Web/sites/web", OUTSIDE)
    assert [step.answer for step in network(who, other, **stage.trust)] == [None]
