"""Every example does what its page says, through the real engine, and leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.engine.conftest import SECRETS_USER
from tests.engine.example_stacks import ExampleStacks


@pytest.fixture
def stacks(engine: Path, cloud: LocalAzure, tmp_path: Path) -> ExampleStacks:
    return ExampleStacks(tmp_path, engine, cloud.environment())


def grants(cloud: LocalAzure) -> set[tuple[str, str, str]]:
    """(role GUID, principal id, lower-cased scope) of every grant but the deployer's own."""
    made = set(leftovers(cloud.azure)["role_assignments"])
    stored = cloud.azure.store.list(type="Microsoft.Authorization/roleAssignments")
    facts = [one.body["properties"] for one in stored if one.id in made]
    return {
        (each["roleDefinitionId"].rpartition("/")[2], each["principalId"], each["scope"].lower())
        for each in facts
    }


def bodies(cloud: LocalAzure, type_: str) -> dict[str, Any]:
    return {one.id.rpartition("/")[2]: one.body for one in cloud.azure.store.list(type=type_)}


def assert_nothing_is_left(cloud: LocalAzure) -> None:
    left = leftovers(cloud.azure)
    assert (left["resources"], left["role_assignments"]) == ([], [])


def test_one_app_in_one_stack(stacks: ExampleStacks, cloud: LocalAzure) -> None:
    stack = stacks.prepare("one-app")
    outputs = stack.up()

    ((role, _, scope),) = grants(cloud)
    assert role == SECRETS_USER
    assert scope.endswith(f"/vaults/{outputs['vault']}")
    assert len(outputs["access"]) == 1
    stack.expect_no_changes()
    stack.destroy()
    assert_nothing_is_left(cloud)
