"""Azure's built-in roles, weighed against each other by what they allow."""

import re
from functools import cache
from itertools import product

import pytest

from access_report.roles import Role, built_in
from components.azure_facts.actions import covered, named_by
from components.azure_facts.roles import Permissions, built_in_roles

OF_APPS = re.compile(
    "App|AppConfiguration|Cache|ContainerRegistry|DocumentDB|EventGrid|EventHub|Insights|KeyVault|"
    "ManagedIdentity|OperationalInsights|Search|ServiceBus|SignalRService|Sql|Storage|Web"
)
"""Namespaces of what apps reach, or are made of."""
OF_ALL = re.compile("Authorization|Management|ResourceHealth|Resources|Support")


def _matters(role: Role) -> bool:
    blocks = role.permissions
    named = {a.partition("/")[0] for b in blocks for a in (*b.actions, *b.data_actions)} - {"*"}
    short = {namespace.removeprefix("Microsoft.") for namespace in named}
    return all(OF_APPS.fullmatch(name) or OF_ALL.fullmatch(name) for name in short)


@cache
def roles() -> list[Role]:
    """Of apps and of everything."""
    return [role for guid in built_in_roles() if (role := built_in(guid)) and _matters(role)]


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


def test_there_are_as_many_roles_to_weigh_as_matter() -> None:
    assert len(roles()) > 100
    assert {"Owner", "Contributor", "Reader", "Key Vault Secrets User", "AcrPull"} <= covers().keys()


def test_every_role_covers_itself() -> None:
    assert [name for name, covered_ones in covers().items() if name not in covered_ones] == []


def test_what_a_covered_role_covers_is_covered() -> None:
    broken = [
        (wide, middle, covers()[middle] - covers()[wide])
        for wide, middles in covers().items()
        for middle in middles
        if not covers()[middle] <= covers()[wide]
    ]
    assert broken == []


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


def test_a_role_that_gives_roles_is_covered_only_by_one_that_does() -> None:
    giving = {one.name for one in roles() if one.gives_roles}
    assert {"Owner", "User Access Administrator", "Role Based Access Control Administrator"} <= giving
    assert "Key Vault Data Access Administrator" in giving
    for wide, narrower in covers().items():
        assert wide in giving or not narrower & giving, wide


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
