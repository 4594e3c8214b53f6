"""Rules on configuration stores, AI accounts and search services."""

from typing import Any

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, findings, judge


def store(**changed: Any) -> Given:
    closed = {"disableLocalAuth": True, "publicNetworkAccess": "Disabled", **changed}
    return Given("appconfiguration:ConfigurationStore", "st", closed)


def account(**changed: Any) -> Given:
    closed = {"disableLocalAuth": True, "publicNetworkAccess": "Disabled", **changed}
    return Given("cognitiveservices:Account", "ai", {"properties": closed})


def search(**changed: Any) -> Given:
    closed = {"disableLocalAuth": True, "publicNetworkAccess": "disabled", **changed}
    return Given("search:Service", "se", closed)


@pytest.mark.parametrize("given", [None, False])
def test_a_service_that_its_keys_open_is_refused(given: bool | None) -> None:
    opened = [
        (store(disableLocalAuth=given), "configuration store st", "disableLocalAuth"),
        (account(disableLocalAuth=given), "AI account ai", "properties.disableLocalAuth"),
        (search(disableLocalAuth=given), "search service se", "disableLocalAuth"),
    ]
    for one, noun, path in opened:
        assert findings("service-no-keys", one) == [f"{noun} is opened by its keys: {path} is not true."]
    unknown = [store(disableLocalAuth=UNKNOWN), account(disableLocalAuth=UNKNOWN)]
    assert judge("service-no-keys", store(), account(), search(), *unknown) == []


def test_a_service_that_answers_every_network_is_told() -> None:
    is_open = {"publicNetworkAccess": "Enabled"}
    allow, deny = ({"networkAcls": {"defaultAction": one}} for one in ("Allow", "Deny"))
    no_rules: dict[str, Any] = {"ipRules": []}
    ranges = {"ipRules": [{"value": "203.0.113.0/24"}]}
    for one, noun in (
        (store(publicNetworkAccess=None), "configuration store st"),
        (account(**is_open, **allow), "AI account ai"),
        (search(**is_open, networkRuleSet=no_rules), "search service se"),
    ):
        assert findings("service-network-closed", one) == [f"{noun} answers every network."]
    harmless = [
        store(),
        account(),
        search(),
        account(**is_open, **deny),
        search(**is_open, networkRuleSet=ranges),
        search(publicNetworkAccess="SecuredByPerimeter"),
    ]
    unknown = [store(publicNetworkAccess=UNKNOWN), search(**is_open, networkRuleSet={"ipRules": UNKNOWN})]
    assert judge("service-network-closed", *harmless, *unknown) == []


def test_an_automation_account_whose_keys_register_workers_is_refused() -> None:
    def account(**given: Any) -> Given:
        return Given("automation:AutomationAccount", "aa", given)

    said = ["automation account aa is opened by its keys: disableLocalAuth is not true."]
    for one in (account(), account(disableLocalAuth=False)):
        assert findings("automation-no-keys", one) == said
        assert judge("service-no-keys", one) == judge("service-network-closed", one) == []
    assert judge("automation-no-keys", account(disableLocalAuth=True)) == []
    assert judge("automation-no-keys", account(disableLocalAuth=UNKNOWN)) == []
