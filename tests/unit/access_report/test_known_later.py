"""What a preview does not know: said with what it is made from, and counted as wider."""

import pytest

from access_report.comparison import Change
from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.report import Report
from tests.unit.access_report.previews import (
    APP,
    IDENTITY,
    PRINCIPAL,
    STACK,
    VAULT,
    VAULT_ID,
    State,
    grant,
    identity,
    reported,
    site,
    state,
    unknown_grant,
    vault,
)

RANDOM = state("random:index/randomId:RandomId", "suffix", {"byteLength": 4})
ROLE_ID = grant()["inputs"]["roleDefinitionId"]


def _grants(told: Report) -> list[tuple[Change, str, str, str]]:
    return [(c.change, str(c.grant.who), c.grant.role, str(c.grant.where)) for c in told.grants]


def test_a_scope_that_is_made_from_more_than_a_vault_is_not_told_as_on_that_vault() -> None:
    one = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT, RANDOM["urn"]]})
    one["inputs"] |= {"roleDefinitionId": ROLE_ID}
    where = (
        "scope that only the update will know, made from key vault vault and"
        " random:index/randomId:RandomId suffix"
    )
    told = reported([*APP, grant(), RANDOM], [*APP, one, RANDOM], app_vault={"op": "replace"})
    assert _grants(told) == [
        (Change.ADDED, "identity app", "Key Vault Secrets User", where),
        (Change.REMOVED, "identity app", "Key Vault Secrets User", "key vault vault"),
    ]
    assert reasons(told, Condition.WIDER_ACCESS) == [
        f"identity app gets Key Vault Secrets User on {where} (added)"
    ]


def test_a_principal_that_is_made_from_more_than_an_identity_is_nobody_that_is_known() -> None:
    one = unknown_grant({"principalId": [IDENTITY, RANDOM["urn"]], "scope": [VAULT]})
    one["inputs"] |= {"scope": VAULT_ID, "roleDefinitionId": ROLE_ID}
    told = reported([*APP, grant(), RANDOM], [*APP, one, RANDOM])
    who = (
        "principal that only the update will know, made from identity app and"
        " random:index/randomId:RandomId suffix"
    )
    assert _grants(told)[0] == (Change.ADDED, who, "Key Vault Secrets User", "key vault vault")


@pytest.mark.parametrize("said", ["Key Vault Secrets User", "Key Vault Reader"])
def test_what_a_component_says_of_a_role_is_told_as_its_word_and_counts_as_wider(said: str) -> None:
    """Whoever wrote the program wrote the component: what the resource gets is another matter."""
    around = state("keyless:index:AccessGrant", "app-vault", {"role": said})
    one = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT]}, parent=around["urn"])
    moved = {**vault(), "id": ""}
    told = reported(
        [*APP, around, {**grant("Key Vault Secrets User"), "parent": around["urn"]}],
        [identity(), site(), around, moved, one],
        vault={"op": "replace"},
        app_vault={"op": "replace"},
    )
    assert [c.grant.role for c in told.grants if c.after] == [said]
    (reason,) = reasons(told, Condition.WIDER_ACCESS)
    assert reason.startswith(f"identity app gets {said} on key vault vault (")
    assert reason.endswith("as the component says)")
    after = next(one["after"] for one in document(told)["grants"] if one["after"])
    assert after["isClaimed"] is True


def test_a_name_that_means_another_principal_is_told_with_both_object_ids() -> None:
    def given(object_id: str) -> list[State]:
        around = state("keyless:index:AccessGrant", "readers", {"principalName": "vault-readers"})
        return [vault(), around, {**grant(principal=object_id, kind="Group"), "parent": around["urn"]}]

    other = "0b1ec700-0000-4000-8000-00000000000b"
    told = reported(given(PRINCIPAL), given(other))
    assert _grants(told) == [
        (Change.ADDED, f"group vault-readers ({other})", "Key Vault Secrets User", "key vault vault"),
        (Change.REMOVED, f"group vault-readers ({PRINCIPAL})", "Key Vault Secrets User", "key vault vault"),
    ]
    assert told.is_another(told.grants[0].grant.who)
    assert not reported(given(other), given(other)).is_another(told.grants[0].grant.who)
    assert document(told)["grants"][0]["after"]["who"] == {
        "kind": "group",
        "name": "vault-readers",
        "objectId": other,
    }


@pytest.mark.parametrize("order", [1, -1])
def test_an_identity_that_is_read_a_second_time_does_not_hide_the_one_that_owns_it(order: int) -> None:
    read = {**identity("again"), "external": True}
    whole = [*APP, read][::order]
    told = reported([*whole, grant()], [*whole, grant()])
    assert _grants(told) == [(Change.SAME, "identity app", "Key Vault Secrets User", "key vault vault")]


def test_parents_in_a_circle_and_components_in_great_depth_are_read_to_an_end() -> None:
    a, b = (f"{STACK}my:index:Part::{name}" for name in "ab")
    circle = [
        state("my:index:Part", name, {}, parent=parent, custom=False) for name, parent in (("a", b), ("b", a))
    ]
    deep = [
        state("my:index:Deep", f"d{n}", {}, parent=f"{STACK}my:index:Deep::d{n - 1}", custom=False)
        for n in range(1, 3_000)
    ]
    at = {**vault(), "parent": f"{STACK}my:index:Deep::d2999", "id": ""}
    one = unknown_grant({"principalId": [a], "scope": [f"{STACK}my:index:Deep::d1"]}, parent=a)
    told = reported([], [*circle, *deep, at, one])
    assert [str(c.grant.where) for c in told.grants] == ["key vault vault"]
