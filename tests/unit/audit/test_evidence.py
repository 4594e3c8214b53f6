"""What rows say of grants: which is used, which is not, and for how long that could be seen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.evidence import Verdict
from audit.grants import stack_of
from tests.unit.audit.joined import Rows, audited, evidence_of, verdicts
from tests.unit.audit.stacks import (
    ACCOUNT,
    CLIENT,
    CONTAINER,
    FILES,
    FIRST,
    GROUP,
    PRINCIPAL,
    READER,
    SECOND,
    SENDS,
    STRANGER,
    THIRD,
    VAULT,
    assignment,
    blob_row,
    message_row,
    shop,
    stack,
    vault_row,
)


def activity(target: str, at: str, verb: str = "WRITE", status: str = "Success") -> dict[str, str]:
    """https://learn.microsoft.com/azure/azure-monitor/reference/tables/azureactivity"""
    return {
        "TimeGenerated": at,
        "_ResourceId": f"{target}/providers/Microsoft.Insights/diagnosticSettings/keyless",
        "OperationNameValue": f"MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/{verb}",
        "ActivityStatusValue": status,
    }


def test_a_grant_is_used_by_the_rows_that_name_its_assignment_and_no_other_is(tmp_path: Path) -> None:
    rows: Rows = {
        "AZKVAuditLogs": [
            vault_row("database", at="2026-11-01T00:00:00Z"),
            vault_row("database", at="2026-11-20T08:30:00Z", CallerIpAddress="20.0.0.9"),
            vault_row("payments", by=SECOND, at="2026-11-03T00:00:00Z"),
        ]
    }
    found = audited(tmp_path, rows)
    used = evidence_of(found, FIRST)
    assert (used.verdict, used.count, used.is_certain) == (Verdict.USED, 2, True)
    assert used.last == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert used.parts == {"/secrets/database": 2}
    assert used.actions == {"Microsoft.KeyVault/vaults/secrets/getSecret/action"}
    assert [use.addresses for use in used.uses] == [("20.0.0.1", "20.0.0.9")]
    assert evidence_of(found, SECOND).count == 1
    unused = evidence_of(found, THIRD)
    assert (unused.verdict, unused.uses, unused.days) == (Verdict.UNUSED, [], 30)
    assert unused.how == "its first row"
    assert (found.unknown, found.refused, found.unread, found.elsewhere) == ([], [], [], 0)


def test_no_row_is_evidence_only_for_as_long_as_log_and_grant_were_there(tmp_path: Path) -> None:
    later = {"AZKVAuditLogs": [vault_row(at="2026-11-21T00:00:00Z")]}
    unseen = evidence_of(audited(tmp_path / "log", later), THIRD)
    assert (unseen.verdict, unseen.days) == (Verdict.UNSEEN, 10)

    whole: Rows = {"AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z")]}
    young = stack(made="2026-11-25T00:00:00Z")
    unseen = evidence_of(audited(tmp_path / "grant", whole, young), THIRD)
    assert (unseen.verdict, unseen.days) == (Verdict.UNSEEN, 6)

    unlogged = evidence_of(audited(tmp_path / "none", {"StorageBlobLogs": []}), THIRD)
    assert (unlogged.verdict, unlogged.logged_for) == (Verdict.NOT_LOGGED, timedelta())


def test_a_setting_that_was_deleted_meanwhile_ends_what_earlier_rows_are_evidence_of(tmp_path: Path) -> None:
    rows: Rows = {
        "AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z")],
        "AzureActivity": [
            activity(VAULT, "2026-11-10T00:00:00Z", "DELETE"),
            activity(VAULT, "2026-11-16T00:00:00Z"),
            activity(VAULT, "2026-11-29T00:00:00Z", status="Failure"),
        ],
    }
    unseen = evidence_of(audited(tmp_path / "deleted", rows), THIRD)
    assert (unseen.verdict, unseen.days) == (Verdict.UNSEEN, 15)
    assert unseen.how == "the activity log, when its setting was written"

    # Deleted last of all: nobody can say that it is on again.
    rows["AzureActivity"] = [activity(VAULT, "2026-11-10T00:00:00Z", "DELETE")]
    gone = evidence_of(audited(tmp_path / "gone", rows), THIRD)
    assert (gone.verdict, gone.days) == (Verdict.NOT_LOGGED, 0)
    assert gone.how == "its setting was deleted, and no row says that there is another"

    # A row that came after that says so, for the time since.
    rows["AZKVAuditLogs"] = [vault_row(at="2026-11-21T00:00:00Z")]
    again = evidence_of(audited(tmp_path / "again", rows), THIRD)
    assert (again.verdict, again.days, again.how) == (Verdict.UNSEEN, 10, "its first row")
    rows["AZKVAuditLogs"] = [vault_row(at="2026-11-01T00:00:00Z")]

    # Written again over one that was there: nothing was missed.
    rows["AzureActivity"] = [activity(VAULT, "2026-11-16T00:00:00Z")]
    assert evidence_of(audited(tmp_path / "updated", rows), THIRD).verdict is Verdict.UNUSED


def test_a_row_that_names_no_assignment_is_the_use_of_each_grant_that_may_have_let_it_through(
    tmp_path: Path,
) -> None:
    found = audited(
        tmp_path, {"AZMSRuntimeAuditLogs": [message_row(), message_row("ReceiveMessage", Count=2)]}
    )
    sent = evidence_of(found, SENDS)
    assert (sent.verdict, sent.count, sent.is_certain) == (Verdict.USED, 7, False)
    # Nothing of the stack lets this application receive, so something else does.
    assert [(use.operation, use.app_id, use.count) for use in found.unknown] == [
        ("ReceiveMessage", CLIENT, 2)
    ]


def test_what_was_done_with_a_write_role_is_told_by_actions(tmp_path: Path) -> None:
    read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    rows: Rows = {
        "StorageBlobLogs": [
            blob_row("GetBlob", "StorageRead", action=read),
            blob_row("GetBlob", "StorageRead"),
        ]
    }
    used = evidence_of(audited(tmp_path, rows), FILES)
    assert used.actions == {read}
    assert used.parts == {"/blobservices/default/containers/reports": 2}
    assert used.of.grant.where.name == "reports of storage account files"

    rows["StorageBlobLogs"].append(blob_row("NewVerb", "StorageNovelty"))
    assert evidence_of(audited(tmp_path / "novel", rows), FILES).actions is None


def test_what_is_let_through_by_a_grant_made_elsewhere_is_an_unknown_caller(tmp_path: Path) -> None:
    foreign = "99999999-0000-4000-8000-000000000000"
    rows: Rows = {
        "AZKVAuditLogs": [vault_row(who=STRANGER, by=foreign), vault_row("mail", by=foreign)],
    }
    found = audited(tmp_path, rows)
    assert {(use.principal_id, use.part, use.assignment) for use in found.unknown} == {
        (STRANGER, "/secrets/database", foreign),
        (PRINCIPAL, "/secrets/mail", foreign),
    }
    assert [one for one in found.evidence if one.uses] == []


def test_the_same_name_in_another_scope_is_another_assignment(tmp_path: Path) -> None:
    other = f"/subscriptions/x/providers/Microsoft.Authorization/roleAssignments/{FIRST}"
    found = audited(tmp_path, {"AZKVAuditLogs": [vault_row(by=other)]})
    assert evidence_of(found, FIRST).uses == []
    assert [use.assignment_id for use in found.unknown] == [other.lower()]


def test_a_refusal_is_no_use_and_is_told_beside_the_grants_of_whom_it_met(tmp_path: Path) -> None:
    rows: Rows = {
        "AZKVAuditLogs": [
            vault_row("mail", status=403, by=""),
            vault_row("mail", status=403, by="", who=STRANGER),
            vault_row("mail", status=401, by="", who=""),
        ]
    }
    found = audited(tmp_path, rows)
    assert [(use.principal_id, use.count) for use in found.refused] == [(PRINCIPAL, 1), (STRANGER, 1)]
    assert [use.principal_id for use in evidence_of(found, THIRD).refused] == [PRINCIPAL]
    # Neither a grant on another secret was met, nor a role that has nothing to do with secrets.
    assert (evidence_of(found, FIRST).refused, evidence_of(found, READER).refused) == ([], [])
    assert [one for one in found.evidence if one.uses] == []
    assert found.unknown == []


def test_a_role_that_leaves_no_rows_has_no_log_of_its_kind(tmp_path: Path) -> None:
    found = audited(tmp_path, {"AZKVAuditLogs": [vault_row()]})
    one = evidence_of(found, READER)
    assert (one.verdict, one.of.kinds, one.how) == (Verdict.NO_LOG, (), "Azure has no log of this kind")


def test_a_grant_on_a_group_is_unused_only_where_all_in_it_is_logged(tmp_path: Path) -> None:
    wide = "7a000000-0000-4000-8000-000000000000"
    known = stack(assignment(wide, "Key Vault Secrets Officer", GROUP))
    rows: Rows = {"AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z")]}
    assert evidence_of(audited(tmp_path, rows, known), wide).verdict is Verdict.UNUSED
    known = stack(assignment(wide, "Storage Blob Data Reader", GROUP))
    assert evidence_of(audited(tmp_path, rows, known), wide).verdict is Verdict.NOT_LOGGED


def test_uses_of_resources_that_are_of_another_stack_are_counted_and_left_out(tmp_path: Path) -> None:
    rows: Rows = {"AZKVAuditLogs": [vault_row(_ResourceId=f"{VAULT}-of-others", who=STRANGER)]}
    found = audited(tmp_path, rows)
    assert (found.elsewhere, found.unknown) == (1, [])


def test_rows_of_a_shape_that_is_not_known_are_counted_and_named(tmp_path: Path) -> None:
    rows: Rows = {
        "AZKVAuditLogs": [vault_row(), {"novel": 1}, vault_row(HttpStatusCode="none")],
        "AzureMetrics": [{"x": 1}, {"x": 2}],
    }
    found = audited(tmp_path, rows)
    (tmp_path / "AZKVAuditLogs.broken.json").write_text('{"TimeGenerated": ')
    assert {(one.table, one.why, one.count) for one in found.unread} == {
        ("AZKVAuditLogs", "without the id of a resource of its kind", 1),
        ("AZKVAuditLogs", "without a result", 1),
        ("AzureMetrics", "a table that no query asks for", 2),
    }
    assert evidence_of(found, FIRST).count == 1
    found = audited(tmp_path, {})
    assert sum(one.count for one in found.unread if one.table == "AZKVAuditLogs") == 3


@pytest.mark.parametrize("row", [{"novel": 1}, vault_row("mail", by=THIRD, HttpStatusCode="none")])
def test_rows_that_could_not_be_read_may_be_the_use_of_any_grant_of_their_table(
    tmp_path: Path, row: dict[str, object]
) -> None:
    found = audited(tmp_path, {"AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z"), row]})
    of_third = evidence_of(found, THIRD)
    assert (of_third.verdict, of_third.days) == (Verdict.NOT_LOGGED, 0)
    assert of_third.how == "some of its rows could not be joined"
    assert evidence_of(found, FIRST).verdict is Verdict.USED
    assert evidence_of(found, FIRST).days == 0


def test_what_a_vault_tells_event_grid_is_nobodys_use_and_hides_none(tmp_path: Path) -> None:
    """https://learn.microsoft.com/azure/key-vault/general/logging: they have the names of events."""
    told = vault_row(OperationName="SecretNearExpiryEventGridNotification", HttpStatusCode=None)
    found = audited(tmp_path, {"AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z"), told]})
    assert (found.unread, evidence_of(found, THIRD).verdict) == ([], Verdict.UNUSED)


@pytest.mark.parametrize("since", ["2026-11-15", "2026-11-20"])
def test_rows_outside_the_time_that_is_asked_about_are_not_looked_at(tmp_path: Path, since: str) -> None:
    rows: Rows = {
        "AZKVAuditLogs": [vault_row(at="2026-11-10T00:00:00Z"), vault_row(at="2026-12-02T00:00:00Z")]
    }
    found = audited(tmp_path, rows, since=datetime.fromisoformat(f"{since}T00:00:00+00:00"))
    assert [one for one in found.evidence if one.uses] == []


def test_a_grant_names_the_component_and_the_line_that_made_it() -> None:
    web = "urn:pulumi:dev::shop::keyless:index:WebApp::web"
    around = {
        "urn": web,
        "type": "keyless:index:WebApp",
        "stackTrace": [{"sourcePosition": "project:///__main__.py#14"}],
    }
    inside = assignment(
        "8a000000-0000-4000-8000-000000000000",
        "Reader",
        VAULT,
        parent=web,
        where=(
            "components/access.py#140",
            "components/links/grants.py#199",
            "",
            "apps/orders.py#31",
            "__main__.py#14",
            "../../venv/lib/python3.11/site-packages/pulumi/runtime/stack.py#1",
            ".keyless/engine/bin/pulumi-language-python-exec#188",
        ),
    )
    known = stack_of(shop(around, inside))
    (one,) = [one for one in known.grants if one.name == inside["urn"].rpartition(":")[2]]
    assert one.component == "WebApp web"
    assert str(one.line) == "apps/orders.py:31, called from __main__.py:14"

    # A program in another language tells the line of the component alone.
    elsewhere = {
        **inside,
        "stackTrace": [{"sourcePosition": "project:///../keyless/components/access.py#140"}],
    }
    known = stack_of(shop(around, elsewhere))
    assert [str(one.line) for one in known.grants if one.component == "WebApp web"] == ["__main__.py:14"]
    assert {one.line for one in stack().grants} == {None}


def test_a_grant_has_the_ids_that_azure_gave_it() -> None:
    (one,) = [one for one in stack().grants if one.name == FILES]
    assert (one.principal_id, one.client_id, one.scope) == (PRINCIPAL, CLIENT, CONTAINER.lower())
    assert [kind.name for kind in one.kinds] == ["blobs"]
    assert one.holds(f"{CONTAINER}/blobs/x")
    assert not one.holds(ACCOUNT)
    assert one.made == datetime(2026, 10, 1, 0, 0, 0, 123456, tzinfo=UTC)


def test_every_grant_of_the_stack_has_one_verdict(tmp_path: Path) -> None:
    found = audited(tmp_path, {"AZKVAuditLogs": [vault_row(at="2026-11-01T00:00:00Z")]})
    assert verdicts(found) == [
        ("Service Bus namespace bus", "not logged"),
        ("container reports of storage account files", "not logged"),
        ("resource group rg-shop", "no log of this kind"),
        ("secret database of key vault vault", "used"),
        ("secret mail of key vault vault", "never used"),
        ("secret payments of key vault vault", "never used"),
    ]
