"""Who can do what, before and after: added, removed, widened, narrowed, re-created."""

import pytest

from access_report.comparison import Change
from access_report.following import HAVE_PRINCIPALS
from access_report.reading import read_preview
from access_report.report import Report, report
from tests.unit.access_report.previews import (
    APP,
    GROUP,
    IDENTITY,
    IDENTITY_ID,
    IDENTITY_TYPE,
    PRINCIPAL,
    SECRET,
    SITE,
    STACK,
    SUBSCRIPTION,
    VAULT,
    grant,
    identity,
    preview,
    reported,
    site,
    state,
    unknown_grant,
    urn,
    vault,
)


def _told(told: Report) -> list[tuple[str, str, str, str]]:
    return [(c.change.value, str(c.grant.who), c.grant.role, str(c.grant.where)) for c in told.grants]


def test_a_new_grant_is_added_and_one_that_is_gone_is_removed() -> None:
    line = ("identity app", "Key Vault Secrets User", "key vault vault")
    assert _told(reported(APP, [*APP, grant()])) == [("added", *line)]
    assert _told(reported([*APP, grant()], APP)) == [("removed", *line)]
    assert _told(reported([*APP, grant()], [*APP, grant()])) == [("unchanged", *line)]


def test_a_preview_with_refresh_tells_what_azure_lost_and_what_the_program_lost() -> None:
    kept, lost, dropped = identity(), grant(), grant(name="old", principal="0ther")
    seen = [{"urn": s["urn"], "op": "refresh", "oldState": s, "newState": s} for s in (kept, lost, dropped)]
    steps = [
        *seen,
        {"urn": kept["urn"], "op": "same", "oldState": kept, "newState": kept},
        {"urn": lost["urn"], "op": "create", "newState": lost},
        {"urn": dropped["urn"], "op": "delete", "oldState": dropped},
    ]
    told = report(read_preview({"steps": steps}))
    assert told.counts == [("create", 1), ("delete", 1)]
    assert [(c.change.value, c.grant.urn) for c in told.grants] == [
        ("added", lost["urn"]),
        ("removed", dropped["urn"]),
    ]


def test_a_role_that_allows_all_that_the_old_one_did_widens_it_in_one_line() -> None:
    told = reported([*APP, grant()], [*APP, grant("Key Vault Secrets Officer", name="officer")])
    assert _told(told) == [("widened", "identity app", "Key Vault Secrets Officer", "key vault vault")]
    assert told.grants[0].before is not None
    assert told.grants[0].before.role == "Key Vault Secrets User"


def test_a_role_that_allows_less_narrows() -> None:
    told = reported([*APP, grant("Key Vault Secrets Officer")], [*APP, grant(name="reader")])
    assert [c.change for c in told.grants] == [Change.NARROWED]


def test_a_role_that_allows_something_else_is_neither_wider_nor_narrower() -> None:
    """Key Vault Reader reads no value, but sees keys and certificates, which no role for secrets does."""
    for other in ("Key Vault Secrets User", "Key Vault Secrets Officer"):
        told = reported([*APP, grant(other)], [*APP, grant("Key Vault Reader", name="reader")])
        assert [(c.change.value, c.grant.role) for c in told.grants] == [
            ("added", "Key Vault Reader"),
            ("removed", other),
        ]


def test_the_same_role_on_the_whole_vault_instead_of_one_secret_widens() -> None:
    told = reported([*APP, grant(scope=SECRET)], [*APP, grant(name="wide")])
    assert _told(told) == [("widened", "identity app", "Key Vault Secrets User", "key vault vault")]
    narrowed = reported([*APP, grant()], [*APP, grant(scope=SECRET, name="narrow")])
    assert _told(narrowed) == [
        ("narrowed", "identity app", "Key Vault Secrets User", "secret db-password of key vault vault")
    ]


def test_another_vault_is_another_grant_and_no_widening() -> None:
    other = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-other"
    told = reported([*APP, grant()], [*APP, grant(scope=other, name="other")])
    assert [(c.change.value, str(c.grant.where)) for c in told.grants] == [
        ("added", "key vault kv-other"),
        ("removed", "key vault vault"),
    ]


def test_a_role_that_is_not_known_is_never_taken_for_narrower() -> None:
    custom = "c0570000-0000-4000-8000-000000000001"
    told = reported([*APP, grant()], [*APP, grant(custom, name="custom")])
    assert [(c.change.value, c.grant.role) for c in told.grants] == [
        ("added", custom),
        ("removed", "Key Vault Secrets User"),
    ]


@pytest.mark.parametrize(
    ("scope", "words"),
    [(GROUP, "resource group rg-shop"), (SUBSCRIPTION, f"subscription {SUBSCRIPTION[15:]}")],
)
def test_scopes_outside_the_stack_are_told_by_their_ids(scope: str, words: str) -> None:
    assert str(reported(APP, [*APP, grant(scope=scope)]).grants[0].grant.where) == words


def test_a_principal_outside_the_stack_is_told_by_its_id() -> None:
    stranger = "0b1ec700-0000-4000-8000-0000000000ff"
    told = reported(APP, [*APP, grant(principal=stranger, kind="Group")])
    assert str(told.grants[0].grant.who) == f"group {stranger}"


def test_a_first_preview_follows_unknown_ids_to_what_will_have_them() -> None:
    component = state(
        "keyless:index:AccessGrant",
        "app-vault",
        {"role": "Key Vault Secrets User", "grantedBy": "WebApp 'app'", "principalType": "ServicePrincipal"},
    )
    after = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT]}, parent=component["urn"])
    told = reported([], [identity(), vault(), component, after])
    assert _told(told) == [("added", "identity app", "Key Vault Secrets User", "key vault vault")]
    assert told.grants[0].grant.why == "WebApp 'app'"


def test_an_id_that_comes_out_of_a_component_is_followed_into_it() -> None:
    component = f"{STACK}keyless:index:ManagedIdentity::shared"
    inner = state(IDENTITY_TYPE, "inner", {}, parent=component)
    whole = state("keyless:index:ManagedIdentity", "shared", {})
    after = unknown_grant({"principalId": [component], "scope": [VAULT]})
    told = reported([], [vault(), whole, inner, after])
    assert str(told.grants[0].grant.who) == "identity inner"


def test_a_grant_of_which_the_engine_keeps_a_part_secret_is_told_only_when_it_says_that_it_changes() -> None:
    there = [vault(), grant(principal="[secret]")]
    changes = {
        word: [c.change for c in reported(there, there, app_vault={"op": word}).grants]
        for word in ("same", "update")
    }
    assert changes == {"same": [Change.SAME], "update": [Change.ADDED, Change.REMOVED]}


def test_what_nothing_tells_is_said_to_be_unknown() -> None:
    grant_ = reported([], [unknown_grant({})]).grants[0].grant
    assert (str(grant_.who), grant_.role, str(grant_.where)) == (
        "principal that only the update will know",
        "a role that only the update will know",
        "scope that only the update will know",
    )


def test_a_first_preview_tells_the_one_secret_that_a_grant_of_an_app_is_for() -> None:
    app = state("keyless:index:WebApp", "shop", {"secrets": {"DB": "Db-Password"}})

    def told(name: str) -> list[str]:
        part = state("keyless:index:AccessGrant", name, {}, parent=app["urn"])
        follows = {"principalId": [IDENTITY], "scope": [VAULT]}
        after = unknown_grant(follows, parent=part["urn"], name=name)
        return [str(c.grant.where) for c in reported([], [identity(), vault(), app, part, after]).grants]

    assert told("shop-secret-db-password") == ["secret Db-Password of key vault vault"]
    assert told("shop-secret-another") == ["key vault vault"]
    assert told("shop-vault") == ["key vault vault"]


def test_a_system_assigned_identity_is_the_site_itself() -> None:
    own = site(identity={"type": "SystemAssigned"}, keyVaultReferenceIdentity="SystemAssigned")
    own["outputs"] |= {"identity": {"type": "SystemAssigned", "principalId": PRINCIPAL}}
    told = reported([], [vault(), own, grant()])
    assert _told(told) == [
        ("added", "system-assigned identity of app", "Key Vault Secrets User", "key vault vault")
    ]


@pytest.mark.parametrize("type_", HAVE_PRINCIPALS)
def test_a_resource_that_has_a_principal_is_told_by_its_own_name(type_: str) -> None:
    inputs = {"identity": {"type": "SystemAssigned"}}
    component = state(
        "keyless:index:AccessGrant",
        "jobs-vault",
        {
            "role": "Key Vault Secrets User",
            "grantedBy": "WorkloadAccess",
            "principalType": "ServicePrincipal",
        },
    )
    new = state(f"azure-native:{type_}", "jobs", inputs)
    own = urn(f"azure-native:{type_}", "jobs")
    first = unknown_grant({"principalId": [own], "scope": [VAULT]}, parent=component["urn"])
    said = ("added", "system-assigned identity of jobs", "Key Vault Secrets User", "key vault vault")
    assert _told(reported([], [vault(), new, component, first])) == [said]
    outputs = {"identity": {"type": "SystemAssigned", "principalId": PRINCIPAL}}
    there = state(f"azure-native:{type_}", "jobs", inputs, id=f"{GROUP}/x", outputs=outputs)
    assert _told(reported([vault(), there], [vault(), there, grant()])) == [said]


def test_a_component_that_an_alias_renames_keeps_its_grants() -> None:
    before, after = (
        [vault(), identity(), grant()],
        [vault(), identity("renamed"), grant(name="renamed-vault")],
    )
    steps = preview(before, after)["steps"]
    gone = {s["urn"]: s["oldState"] for s in steps if s["op"] == "delete"}
    steps = [s for s in steps if s["op"] != "delete"]
    for step in steps:
        if step["op"] == "create":
            old = IDENTITY if "renamed-vault" not in step["urn"] else urn(grant()["type"], "app-vault")
            step |= {"op": "same", "oldState": gone[old]}
    told = report(read_preview({"steps": steps}))
    assert [(c.change, str(c.grant.who)) for c in told.grants] == [(Change.SAME, "identity renamed")]
    assert told.counts == []


def test_one_line_tells_each_grant_once_in_a_stable_order() -> None:
    before = [*APP, grant(), grant("Key Vault Reader", name="b")]
    after = [*APP, grant(), grant("Key Vault Secrets Officer", name="c", principal=IDENTITY_ID[-36:])]
    one, other = reported(before, after), reported(before[::-1], after[::-1])
    assert _told(one) == _told(other)
    assert len(one.grants) == 3
    assert SITE
