"""Who of the stack got tokens, from rows of Entra's logs in files, and what their absence says."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit.command_line import main
from audit.sign_ins import SEARCHES, SignIns, of_stack
from audit.sources.files import Exported
from components.azure_facts.log_tables import log_tables
from tests.unit.audit.stacks import (
    PRINCIPAL,
    SINCE,
    STRANGER,
    UNTIL,
    folder_of,
    shop,
    sign_in_row,
    stack,
)

IDENTITIES = "AADManagedIdentitySignInLogs"
Rows = dict[str, list[dict[str, Any]]]
Run = Callable[..., tuple[int, str, str]]


def signed_in(path: Path, rows: Rows, *known: str) -> SignIns:
    return of_stack(stack(), Exported(folder_of(path, rows), SINCE, UNTIL).sign_ins(), known)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(rows: Rows, *options: str) -> tuple[int, str, str]:
        state = tmp_path / "state.json"
        state.write_text(json.dumps(shop()))
        folder = folder_of(tmp_path / "rows", rows)
        status = main(["--state", str(state), "--rows", str(folder), *options], now=lambda: UNTIL)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_the_last_sign_in_of_an_identity_is_told_by_resource_and_result(tmp_path: Path) -> None:
    rows = [
        sign_in_row(at="2026-11-18T10:00:00Z", IPAddress="20.0.0.9"),
        sign_in_row(PRINCIPAL.upper()),
        sign_in_row(ResourceDisplayName="Azure Storage"),
        sign_in_row(ResultType="70021"),
        sign_in_row(STRANGER),
        sign_in_row(at="2026-10-01T10:00:00Z"),
    ]
    found = signed_in(tmp_path, {IDENTITIES: rows})
    assert [(one.resource, one.result, one.count, one.last.day, one.addresses) for one in found.found] == [
        ("Azure Key Vault", "0", 2, 20, ("20.0.0.9",)),
        ("Azure Key Vault", "70021", 1, 20, ()),
        ("Azure Storage", "0", 1, 20, ()),
    ]
    assert {one.principal_id for one in found.found} == {PRINCIPAL}
    assert (found.silent, found.elsewhere) == ([], [])


def test_an_identity_without_a_row_is_told_only_where_its_log_has_rows_of_others(tmp_path: Path) -> None:
    found = signed_in(tmp_path, {IDENTITIES: [sign_in_row(STRANGER, at="2026-11-05T00:00:00Z")]})
    assert [(one.principal_id, since) for one, since in found.silent] == [
        (PRINCIPAL, datetime(2026, 11, 5, tzinfo=UTC))
    ]
    # Before it was there, nobody could sign in as it.
    rows = Exported(tmp_path, SINCE, UNTIL).sign_ins()
    ((_, since),) = of_stack(stack(made="2026-11-10T00:00:00Z"), rows).silent
    assert since == datetime(2026, 11, 10, tzinfo=UTC)
    # A refusal is no token.
    rows = [sign_in_row(STRANGER, at="2026-11-05T00:00:00Z"), sign_in_row(ResultType="70021")]
    assert len(signed_in(tmp_path, {IDENTITIES: rows}).silent) == 1
    nothings: list[Rows] = [{}, {IDENTITIES: []}, {"SigninLogs": []}]
    for nothing in nothings:
        (tmp_path / f"{IDENTITIES}.json").unlink(missing_ok=True)
        none = signed_in(tmp_path, nothing)
        assert (none.found, none.silent) == ([], [])
        assert {log.table: log.since for log in none.logs} == dict.fromkeys(SEARCHES)


def test_an_address_outside_of_what_is_known_is_from_elsewhere_and_none_is_where_nobody_says_what_is_known(
    tmp_path: Path,
) -> None:
    rows = [
        sign_in_row(IPAddress="203.0.113.7"),
        sign_in_row(ResourceDisplayName="Azure Storage", IPAddress="198.51.100.9"),
        sign_in_row(ResourceDisplayName="Microsoft Graph", IPAddress="2001:db8::9"),
        sign_in_row(ResourceDisplayName="Nowhere", IPAddress=""),
    ]
    rows += [sign_in_row(ResourceDisplayName="Several", IPAddress=f"203.0.113.{n}") for n in range(9)]
    rows += [sign_in_row(ResourceDisplayName="Several", IPAddress="198.51.100.7")]
    found = signed_in(tmp_path, {"AADServicePrincipalSignInLogs": rows}, "203.0.113.0/24", "2001:db8::/64")
    assert {one.resource: one.addresses for one in found.elsewhere} == {
        "Azure Storage": ("198.51.100.9",),
        "Several": ("198.51.100.7",),
    }
    assert signed_in(tmp_path, {"AADServicePrincipalSignInLogs": rows}).elsewhere == []


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_every_form_tells_sign_ins_refusals_and_who_came_from_elsewhere(run: Run, format: str) -> None:
    rows = [sign_in_row(IPAddress="198.51.100.9"), sign_in_row(ResultType="70021")]
    told = run({IDENTITIES: rows}, "--format", format, "--known-from", "203.0.113.0/24")[1]
    for said in ("Signed in from elsewhere", "Sign-ins refused", "AADSTS70021", "198.51.100.9", "Signed in"):
        assert said in told
    assert "Got no token" not in told


def test_json_says_who_signed_in_and_since_when_each_log_has_rows(run: Run) -> None:
    told = json.loads(run({IDENTITIES: [sign_in_row()]}, "--format", "json")[1])["signIns"]
    assert told["logs"] == dict.fromkeys(SEARCHES) | {IDENTITIES: "2026-11-20T10:00:00Z"}
    assert told["found"] == [
        {
            "who": "identity app",
            "objectId": PRINCIPAL,
            "clientId": "c11e4700-0000-4000-8000-00000000000a",
            "resource": "Azure Key Vault",
            "as": "managedIdentity",
            "result": "0",
            "count": 1,
            "first": "2026-11-20T10:00:00Z",
            "last": "2026-11-20T10:00:00Z",
            "addresses": [],
            "isFromElsewhere": False,
        }
    ]
    assert told["gotNoToken"] == []


def test_a_pipeline_fails_on_a_refused_sign_in_and_on_one_from_elsewhere(run: Run) -> None:
    rows = {IDENTITIES: [sign_in_row(IPAddress="198.51.100.9"), sign_in_row(ResultType="70021")]}
    fail = ("--fail-on", "sign-in-refused", "sign-in-elsewhere", "--explain")
    status, _, said = run(rows, *fail, "--known-from", "203.0.113.0/24")
    assert status == 3
    refused = "identity app was refused a token for Azure Key Vault: AADSTS70021"
    assert f"sign-in-refused: holds\n  - {refused}" in said
    assert "sign-in-elsewhere: holds\n  - identity app signed in from 198.51.100.9" in said
    assert run({IDENTITIES: [sign_in_row(IPAddress="198.51.100.9")]}, *fail)[0] == 0


def test_what_is_no_range_of_addresses_is_refused(run: Run) -> None:
    with pytest.raises(SystemExit):
        run({}, "--known-from", "home")


def test_each_log_that_is_asked_is_a_table_of_the_directory() -> None:
    assert [table for table in SEARCHES if "" not in log_tables()[table].sources] == []
