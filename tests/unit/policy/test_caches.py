"""Rules on Azure Managed Redis."""

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

BY_KEYS = "database db is opened by its keys: accessKeysAuthentication is not Disabled."
IN_PLAIN_TEXT = "database db speaks in plain text: clientProtocol is Plaintext."
EVERYWHERE = "Managed Redis cache answers every network: publicNetworkAccess is not Disabled."


def database(**given: object) -> Given:
    return Given("redisenterprise:Database", "db", {"accessKeysAuthentication": "Disabled", **given})


def cache(**given: object) -> Given:
    return Given("redisenterprise:RedisEnterprise", "cache", given)


@pytest.mark.parametrize(
    ("rule", "given", "says"),
    [
        ("redis-no-access-keys", database(accessKeysAuthentication="Enabled"), BY_KEYS),
        ("redis-no-access-keys", database(accessKeysAuthentication=None), BY_KEYS),
        ("redis-encrypted", database(clientProtocol="Plaintext"), IN_PLAIN_TEXT),
        ("redis-network-closed", cache(publicNetworkAccess="Enabled"), EVERYWHERE),
        ("redis-network-closed", cache(), EVERYWHERE),
    ],
)
def test_a_cache_that_keys_open_or_that_speaks_in_plain_text_is_refused(
    rule: str, given: Given, says: str
) -> None:
    assert findings(rule, given) == [says]


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("redis-no-access-keys", database()),
        ("redis-no-access-keys", database(accessKeysAuthentication=UNKNOWN)),
        ("redis-encrypted", database()),
        ("redis-encrypted", database(clientProtocol="Encrypted")),
        ("redis-network-closed", cache(publicNetworkAccess="Disabled")),
        ("redis-network-closed", cache(publicNetworkAccess=UNKNOWN)),
    ],
)
def test_a_cache_that_tokens_alone_open_passes(rule: str, given: Given) -> None:
    assert judge(rule, given) == []
