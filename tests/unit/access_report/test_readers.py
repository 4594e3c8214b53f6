"""Which identity reads an app's references: another one is told, and may get at more."""

from typing import Any

import pytest

from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import (
    GROUP,
    IDENTITY_ID,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    site,
    urn,
    vault,
)
from tests.unit.access_report.previews import IDENTITY_TYPE as IDENTITY
from tests.unit.access_report.test_schema import problems

OTHER_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-other"
ELSEWHERE = "/subscriptions/x/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-theirs"
ONE = settings({"DB": reference("db-password")})
BASE = [
    identity(),
    identity("other", OTHER_ID, "0b1ec700-0000-4000-8000-0000000000bb"),
    vault(),
    grant(),
    ONE,
]
BOTH = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": [IDENTITY_ID, OTHER_ID, ELSEWHERE]}
READS = "reads its references as another identity, now and before:"


def app(reader: Any = IDENTITY_ID, **more: Any) -> State:
    return site(keyVaultReferenceIdentity=reader, identity=BOTH, **more)


def told(report: Report) -> list[str]:
    """Of readers, what happens."""
    lines = [f"{event.kind} {event.name} {event.text}" for event in report.events]
    return [line for line in lines if READS in line]


@pytest.mark.parametrize(
    ("reader", "now"),
    [
        (OTHER_ID, "identity other"),
        (OTHER_ID.upper(), "identity other"),
        (ELSEWHERE, "identity id-theirs"),
        ("SystemAssigned", "system-assigned identity of app"),
        (UNKNOWN, "identity that only the update will know"),
    ],
)
def test_another_identity_that_reads_the_references_is_told_and_counts_as_wider(
    reader: str, now: str
) -> None:
    report = reported([*BASE, app()], [*BASE, app(reader)])
    sentence = f"app app {READS} {now}, identity app"
    assert told(report) == [sentence]
    assert sentence in reasons(report, Condition.WIDER_ACCESS)
    assert reasons(report, Condition.REMOVED_PROTECTION) == []
    assert problems(document(report)) == []
    assert READS in comment(report)
    assert "1 app with another reader" in comment(report)


def test_a_reader_that_is_followed_to_the_same_identity_is_no_other() -> None:
    later = app(UNKNOWN)
    later["propertyDependencies"] = {"keyVaultReferenceIdentity": [urn(IDENTITY, "app")]}
    for same in (app(IDENTITY_ID.upper()), later):
        assert told(reported([*BASE, app()], [*BASE, same])) == []


def test_an_identity_that_comes_with_the_update_is_told_by_what_it_gets() -> None:
    first = [one for one in BASE if one["urn"] != urn(IDENTITY, "other")]
    assert told(reported([*first, app()], [*BASE, app(OTHER_ID)])) == []
    own = {"identity": {"type": "SystemAssigned"}, "keyVaultReferenceIdentity": "SystemAssigned"}
    assert told(reported([*BASE, site()], [*BASE, site(**own)])) == []


def test_an_app_that_loses_its_reader_gets_at_nothing_more() -> None:
    report = reported([*BASE, app()], [*BASE, site(identity={"type": "None"})])
    assert f"app app {READS} nobody, identity app" in told(report)
    assert [one for one in reasons(report, Condition.WIDER_ACCESS) if READS in one] == []


def test_a_site_config_says_it_too_and_without_references_only_what_is_said_anew_is_told() -> None:
    within = site(
        keyVaultReferenceIdentity=None, identity=BOTH, siteConfig={"keyVaultReferenceIdentity": OTHER_ID}
    )
    assert told(reported([*BASE, app()], [*BASE, within])) == [
        f"app app {READS} identity other, identity app"
    ]
    without = [one for one in BASE if one is not ONE]
    assert len(told(reported([*without, app()], [*without, app(OTHER_ID)]))) == 1
    system = site(keyVaultReferenceIdentity=None, identity={"type": "SystemAssigned"})
    nobody = site(keyVaultReferenceIdentity=None, identity={"type": "None"})
    assert told(reported([*without, nobody], [*without, system])) == []
