"""Grants on one key or one certificate of a vault: told by its name, and weighed against the whole vault."""

import pytest

from access_report.comparison import Change
from access_report.report import Report
from components.roles import Role, role_facts
from tests.unit.access_report.previews import APP, VAULT_ID, State, grant, reported


def opened(role: Role, part: str = "") -> State:
    return grant(role_facts(role).guid, scope=f"{VAULT_ID}{part}")


def told(report: Report) -> list[tuple[Change, str, str]]:
    return [(change.change, change.grant.may, str(change.grant.where)) for change in report.grants]


@pytest.mark.parametrize(
    ("role", "part", "may", "where"),
    [
        (
            Role.KEY_VAULT_CRYPTO_USER,
            "/keys/invoices",
            "use keys without reading them",
            "key invoices of key vault vault",
        ),
        (
            Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
            "/keys/backups",
            "wrap and unwrap with keys, and more",
            "key backups of key vault vault",
        ),
        (
            Role.KEY_VAULT_READER,
            "/certificates/partner",
            "see the names of secrets, keys and certificates",
            "certificate partner of key vault vault",
        ),
    ],
)
def test_a_grant_on_one_key_or_certificate_is_told_by_its_name(
    role: Role, part: str, may: str, where: str
) -> None:
    assert told(reported(APP, [*APP, opened(role, part)])) == [(Change.ADDED, may, where)]


def test_the_whole_vault_in_place_of_one_key_and_more_with_a_key_than_before_widen() -> None:
    one, all_ = (opened(Role.KEY_VAULT_CRYPTO_USER, part) for part in ("/keys/invoices", ""))
    assert [change for change, _, _ in told(reported([*APP, one], [*APP, all_]))] == [Change.WIDENED]
    reads, uses = (
        opened(role, "/keys/backups")
        for role in (Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER, Role.KEY_VAULT_CRYPTO_OFFICER)
    )
    assert [change for change, _, _ in told(reported([*APP, uses], [*APP, reads]))] != [Change.WIDENED]
