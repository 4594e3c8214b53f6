"""Actions that give access, and the roles that have one of them."""

import re

import pytest

from components.azure_facts.access_giving import gives_access, ways
from components.azure_facts.roles import Permissions, built_in_roles, role_named


def given_by(name: str) -> tuple[str, ...]:
    role = role_named(name)
    assert role is not None
    return gives_access(role.permissions)


def test_each_way_has_its_reason_its_page_and_single_actions_that_stand_once() -> None:
    seen: set[tuple[bool, str]] = set()
    for way in ways():
        assert way.why.endswith(".")
        assert way.source.startswith("https://learn.microsoft.com/")
        assert way.actions
        for action in way.actions:
            assert re.fullmatch(r"Microsoft\.\w+(/\w+)+(/\*/assign)?/(write|delete|action)", action), action
            assert (way.is_data, action.lower()) not in seen
            seen.add((way.is_data, action.lower()))


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Role Based Access Control Administrator", ("give roles",)),
        ("Key Vault Data Access Administrator", ("give roles",)),
        ("Key Vault Contributor", ("let itself into vaults",)),
        ("Managed Identity Operator", ("act as an identity",)),
        ("Virtual Machine User Login", ("log in to machines",)),
        ("AcrPush", ("change the images that run",)),
        ("Storage Account Key Operator Service Role", ("read keys that open storage",)),
        ("Reader", ()),
        ("Key Vault Secrets User", ()),
        ("Key Vault Administrator", ()),
        ("Storage Blob Data Owner", ()),
    ],
)
def test_a_role_gives_access_in_exactly_these_ways(role: str, expected: tuple[str, ...]) -> None:
    assert given_by(role) == expected


def test_contributor_gives_no_roles_and_gets_at_more_all_the_same() -> None:
    contributor, owner = given_by("Contributor"), given_by("Owner")
    by_roles = {
        "give roles",
        "change what roles allow",
        "give roles over the whole tenant",
        "give roles for a time",
        "change what a policy does by its own identity",
    }
    assert not by_roles & {*contributor}
    assert {"act as an identity", "run code as an app", "let itself into vaults"} <= {*contributor}
    assert by_roles <= {*owner}
    assert {*contributor} < {*owner}


def test_user_access_administrator_gives_roles_in_every_way_that_there_is() -> None:
    assert given_by("User Access Administrator")[:4] == (
        "give roles",
        "change what roles allow",
        "give roles over the whole tenant",
        "give roles for a time",
    )


def test_what_is_left_out_again_gives_nothing_and_a_condition_still_gives() -> None:
    action = "Microsoft.Authorization/roleAssignments/write"
    assert gives_access((Permissions(("Microsoft.Authorization/*",), ("*/write",), (), (), None),)) == (
        "give roles over the whole tenant",
        "take away what denies",
    )
    assert gives_access((Permissions((action,), (), (), (), "@Request[x] StringEquals 'a'"),)) == (
        "give roles",
    )
    assert gives_access((Permissions((), (), (action,), (), None),)) == ()


def test_most_of_azures_roles_give_no_access() -> None:
    giving = [role.name for role in built_in_roles().values() if gives_access(role.permissions)]
    assert "Owner" in giving
    assert len(giving) < len(built_in_roles()) / 2
