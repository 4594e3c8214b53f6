"""Azure's built-in roles, weighed against each other by what they allow."""

from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from access_report.roles import Role, built_in
from components.azure_facts.actions import covered, named_by
from components.azure_facts.roles import Permissions, built_in_roles
from tests.unit.access_report.hundred_roles import NAMES


@cache
def roles() -> list[Role]:
    """The hundred that matter."""
    return [role(name) for name in NAMES]


@cache
def covers() -> dict[str, set[str]]:
    return {one.name: {other.name for other in roles() if one.covers(other)} for one in roles()}


def role(name: str) -> Role:
    found = built_in(name)
    assert found is not None
    return found


def custom(*blocks: Permissions) -> Role:
    return Role("custom", blocks)


def allowing(*actions: str, condition: str | None = None, but: tuple[str, ...] = ()) -> Permissions:
    return Permissions(actions, but, (), (), condition)


def test_a_covered_role_allows_no_action_that_the_wider_one_does_not() -> None:
    """Asked of every action and pattern that any of the roles names, one by one."""
    for wide, narrow in product(roles(), roles()):
        if narrow.name in covers()[wide.name]:
            for data in (False, True):
                blocks = [named_by(block, data=data) for block in narrow.permissions]
                for pattern in (pattern for block in blocks for pattern in block.patterns):
                    if covered(pattern, blocks):
                        assert wide.allows(pattern, data=data), (wide.name, narrow.name, pattern)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("Owner", "Contributor"),
        ("Owner", "User Access Administrator"),
        ("Contributor", "Reader"),
        ("Contributor", "Website Contributor"),
        ("User Access Administrator", "Role Based Access Control Administrator"),
        ("Key Vault Administrator", "Key Vault Secrets Officer"),
        ("Key Vault Administrator", "Key Vault Reader"),
        ("Key Vault Secrets Officer", "Key Vault Secrets User"),
        ("Storage Blob Data Owner", "Storage Blob Data Contributor"),
        ("Storage Blob Data Contributor", "Storage Blob Data Reader"),
        ("Azure Service Bus Data Owner", "Azure Service Bus Data Sender"),
        ("AcrPush", "AcrPull"),
    ],
)
def test_a_wider_role_covers_and_is_not_covered(wide: str, narrow: str) -> None:
    assert role(wide).covers(role(narrow))
    assert not role(narrow).covers(role(wide))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Contributor", "User Access Administrator"),
        ("Contributor", "Role Based Access Control Administrator"),
        ("Contributor", "Key Vault Secrets User"),
        ("Owner", "Key Vault Secrets User"),
        ("Key Vault Contributor", "Key Vault Secrets User"),
        ("Key Vault Secrets Officer", "Key Vault Reader"),
        ("Key Vault Administrator", "Key Vault Data Access Administrator"),
        ("Storage Blob Data Owner", "Storage Queue Data Message Sender"),
    ],
)
def test_roles_on_different_things_cover_neither_way(one: str, other: str) -> None:
    assert not role(one).covers(role(other))
    assert not role(other).covers(role(one))


def test_a_condition_only_narrows() -> None:
    free, limited = custom(allowing("a/write")), custom(allowing("a/write", condition="@x = 1"))
    assert free.covers(limited)
    assert not limited.covers(free)
    assert limited.covers(custom(allowing("a/write", condition="@x  =\n1")))
    assert not limited.covers(custom(allowing("a/write", condition="@x = 2")))


def test_what_a_role_leaves_out_the_wider_one_need_not_have() -> None:
    narrow = custom(allowing("a/*", but=("a/write",)))
    assert custom(allowing("a/*", but=("a/write",)), allowing("b/read")).covers(narrow)
    assert not custom(allowing("a/*", but=("a/*/delete",))).covers(narrow)
    assert narrow.covers(custom(allowing("a/read")))
    assert not narrow.covers(custom(allowing("a/write")))


def test_actions_on_data_are_no_actions_on_resources() -> None:
    on_data = custom(Permissions((), (), ("a/read",), (), None))
    assert not custom(allowing("*")).covers(on_data)
    assert not on_data.covers(custom(allowing("a/read")))
    assert not custom(Permissions((), (), ("*",), ("a/*",), None)).covers(on_data)


@pytest.mark.parametrize(
    "spelt",
    [
        "key vault secrets user",
        "4633458B-17DE-408A-B874-0445C86B69E6",
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
    ],
)
def test_a_role_is_known_by_name_guid_and_id(spelt: str) -> None:
    assert role(spelt).name == "Key Vault Secrets User"
    assert built_in("c0570000-0000-4000-8000-000000000001") is None


def test_all_of_azures_roles_are_weighed_and_owner_has_all_that_they_do_to_resources() -> None:
    owner = role("Owner")
    found = [built_in(guid) for guid in built_in_roles()]
    assert len(found) == 928
    for one in found:
        assert one is not None
        assert one.covers(one)
        without_data = tuple(replace(block, data_actions=()) for block in one.permissions)
        assert owner.covers(Role(one.name, without_data)), one.name
        assert owner.covers(one) is not any(block.data_actions for block in one.permissions), one.name
