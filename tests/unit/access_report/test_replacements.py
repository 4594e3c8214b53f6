"""What a replacement or a new name does to access: interrupted, refused, or only shown."""

from typing import Any

from access_report.comparison import Change
from access_report.reading import read_preview
from access_report.report import report
from access_report.resources import UNKNOWN
from access_report.sentences import headline
from tests.unit.access_report.previews import (
    APP,
    GROUP,
    IDENTITY,
    SECRET,
    VAULT,
    VAULT_ID,
    State,
    grant,
    identity,
    preview,
    reported,
    site,
    state,
    unknown_grant,
    vault,
)


def test_the_false_replacement_after_a_tag_change_is_recognised() -> None:
    tagged = identity()
    tagged["inputs"] = {**tagged["inputs"], "tags": {"team": "shop"}}
    tagged["outputs"] = {}
    shown = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT]})
    shown["inputs"] |= {"scope": VAULT_ID, "roleDefinitionId": grant()["inputs"]["roleDefinitionId"]}
    told = reported([*APP, grant()], [tagged, site(), vault(), shown], app_vault={"op": "replace"})
    assert [(c.change, c.only_shown) for c in told.grants] == [(Change.SAME, True)]


def test_a_replaced_identity_interrupts_access() -> None:
    moved = identity(principal=UNKNOWN)
    moved["id"], moved["outputs"] = "", {}
    shown = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT]})
    shown["inputs"] |= {"scope": VAULT_ID, "roleDefinitionId": grant()["inputs"]["roleDefinitionId"]}
    replaced = {"op": "replace", "replaceReasons": ["location"]}
    steps = preview([*APP, grant()], [moved, site(), vault(), shown], app_vault={"op": "replace"})
    for step in steps["steps"]:
        if step["urn"] == IDENTITY:
            step |= replaced
    told = report(read_preview(steps))
    assert [c.change for c in told.grants] == [Change.RECREATED]
    assert [(e.kind, e.name, e.text) for e in told.events] == [
        ("identity", "app", "is replaced because of location; it is another principal afterwards")
    ]


def test_a_grant_on_a_secret_is_interrupted_when_its_vault_is_replaced() -> None:
    app = state("keyless:index:WebApp", "shop", {"secrets": {"DB": "db-password"}})
    part = state("keyless:index:AccessGrant", "shop-secret-db-password", {}, parent=app["urn"])
    moved: State = {**vault(), "id": "", "outputs": dict[str, Any]()}
    follows = {"principalId": [IDENTITY], "scope": [VAULT]}
    shown = unknown_grant(follows, parent=part["urn"])
    shown["inputs"] |= {"roleDefinitionId": grant()["inputs"]["roleDefinitionId"]}
    told = reported(
        [*APP, app, part, grant(scope=SECRET)],
        [identity(), site(), app, part, moved, shown],
        vault={"op": "replace", "replaceReasons": ["vaultName"]},
        app_vault={"op": "replace"},
    )
    assert [(c.change, c.only_shown) for c in told.grants] == [(Change.RECREATED, False)]


def test_a_grant_on_a_vault_is_the_same_when_the_group_around_both_is_called_differently() -> None:
    def within(group: str) -> list[State]:
        there = state("azure-native:resources:ResourceGroup", group, {}, id=f"{GROUP}-{group}")
        return [there, identity(), {**vault(), "propertyDependencies": {"resourceGroupName": [there["urn"]]}}]

    told = reported([*within("old"), grant()], [*within("new"), grant()])
    assert [c.change for c in told.grants] == [Change.SAME]


def test_a_grant_that_is_made_under_a_new_name_is_said_to_be_refused_unless_the_principal_is_new() -> None:
    told = reported([*APP, grant()], [*APP, grant(name="renamed")])
    assert [(c.change, c.collides) for c in told.grants] == [(Change.SAME, True)]
    assert headline(told) == (
        "1 create, 1 delete. No grant changes; no secret value in clear; 1 grant that Azure will refuse."
    )
    replaced = reported([*APP, grant()], [*APP, grant(name="renamed")], app={"op": "replace"})
    assert [(c.change, c.collides) for c in replaced.grants] == [(Change.RECREATED, False)]


def test_a_component_that_comes_while_one_of_its_kind_goes_may_be_renamed() -> None:
    old, new = (state("keyless:index:WebApp", name, {}) for name in ("shop", "store"))
    inner = [
        state("keyless:index:ManagedIdentity", one["urn"][-4:], {}, parent=one["urn"]) for one in (old, new)
    ]
    told = reported([old, inner[0]], [new, inner[1]])
    words = "is made anew, unless an alias says that it was called shop"
    assert [(e.kind, e.name, e.text, e.takes_away) for e in told.events] == [
        ("component", "store", words, False)
    ]
    stays = state("keyless:index:Shop", "stays", {})
    parts = [{**one, "parent": stays["urn"]} for one in (old, new)]
    assert reported([stays, parts[0]], [stays, parts[1]]).events == []
    other = state("keyless:index:WebApp", "third", {})
    assert reported([old], [new, other]).events == []
    assert reported([], [new]).events == []
