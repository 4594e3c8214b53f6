"""Rules on what is open to everybody."""

from typing import Any

import pytest

from policy.rules.exposure import RULES
from tests.unit.policy.apps import site
from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

HALVES = ["0.0.0.0/1", "128.0.0.0/1"]
OWN = ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"]
NETWORKS = "network-not-everybody"


def vault(ranges: list[str] | str) -> Given:
    rules = ranges if isinstance(ranges, str) else [{"value": one} for one in ranges]
    return Given(
        "keyvault:Vault", "kv", {"properties": {"networkAcls": {"defaultAction": "Deny", "ipRules": rules}}}
    )


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        (HALVES, "100% of all addresses, by 0.0.0.0/1, 128.0.0.0/1"),
        (["0.0.0.0/0"], "100% of all addresses, by 0.0.0.0/0"),
        (["::/1", "8000::/1"], "100% of all addresses, by ::/1, 8000::/1"),
        (["2000::/3"], "100% of all addresses, by 2000::/3"),
        (["1.0.0.0-254.255.255.255"], "99% of all addresses, by 1.0.0.0-254.255.255.255"),
        (
            [f"{n * 16}.0.0.0/4" for n in range(1, 6)],
            "31% of all addresses, by 16.0.0.0/4, 32.0.0.0/4, 48.0.0.0/4 and 2 more",
        ),
        (
            ["64.0.0.0/2", *OWN],
            "25% of all addresses, by 64.0.0.0/2, 203.0.113.0/24, 2001:db8::/32 and 1 more",
        ),
    ],
)
def test_ranges_that_cover_much_of_the_internet_are_refused_however_they_are_cut(
    ranges: list[str], says: str
) -> None:
    assert findings(NETWORKS, vault(ranges)) == [f"properties.networkAcls.ipRules of kv let in {says}."]


@pytest.mark.parametrize("ranges", [OWN, [], ["64.0.0.0/4", "64.0.0.0/4"], [UNKNOWN, "AzureCloud"], UNKNOWN])
def test_ones_own_addresses_are_let_in(ranges: Any) -> None:
    assert judge(NETWORKS, vault(ranges)) == []


def test_how_much_is_too_much_can_be_configured() -> None:
    assert judge(NETWORKS, vault(["64.0.0.0/2"]), config={"largestShare": 0.3}) == []
    assert len(judge(NETWORKS, vault(["64.0.0.0/8"]), config={"largestShare": 0.001})) == 1


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (
            Given(
                "storage:StorageAccount",
                "st",
                {"networkRuleSet": {"ipRules": [{"iPAddressOrRange": one} for one in HALVES]}},
            ),
            "networkRuleSet.ipRules of st",
        ),
        (
            Given(
                "containerregistry:Registry",
                "cr",
                {"networkRuleSet": {"ipRules": [{"iPAddressOrRange": one} for one in HALVES]}},
            ),
            "networkRuleSet.ipRules of cr",
        ),
        (
            Given(
                "search:Service", "se", {"networkRuleSet": {"ipRules": [{"value": one} for one in HALVES]}}
            ),
            "networkRuleSet.ipRules of se",
        ),
        (
            site(
                "stage",
                siteConfig={
                    "scmIpSecurityRestrictions": [{"ipAddress": one, "action": "Allow"} for one in HALVES]
                },
            ),
            "siteConfig.scmIpSecurityRestrictions of stage",
        ),
        (
            Given(
                "app:ContainerApp",
                "api",
                {
                    "configuration": {
                        "ingress": {
                            "ipSecurityRestrictions": [
                                {"ipAddressRange": one, "action": "Allow"} for one in HALVES
                            ]
                        }
                    }
                },
            ),
            "configuration.ingress.ipSecurityRestrictions of api",
        ),
    ],
)
def test_two_halves_are_refused_in_every_service(given: Given, where: str) -> None:
    assert findings(NETWORKS, given) == [f"{where} let in 100% of all addresses, by 0.0.0.0/1, 128.0.0.0/1."]


def test_what_a_restriction_denies_lets_nobody_in() -> None:
    denied = site(siteConfig={"ipSecurityRestrictions": [{"ipAddress": "0.0.0.0/0", "action": "Deny"}]})
    assert judge(NETWORKS, denied) == []


def firewall_rule(name: str, first: str, last: str, server: Any = "sql-shop", **follows: Any) -> Given:
    props = {"serverName": server, "startIpAddress": first, "endIpAddress": last}
    return Given("sql:FirewallRule", name, props, **follows)


def test_the_firewall_rules_of_one_server_count_together() -> None:
    low = firewall_rule("low", "0.0.0.0", "127.255.255.255")
    high = firewall_rule("high", "128.0.0.0", "255.255.255.255")
    rule = "firewall-rules-not-everybody"
    assert findings(rule, low, high) == [
        "the firewall rules high, low let in 100% of all addresses, "
        "by 0.0.0.0-127.255.255.255, 128.0.0.0-255.255.255.255."
    ]
    assert findings(rule, low) == [
        "the firewall rule low let in 50% of all addresses, by 0.0.0.0-127.255.255.255."
    ]
    eighth = firewall_rule("one", "0.0.0.0", "31.255.255.255")
    other = firewall_rule("two", "32.0.0.0", "63.255.255.255", "sql-other")
    assert judge(rule, eighth, other) == []
    servers = [Given("sql:Server", name, {}) for name in ("a", "b")]
    unnamed = [
        firewall_rule(name, first, last, UNKNOWN, follows={"serverName": [server]})
        for name, first, last, server in (
            ("one", "0.0.0.0", "31.255.255.255", servers[0]),
            ("two", "32.0.0.0", "63.255.255.255", servers[1]),
        )
    ]
    assert judge(rule, *servers, *unnamed) == []
    azure = firewall_rule("azure", "0.0.0.0", "0.0.0.0")
    assert judge(rule, azure, firewall_rule("later", UNKNOWN, UNKNOWN)) == []


@pytest.mark.parametrize("origin", ["*", "https://*", "http://*"])
@pytest.mark.parametrize(
    ("type_", "props", "where"),
    [
        (
            "web:WebApp",
            {"siteConfig": {"cors": {"allowedOrigins": ["https://a.example", "X"]}}},
            "siteConfig.cors",
        ),
        ("web:WebAppSlot", {"siteConfig": {"cors": {"allowedOrigins": ["X"]}}}, "siteConfig.cors"),
        (
            "app:ContainerApp",
            {"configuration": {"ingress": {"corsPolicy": {"allowedOrigins": ["X"]}}}},
            "configuration.ingress.corsPolicy",
        ),
        (
            "storage:BlobServiceProperties",
            {"cors": {"corsRules": [{"allowedOrigins": ["X"]}]}},
            "cors.corsRules",
        ),
        ("cosmosdb:DatabaseAccount", {"cors": [{"allowedOrigins": "https://a.example,X"}]}, "cors"),
    ],
)
def test_every_origin_is_refused_and_named_ones_are_not(
    type_: str, props: dict[str, Any], where: str, origin: str
) -> None:
    assert findings("cors-named-origins", Given(type_, "shop", _replaced(props, origin))) == [
        f"{where} of shop lets in the origin {origin}."
    ]
    assert judge("cors-named-origins", Given(type_, "shop", _replaced(props, "https://shop.example"))) == []


def _replaced(value: Any, origin: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, origin) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_replaced(item, origin) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value.replace("X", origin)


@pytest.mark.parametrize("slot", ["", "stage"])
def test_a_debugger_from_afar_is_refused(slot: str) -> None:
    debugged = site(slot, siteConfig={"remoteDebuggingEnabled": True})
    assert findings("site-no-remote-debugging", debugged) == [
        f"siteConfig.remoteDebuggingEnabled of site {slot or 'app'} is true."
    ]
    for value in (False, None, UNKNOWN):
        assert (
            judge("site-no-remote-debugging", site(slot, siteConfig={"remoteDebuggingEnabled": value})) == []
        )


def test_every_rule_on_exposure_is_asked_here() -> None:
    assert {rule.id for rule in RULES} == {
        NETWORKS,
        "firewall-rules-not-everybody",
        "cors-named-origins",
        "site-no-remote-debugging",
    }
