"""A lock is removed first (G2); a protected vault stays until somebody says otherwise (P12)."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.locks import ManagementLockClient

from local_azure.authorization.locks import LOCKS
from local_azure.constants import SUBSCRIPTION_ID
from loop.down import down
from loop.stack import EngineError
from tests.engine.conftest import Loop


def delete_vault_by_hand(loop: Loop, outputs: dict[str, Any]) -> None:
    vaults: Any = KeyVaultManagementClient(loop.session.credential, SUBSCRIPTION_ID).vaults
    vaults.delete(outputs["resource_group"], outputs["vault_name"])


def test_destroy_removes_the_lock_first(loop: Loop) -> None:
    outputs = loop.up(deleteLock=True)
    client: Any = ManagementLockClient(loop.session.credential, SUBSCRIPTION_ID)
    (lock,) = client.management_locks.list_at_resource_group_level(outputs["resource_group"])
    assert (lock.level, lock.name) == ("CanNotDelete", "keyless-lock")
    with pytest.raises(HttpResponseError) as refused:
        delete_vault_by_hand(loop, outputs)
    assert (refused.value.status_code, refused.value.error and refused.value.error.code) == (
        409,
        "ScopeLocked",
    )
    loop.stack.preview("--expect-no-changes")

    loop.stack.destroy()

    left = loop.session.control("/leftovers")
    assert (left["resources"], left["role_assignments"]) == ([], [])
    assert loop.resources(LOCKS) == []


def test_under_a_lock_access_can_be_given_and_is_taken_only_without_it(loop: Loop) -> None:
    loop.up(deleteLock=True, secrets={}, secretReaders={}, secretOfficers={})
    loop.up(deleteLock=True)
    before = loop.assignments()
    with pytest.raises(EngineError, match="ScopeLocked"):
        loop.up(deleteLock=True, secretReaders={})
    assert loop.assignments() == before

    loop.up(deleteLock=False)
    loop.up(secretReaders={})
    assert len(loop.assignments()) == len(before) - 1


def test_a_protected_vault_refuses_to_be_replaced_and_destroyed_with_a_clear_way_out(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    loop.up(protect=True)
    with subtests.test("a change that would replace it is refused before anything changes"):
        declared = loop.stack.export()["deployment"]["resources"]
        loop.stack.write_configuration({"protect": True, "location": "northeurope"})
        with pytest.raises(EngineError, match="protect"):
            loop.stack.up()
        assert loop.stack.export()["deployment"]["resources"] == declared
    before = loop.session.control("/leftovers")
    loop.stack.write_configuration({"protect": True})

    with pytest.raises(EngineError) as refused:
        loop.stack.destroy()

    assert "keyvault:Vault::keyless" in refused.value.output
    assert "cannot be deleted" in refused.value.output
    assert "protect" in refused.value.output
    assert loop.session.control("/leftovers") == before

    assert down(loop.session) == 1
    said = loop.said()
    assert "protected, so nothing is destroyed: urn:pulumi:local::keyless" in said
    assert "pulumi config set protect false --stack local && make up && make down" in said
    assert loop.session.control("/leftovers") == before

    # People still come and go.
    loop.up(protect=True, secretReaders={})
    # The way out that docs/guides/life-cycle.md gives: on the record, and then gone.
    loop.up(protect=False)
    loop.stack.destroy()
    assert loop.session.control("/leftovers")["resources"] == []
