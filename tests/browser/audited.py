"""The audit of a small shop, for the page and the picture: read twice, never, by a stranger, and refused."""

import json
from pathlib import Path

from audit.command_line import main
from tests.unit.audit.stacks import (
    ACCOUNT,
    BUS,
    CLIENT,
    FILES,
    SECOND,
    STRANGER,
    UNTIL,
    blob_row,
    folder_of,
    message_row,
    shop,
    vault_row,
)

PERSON = "developer@example.com"
_UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
_OID = "http://schemas.microsoft.com/identity/claims/objectidentifier"


def page_of_shop(folder: Path) -> Path:
    """The page, written by the command from rows and a state in the folder."""
    developer = {"claim": {_OID: "d0000000-0000-4000-8000-00000000000d", _UPN: PERSON}}
    rows = {
        "AZKVAuditLogs": [
            vault_row("database", at="2026-11-01T00:00:00Z"),
            *[vault_row("database", at=f"2026-11-{day:02}T08:00:00Z") for day in range(2, 29)],
            *[vault_row("payments", by=SECOND, at=f"2026-11-{day:02}T08:00:00Z") for day in range(2, 12)],
            vault_row("mail", who=STRANGER, by="99999999-0000-4000-8000-000000000000"),
            vault_row("payments", status=403, by="", Identity=developer),
        ],
        "StorageBlobLogs": [
            blob_row("GetBlob", "StorageRead", by=FILES),
            blob_row("ListBlobs", "StorageRead", by=FILES, _ResourceId=ACCOUNT),
        ],
        "AZMSRuntimeAuditLogs": [message_row(AuthKey=CLIENT, _ResourceId=BUS, Count=412)],
    }
    state, page = folder / "state.json", folder / "audit.html"
    web = "urn:pulumi:dev::shop::keyless:index:WebApp::shop"
    told = shop({"urn": web, "type": "keyless:index:WebApp"})
    for one in told["deployment"]["resources"]:
        if one["type"].endswith(":RoleAssignment"):
            one |= {"parent": web, "stackTrace": [{"sourcePosition": "project:///__main__.py#14"}]}
    state.write_text(json.dumps(told))
    exported = folder_of(folder / "rows", rows)
    options = ["--state", str(state), "--rows", str(exported), "--format", "html", "--output", str(page)]
    assert main(options, now=lambda: UNTIL) == 0
    return page
