"""Pulumi.yaml, the stack files and the settings say the same."""

import re

import pytest

from components import KeylessWebAppArgs
from local_azure import constants
from settings import Settings, read_configuration
from settings.model import DEFAULTS, KEYS
from tests.unit.program.mocked_engine import DECLARED, PROJECT, ROOT, SIGNED_IN, Configure, stack_file

STACKS = ("local", "dev", "staging", "prod")
TYPES = {"string": str, "boolean": bool, "integer": int, "object": dict}


def test_the_program_reads_every_declared_key_and_declares_every_key_it_reads() -> None:
    assert sorted(DECLARED) == sorted(KEYS)


def test_every_key_is_an_argument_of_the_app_or_says_what_and_where_it_is() -> None:
    spelt = {"protect": "protect_vault"}
    arguments = {spelt.get(name, name) for key, name in KEYS.items() if key not in {"name", *SIGNED_IN}}
    assert arguments - set(KeylessWebAppArgs.__annotations__) == set()


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_has_a_type_a_description_and_the_default_that_the_program_uses(key: str) -> None:
    declared = DECLARED[key]
    assert set(declared) == {"type", "description", "default"}
    assert declared["default"] == getattr(DEFAULTS, KEYS[key])
    assert type(declared["default"]) is TYPES[declared["type"]]
    assert re.fullmatch(r"[A-Z].{20,}\.", declared["description"], re.DOTALL)


def test_the_program_runs_in_the_projects_own_virtual_environment() -> None:
    assert PROJECT["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_file_is_accepted(stack: str, configure: Configure) -> None:
    configure(stack_file(stack), stack)
    assert read_configuration()[0].tags == {"environment": stack}


def test_a_stack_without_a_file_gets_the_safe_defaults(configure: Configure) -> None:
    configure({}, "new")
    assert read_configuration()[0] == Settings(
        location="westeurope", size="B1", identity="user-assigned", purge_protection=True,
        soft_delete_retention_days=90, manage_vault_access=True,
        secrets={}, secret_readers={}, secret_officers={},
    )  # fmt: skip


def test_the_local_stack_is_bound_to_the_local_azure() -> None:
    local = stack_file("local")
    assert (local["tenantId"], local["subscriptionId"]) == (constants.TENANT_ID, constants.SUBSCRIPTION_ID)
    assert local["secretOfficers"] == {constants.VAULT_OFFICERS.name: constants.VAULT_OFFICERS.object_id}
    assert local["secretReaders"] == {constants.VAULT_READERS.name: constants.VAULT_READERS.object_id}


def test_the_local_and_dev_stacks_can_be_rebuilt_the_same_day(configure: Configure) -> None:
    for stack in ("local", "dev"):
        configure(stack_file(stack), stack)
        settings = read_configuration()[0]
        assert (settings.purge_protection, settings.soft_delete_retention_days) == (False, 7)


@pytest.mark.parametrize(("stack", "days"), [("staging", 30), ("prod", 90)])
def test_staging_and_production_keep_what_is_deleted(stack: str, days: int, configure: Configure) -> None:
    configure(stack_file(stack), stack)
    settings = read_configuration()[0]
    assert (settings.purge_protection, settings.soft_delete_retention_days) == (True, days)


def test_only_productions_vault_refuses_to_be_destroyed(configure: Configure) -> None:
    protected: list[str] = []
    for stack in STACKS:
        configure(stack_file(stack), stack)
        protected += [stack] if read_configuration()[0].protect else []
    assert protected == ["prod"]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_no_committed_stack_pretends_to_know_your_tenant_subscription_or_groups(stack: str) -> None:
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text()
    assert not {"tenantId", "subscriptionId", "secretReaders", "secretOfficers"} & set(stack_file(stack))
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text)
