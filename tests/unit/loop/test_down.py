"""What `make down` says is left."""

import io

import pytest

from loop.down import tell_leftovers
from loop.terminal import Terminal

NOTHING: dict[str, list[str]] = {
    "resources": [], "role_assignments": [], "orphans": [], "role_definitions": [], "deleted_vaults": [],
    "deleted_workspaces": [],
}  # fmt: skip


def told(**left: list[str]) -> tuple[bool, list[str]]:
    """Whether it is clean, and the lines below the heading."""
    said = io.StringIO()
    clean = tell_leftovers(Terminal(said), {**NOTHING, **left})
    blank, heading, *lines = said.getvalue().splitlines()
    assert (blank, heading) == ("", "Left in the local Azure")
    return clean, lines


def test_where_nothing_is_left_that_is_said() -> None:
    assert told() == (True, ["✓ no resource and no role assignment"])


def test_what_soft_delete_keeps_is_told_and_is_no_failure() -> None:
    assert told(deleted_vaults=["kv-one"], deleted_workspaces=["/subscriptions/s/…/log-one"]) == (
        True,
        [
            "✓ no resource and no role assignment",
            "  soft-deleted vault kv-one: kept for its retention; the next `make up` takes a new name",
            "  deleted workspace /subscriptions/s/…/log-one: kept for 14 days; made again in its place it "
            "comes back",
        ],
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("resources", "✗ resources: /one"),
        ("role_assignments", "✗ role assignments: /one"),
        ("role_definitions", "✗ role definitions: /one"),
    ],
)
def test_what_should_be_gone_is_named_and_fails(kind: str, said: str) -> None:
    assert told(**{kind: ["/one"]}) == (False, [said])
