"""Two resources under one name: a pull request chooses names, and may hide one behind another."""

from collections.abc import Mapping
from typing import Any

import pytest

from access_report.document import document
from access_report.mark import Moment
from access_report.pull_request import Previewed, rolled_up, told
from access_report.report import Report
from access_report.run import Run
from tests.unit.access_report.previews import (
    IDENTITY_ID,
    PRINCIPAL,
    VAULT_ID,
    State,
    grant,
    identity,
    reported,
    vault,
)

OTHER = "0b1ec700-0000-4000-8000-00000000000b"


def inside(state: State, component: str = "my:index:App") -> State:
    """The same resource in a component, where a name may stand once more."""
    parts = state["urn"].split("::")
    return {**state, "urn": "::".join([*parts[:2], f"{component}${parts[2]}", *parts[3:]])}


def grants_of(found: Report) -> list[Mapping[str, Any]]:
    return [one["after"] for one in document(found)["grants"] if one["change"] == "added"]


def rows(found: Report, title: str = "Access that changes") -> list[list[str]]:
    (section,) = [one for one in rolled_up({"shop/dev": found}) if one.title == title]
    return [list(row) for row in section.rows]


def test_two_identities_of_one_name_are_told_apart_by_the_component_that_each_is_in() -> None:
    there = [vault(), identity(), inside(identity("app", f"{IDENTITY_ID}-2", OTHER))]
    found = reported(there, [*there, grant(), grant(name="second", principal=OTHER)])
    assert [one["who"]["name"] for one in grants_of(found)] == [
        "app in my:index:App",
        "app outside of components",
    ]
    assert len(rows(found)) == 2


def test_two_vaults_of_one_name_are_told_apart_and_what_lies_in_them() -> None:
    other = f"{VAULT_ID}-2"
    there = [vault(), inside({**vault(), "id": other}), identity()]
    inner = grant(name="second", scope=f"{other}/secrets/database")
    found = reported(there, [*there, grant(), inner])
    places = [one["where"] for one in grants_of(found)]
    assert [(one["name"], one["within"]) for one in places] == [
        ("vault outside of components", None),
        ("database", {"kind": "key vault", "name": "vault in my:index:App"}),
    ]


@pytest.mark.parametrize("second", ["app", "other"])
def test_a_name_that_only_one_principal_has_stays_as_it_is(second: str) -> None:
    there = [vault(), identity(), inside(identity(second, f"{IDENTITY_ID}-2", OTHER))]
    found = reported(there, [*there, grant()])
    assert [one["who"]["name"] for one in grants_of(found)] == ["app"]


def test_what_a_stack_has_several_times_in_the_same_words_is_one_row_with_how_often() -> None:
    there = [vault(), identity()]
    found = reported(there, [*there, grant(name="a"), grant(name="b", principal=PRINCIPAL)])
    ((word, *_),) = rows(found)
    assert word == "added (2 times)"
    once = reported(there, [*there, grant()])
    text = told("shop", Moment(1, 1, True, "c0ffee1"), [
        Previewed("shop/dev", once, Run(True)), Previewed("shop/prod", once, Run(True)),
    ])  # fmt: skip
    assert "times)" not in text
