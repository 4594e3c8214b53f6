"""The check for drift: what somebody changed by hand is told, and nothing is changed by telling."""

import json
from pathlib import Path

from azure.mgmt.authorization import AuthorizationManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from loop.preview import CHANGES, Target, Wanted, preview
from tests.engine.conftest import Loop


def test_a_grant_that_was_taken_away_by_hand_is_drift_and_an_untouched_stack_is_none(
    loop: Loop, tmp_path: Path
) -> None:
    loop.up()
    wanted, out = Wanted(expect_no_changes=True, refresh=True), tmp_path / "drift"

    def check() -> int:
        return preview(Target.of(loop.stack), out, loop.session.terminal, wanted)

    assert check() == 0
    assert json.loads((out / "report.json").read_text())["operations"] == {}
    (grant,) = [one for one in loop.assignments() if one["properties"]["principalType"] == "ServicePrincipal"]
    client = AuthorizationManagementClient(loop.session.credential, SUBSCRIPTION_ID)
    client.role_assignments.delete_by_id(grant["id"])
    before = loop.stack.export()

    assert check() == CHANGES

    text = (out / "report.md").read_text()
    assert "Grants: 1 added, 0 removed" in text
    (added,) = [line for line in text.splitlines() if line.startswith("| added |")]
    assert "(<code>Key Vault Secrets User</code>)" in added
    assert loop.stack.export() == before
    assert grant["id"] not in {one["id"] for one in loop.assignments()}
