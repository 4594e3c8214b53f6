"""An identity that was deleted by hand comes back with its grant, and no app is left with the dead one."""

import shlex
from typing import Any

import pytest

from loop.stack import EngineError
from tests.engine.conftest import SECRETS_USER, Loop
from tests.local_azure.arm import Arm, content


def test_an_identity_deleted_by_hand_comes_back_with_its_grant_and_the_app_gets_it_by_the_named_commands(
    loop: Loop,
) -> None:
    outputs = loop.up()
    loop.deliver(outputs)
    before = outputs["client_id"]
    arm = Arm(loop.cloud.azure)
    (identity,) = loop.cloud.azure.store.list(type="Microsoft.ManagedIdentity/userAssignedIdentities")
    arm("DELETE", identity.id)
    (report, *_) = loop.readiness(outputs, seconds=0, refresh=True).references
    assert "was deleted, and there is none" in report.cause
    assert report.remedy.startswith("az webapp identity remove")

    with pytest.raises(EngineError) as refused:
        loop.stack.up("--refresh", "--skip-preview")
    said = refused.value.output
    assert "given     an identity that was deleted and made again: the app still has the dead one" in said
    assert "Traceback" not in said
    (remade,) = loop.cloud.azure.store.list(type="Microsoft.ManagedIdentity/userAssignedIdentities")
    new: dict[str, Any] = remade.body["properties"]
    assert new["clientId"] != before
    assert (SECRETS_USER, new["principalId"], outputs["vault_id"].lower()) in loop.grants()
    (report, *_) = loop.readiness(outputs, seconds=0, refresh=True).references
    assert "another one was made in its place" in report.cause

    (line,) = {line.strip() for line in said.splitlines() if line.strip().startswith("az webapp identity ")}
    for command in line.split(" && "):
        _, _, _, verb, *options = shlex.split(command)
        given = dict(zip(options[::2], options[1::2], strict=True))
        assert given["--name"] == outputs["app_name"]
        assert given["--identities"].lower() == remade.id.lower()
        _attach(arm, outputs["app_id"], given["--identities"], verb)
    loop.stack.up("--refresh", "--skip-preview")

    assert loop.stack.outputs()["client_id"] == new["clientId"]
    assert loop.readiness(outputs, refresh=True).ready
    loop.stack.preview("--refresh", "--expect-no-changes")


def _attach(arm: Arm, app_id: str, identity_id: str, verb: str) -> None:
    """What `az webapp identity remove` and `assign` send."""
    none: dict[str, Any] = {"type": "None"}
    assigned: dict[str, Any] = {"type": "UserAssigned", "userAssignedIdentities": {identity_id: {}}}
    content(arm("PATCH", app_id, {"identity": {"remove": none, "assign": assigned}[verb]}))
