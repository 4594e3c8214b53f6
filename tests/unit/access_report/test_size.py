"""A stack of a thousand apps: what of its report is in a comment, and where the rest is."""

import re
from functools import cache
from typing import Final

from access_report.document import document
from access_report.markdown import LONGEST, comment
from access_report.report import Report
from access_report.sentences import headline
from tests.unit.access_report.previews import (
    GROUP,
    IDENTITY_ID,
    SITE_TYPE,
    VAULT_TYPE,
    State,
    grant,
    identity,
    reference,
    reported,
    state,
)

APPS: Final = 1000
LINK: Final = "https://example.com/run/1"


def _app(number: int) -> list[State]:
    principal = f"0b1ec700-0000-4000-8000-{number:012}"
    id, vault = f"{IDENTITY_ID}-{number}", f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-{number}"
    site = f"{GROUP}/providers/Microsoft.Web/sites/app-{number}"
    runs_as = {"identity": {"type": "UserAssigned"}, "keyVaultReferenceIdentity": id}
    carried = {"name": f"app-{number}", "properties": {"DB": reference("db", f"kv-{number}")}}
    return [
        state(
            VAULT_TYPE,
            f"vault-{number:04}",
            {"vaultName": f"kv-{number}", "properties": {"enableRbacAuthorization": True}},
            id=vault,
        ),
        identity(f"app-{number:04}", id, principal),
        state(SITE_TYPE, f"app-{number:04}", {"name": f"app-{number}", **runs_as}, id=site),
        grant(name=f"grant-{number:04}", principal=principal, scope=vault),
        state("azure-native:web:WebAppApplicationSettings", f"app-{number:04}", carried, id=f"{site}/config"),
    ]


@cache
def _apps() -> tuple[State, ...]:
    return tuple(one for number in range(APPS) for one in _app(number))


@cache
def _told() -> Report:
    return reported([], [*_apps()])


def test_a_comment_on_a_thousand_apps_has_grants_first_whole_sections_and_the_way_to_the_rest() -> None:
    told = _told()
    text = comment(told, LINK)
    assert len(text) <= LONGEST
    assert f"{5 * APPS} creates. Grants: {APPS} added, 0 removed; no secret value in clear" in text
    titles = re.findall(r"^\*\*(.+)\*\*$", text, re.MULTILINE)
    assert titles[0] == "Access that changes"
    rows = sum(line.startswith("| added | identity") for line in text.splitlines())
    assert rows > 200
    assert f"… and {APPS - rows} more." in text
    assert titles == ["Access that changes", "Exposure", "Secrets", "Whoever deploys now also has to"]
    shown = sum(line.startswith("| opened | ") for line in text.splitlines())
    assert f"… and {len(told.exposures) - shown} more." in text
    assert "Too long for a comment" not in text
    assert text.endswith(f"This comment was cut. The full report: {LINK}\n")
    for line in text.splitlines():
        assert not line.startswith("| ") or line.endswith(" |")


def test_a_warning_below_a_thousand_grants_is_in_the_comment_and_what_stays_is_left_out_of_it() -> None:
    states = [one for one in _apps() if one["urn"].rpartition("::")[2] not in ("grant-0000", "grant-0001")]
    more = [grant(name=f"more-{n:04}", scope=f"{GROUP}/more-{n:04}") for n in range(APPS)]
    text = comment(reported(states, [*states, *more]), LINK)
    assert len(text) <= LONGEST
    assert "; 2 references without a grant" in text.splitlines()[1]
    assert "| <code>app-0001</code> | <code>DB</code> | <code>db</code> in <code>vault-0001</code> |" in text
    assert f"Too long for a comment and left out: Access that stays ({APPS - 2})." in text


def test_the_document_on_a_thousand_apps_has_all_of_it() -> None:
    told = document(_told())
    assert [len(told[key]) for key in ("grants", "settings")] == [APPS, APPS]
    assert {one["after"]["cover"] for one in told["settings"]} == {"granted"}


def test_the_role_assignments_of_the_whole_stack_are_told_from_a_quarter_of_a_subscriptions_on() -> None:
    def told(number: int) -> str:
        made = [
            grant(name=f"grant-{one:04}", principal=f"0b1ec700-0000-4000-8000-{one:012}")
            for one in range(number)
        ]
        found = reported([], made)
        assert document(found)["roleAssignments"] == {"before": 0, "after": number}
        return headline(found)

    assert "role assignments" not in told(999)
    assert "; 1,000 role assignments of the 4,000 that a subscription takes." in told(1000)
    assert told(4000).endswith("; 4,000 role assignments of the 4,000 that a subscription takes.")
    assert told(4001).endswith(
        "; 4,001 role assignments of the 4,000 that a subscription takes, which refuses the rest."
    )
