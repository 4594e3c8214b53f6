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


def sql_server(only: object, **more: object) -> Given:
    return Given("sql:Server", "db", {"administrators": {"azureADOnlyAuthentication": only}, **more})


@pytest.mark.parametrize("only", [False, None])
def test_a_sql_server_that_passwords_open_is_refused(only: object) -> None:
    assert findings("sql-no-password", sql_server(only)) == [
        "SQL server db is opened by passwords: administrators.azureADOnlyAuthentication is not true."
    ]


def test_a_sql_server_that_has_a_login_with_a_password_is_refused() -> None:
    assert findings("sql-no-password", sql_server(True, administratorLogin="sa")) == [
        "SQL server db has a login with a password: administratorLogin."
    ]


@pytest.mark.parametrize("only", [False, None])
def test_a_switch_that_lets_passwords_open_a_sql_server_is_refused(only: object) -> None:
    given = Given("sql:ServerAzureADOnlyAuthentication", "db-switch", {"azureADOnlyAuthentication": only})
    assert findings("sql-no-password", given) == [
        "SQL server of db-switch is opened by passwords: azureADOnlyAuthentication is not true."
    ]


@pytest.mark.parametrize("only", [True, UNKNOWN])
def test_a_switch_that_keeps_passwords_out_of_a_sql_server_passes(only: object) -> None:
    given = Given("sql:ServerAzureADOnlyAuthentication", "db-switch", {"azureADOnlyAuthentication": only})
    assert judge("sql-no-password", given) == []


@pytest.mark.parametrize("only", [True, UNKNOWN])
def test_a_sql_server_that_tokens_alone_open_passes(only: object) -> None:
    assert judge("sql-no-password", sql_server(only)) == []


@pytest.mark.parametrize("given", [server(), server(passwordAuth=UNKNOWN), server(passwordAuth="disabled")])
def test_a_server_that_tokens_alone_open_passes(given: Given) -> None:
    assert judge("postgres-no-password", given) == []


def parameter(name: str, value: object) -> Given:
    return Given("dbformysql:Configuration", "db-switch", {"configurationName": name, "value": value})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            Given("dbformysql:Server", "db", {"administratorLogin": "dba"}),
            "MySQL server db has an administrator with a password: administratorLogin is given",
        ),
        (
            Given("dbformysql:Server", "db", {"administratorLoginPassword": UNKNOWN}),
            "MySQL server db has an administrator with a password: administratorLoginPassword is given",
        ),
        (
            parameter("aad_auth_only", "OFF"),
            "MySQL server of db-switch is opened by passwords: aad_auth_only is not ON",
        ),
        (
            parameter("aad_auth_only", None),
            "MySQL server of db-switch is opened by passwords: aad_auth_only is not ON",
        ),
    ],
)
def test_a_mysql_server_with_a_password_is_refused(given: Given, says: str) -> None:
    assert findings("mysql-no-password", given) == [f"{says}."]


def test_a_mysql_server_that_takes_connections_without_tls_is_refused() -> None:
    assert findings("mysql-tls-only", parameter("require_secure_transport", "OFF")) == [
        "MySQL server of db-switch takes connections without TLS: require_secure_transport is not ON."
    ]


@pytest.mark.parametrize("rule", ["mysql-no-password", "mysql-tls-only"])
def test_a_mysql_server_that_tokens_over_tls_alone_open_passes(rule: str) -> None:
    for name in ("aad_auth_only", "require_secure_transport", "wait_timeout"):
        for value in ("ON", "on", UNKNOWN):
            assert judge(rule, parameter(name, value)) == []
    assert judge(rule, Given("dbformysql:Server", "db", {"version": "8.4"})) == []
