"""Identities are switched on and off: after each `up` exactly the declared access exists, and no orphan."""

from typing import Any

import pytest

from loop.stack import EngineError
from tests.engine.conftest import SECRETS, SECRETS_USER, Loop

TYPES = {"user-assigned": "UserAssigned", "system-assigned": "SystemAssigned", "none": "None"}
NO_SECRETS: dict[str, Any] = {"secrets": {}}


def the_site(loop: Loop) -> dict[str, Any]:
    (site,) = loop.resources("Microsoft.Web/sites")
    return site


def test_a_stack_keeps_access_through_every_switch_and_leaves_no_orphan(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    """One stack, first with secrets and then without."""
    with subtests.test("a stack with secrets keeps access through every switch"):
        _switch_with_secrets(loop)
    with subtests.test("no identity with secrets is refused before anything changes"):
        _none_is_refused(loop)
    with subtests.test("a stack without secrets switches through every kind of identity"):
        _switch_without_secrets(loop)


def _switch_with_secrets(loop: Loop) -> None:
    outputs = loop.up(identity="user-assigned")
    loop.deliver(outputs)
    shared = loop.shared_identity(outputs["vault_id"])
    by_its_owner = (SECRETS_USER, shared.principal_id, outputs["vault_id"].lower())
    for kind in ("user-assigned", "system-assigned", "existing", "user-assigned"):
        existing = kind == "existing"
        if outputs["identity"] != kind:
            outputs = loop.up(identity=kind, identityId=shared.id if existing else None)

        assert loop.readiness(outputs).ready, kind
        principal = shared.principal_id if existing else outputs["principal_id"]
        assert loop.grants() == {by_its_owner, (SECRETS_USER, principal, outputs["vault_id"].lower())}, kind
        status = loop.app_status(outputs)
        assert [secret["environment_variable"] for secret in status["secrets"]] == sorted(SECRETS), kind
        for secret in status["secrets"]:
            assert secret["reference"]["arrived"], (kind, secret)
            assert secret["client"]["arrived"], (kind, secret)
        assert status["identity"]["object_id"] == principal, kind
        loop.stack.preview("--expect-no-changes")


def _none_is_refused(loop: Loop) -> None:
    before = loop.stack.export()["deployment"]["resources"]

    loop.stack.write_configuration({"identity": "none"})
    with pytest.raises(EngineError, match="identity") as refused:
        loop.stack.up()

    assert "secrets" in str(refused.value)
    assert "pulumi config set identity" in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert loop.stack.export()["deployment"]["resources"] == before


def _switch_without_secrets(loop: Loop) -> None:
    own = loop.stack.outputs()["principal_id"]
    by_its_owner = {grant for grant in loop.grants() if grant[1] != own}
    assert len(by_its_owner) == 1
    for kind in ("user-assigned", "system-assigned", "none", "user-assigned"):
        outputs = loop.up(identity=kind, **NO_SECRETS)

        assert the_site(loop).get("identity", {"type": "None"})["type"] == TYPES[kind], kind
        assert loop.grants() == by_its_owner, kind
        _, *identities = loop.resources("Microsoft.ManagedIdentity/userAssignedIdentities")
        assert len(identities) == (1 if kind == "user-assigned" else 0), kind
        assert (outputs.get("principal_id") is None) == (kind == "none"), kind
        assert (outputs.get("client_id") is not None) == (kind == "user-assigned"), kind
        loop.stack.preview("--expect-no-changes")
