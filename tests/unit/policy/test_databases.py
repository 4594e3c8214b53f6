"""Rules on database servers."""

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

NO_PASSWORD = {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled"}
BY_PASSWORDS = "PostgreSQL server db is opened by passwords: authConfig.passwordAuth is not Disabled"
NO_TOKENS = "PostgreSQL server db takes no tokens: authConfig.activeDirectoryAuth is not Enabled"


def server(**changed: object) -> Given:
    return Given("dbforpostgresql:Server", "db", {"authConfig": {**NO_PASSWORD, **changed}})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (server(passwordAuth="Enabled"), BY_PASSWORDS),
        (server(passwordAuth=None), BY_PASSWORDS),
        (server(activeDirectoryAuth="Disabled"), NO_TOKENS),
        (server(activeDirectoryAuth=None), NO_TOKENS),
    ],
)
def test_a_server_that_passwords_open_or_tokens_do_not_is_refused(given: Given, says: str) -> None:
    assert findings("postgres-no-password", given) == [f"{says}."]


@pytest.mark.parametrize("given", [server(), server(passwordAuth=UNKNOWN), server(passwordAuth="disabled")])
def test_a_server_that_tokens_alone_open_passes(given: Given) -> None:
    assert judge("postgres-no-password", given) == []
