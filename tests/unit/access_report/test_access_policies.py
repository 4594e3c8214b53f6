"""Access policies of vaults: told and weighed as roles are, where the vault goes by them."""

from typing import Any

import pytest

from access_report.comparison import Change
from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.references import Cover
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import (
    IDENTITY,
    PRINCIPAL,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    site,
    state,
    vault,
)
from tests.unit.access_report.test_schema import problems

BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
STRANGER = "0b1ec700-0000-4000-8000-0000000000ff"
TENANT, OTHER_TENANT = "7e0a0000-0000-4000-8000-000000000001", "7e0a0000-0000-4000-8000-000000000002"
ONE = settings({"DB": reference("db-password")})


def entry(principal: str, *secrets: str, **more: Any) -> dict[str, Any]:
    return {"objectId": principal, "tenantId": TENANT, "permissions": {"secrets": [*secrets]}, **more}


def by_policies(*entries: dict[str, Any], **more: Any) -> State:
    return vault(enableRbacAuthorization=False, tenantId=TENANT, accessPolicies=[*entries], **more)


def by_roles(*entries: dict[str, Any]) -> State:
    return vault(tenantId=TENANT, accessPolicies=[*entries])


def own(policy: Any, name: str = "policy") -> State:
    inputs = {"vaultName": "kv-shop", "resourceGroupName": "rg-shop", "policy": policy}
    return state("azure-native:keyvault:AccessPolicy", name, inputs)


def told(report: Report) -> list[tuple[str, str, str, str, str]]:
    return [
        (c.change.value, str(c.grant.who), c.grant.may, str(c.grant.granted), str(c.grant.where))
        for c in report.grants
        if c.change is not Change.SAME
    ]


def test_a_policy_that_comes_is_told_and_one_that_goes_is_too() -> None:
    there = by_policies(entry(STRANGER, "Get"))
    line = (f"principal {STRANGER}", "read the values of secrets", "access policy with secrets get")
    assert told(reported([by_policies()], [there])) == [("added", *line, "key vault vault")]
    assert told(reported([there], [by_policies()])) == [("removed", *line, "key vault vault")]
    assert told(reported([there], [by_policies(entry(STRANGER, "gEt"))])) == []
    assert reasons(reported([by_policies()], [there]), Condition.WIDER_ACCESS) == [
        f"principal {STRANGER} gets access policy with secrets get on key vault vault (added)"
    ]


def test_a_policy_of_its_own_is_told_as_one_that_stands_in_the_vault() -> None:
    for type_ in (
        "azure-native:keyvault:AccessPolicy",
        "azure-native_keyvault_v20230701:keyvault:AccessPolicy",
    ):
        policy = {**own(entry(PRINCIPAL, "all")), "type": type_}
        assert told(reported([by_policies(), identity()], [by_policies(), identity(), policy])) == [
            (
                "added",
                "identity app",
                "read, write and delete secrets",
                "access policy with secrets all",
                "key vault vault",
            )
        ]
    elsewhere = reported([], [own(entry(STRANGER, "get"))])
    assert [str(c.grant.where) for c in elsewhere.grants] == ["key vault kv-shop"]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (("get",), ("get", "set"), Change.WIDENED),
        (("get", "set"), ("set",), Change.NARROWED),
        (("list", "get"), ("get", "list"), Change.SAME),
        (("all",), ("get", "list", "set", "delete", "backup", "restore", "recover"), Change.NARROWED),
        (("get",), ("all",), Change.WIDENED),
        (("all",), ("all", "purge"), Change.WIDENED),
        (("get",), ("list",), Change.ADDED),
        (("get",), ("get", "levitate"), Change.WIDENED),
        (("levitate",), ("get",), Change.ADDED),
    ],
)
def test_words_are_weighed_one_by_one(
    before: tuple[str, ...], after: tuple[str, ...], change: Change
) -> None:
    report = reported([by_policies(entry(STRANGER, *before))], [by_policies(entry(STRANGER, *after))])
    assert [c.change for c in report.grants if c.after] == [change]
    assert bool(reasons(report, Condition.WIDER_ACCESS)) is (change in (Change.ADDED, Change.WIDENED))


@pytest.mark.parametrize("kind", ["keys", "certificates", "storage"])
def test_seeing_names_beside_reading_one_is_wider_though_a_role_has_one_action_for_both(kind: str) -> None:
    def with_words(*words: str) -> State:
        return by_policies({**entry(STRANGER), "permissions": {kind: [*words]}})

    changes = [
        [c.change for c in reported([with_words(*was)], [with_words(*will)]).grants]
        for was, will in ((("get",), ("get", "list")), (("get", "list"), ("list",)))
    ]
    assert changes == [[Change.WIDENED], [Change.NARROWED]]


@pytest.mark.parametrize(
    "policies",
    [
        UNKNOWN,
        [UNKNOWN],
        [{"objectId": UNKNOWN, "permissions": {"secrets": ["get"]}}],
        [{"objectId": STRANGER, "permissions": UNKNOWN}],
        [{"objectId": STRANGER, "permissions": {"secrets": UNKNOWN}}],
        [{"objectId": STRANGER, "permissions": {"secrets": ["get", UNKNOWN]}}],
        [{"objectId": STRANGER, "permissions": {"secrets": ["get"]}, "somethingNew": "x"}],
    ],
)
def test_what_only_the_update_will_know_of_a_policy_counts_as_wider(policies: Any) -> None:
    before = by_policies(entry(STRANGER, "all"), entry(STRANGER, "all", "purge"))
    report = reported(
        [before], [vault(enableRbacAuthorization=False, tenantId=TENANT, accessPolicies=policies)]
    )
    assert [c.change for c in report.grants if c.after] == [Change.ADDED]
    assert len(reasons(report, Condition.WIDER_ACCESS)) == 1


def test_an_app_reads_its_reference_by_a_policy() -> None:
    for words, cover in ((("get",), Cover.GRANTED), (("list",), Cover.MISSING)):
        there = [identity(), site(), by_policies(entry(PRINCIPAL, *words)), ONE]
        assert [c.after.cover for c in reported([], there).settings if c.after] == [cover]


def test_a_new_identity_is_followed_to_the_policy_that_is_made_from_it() -> None:
    policy = own({"objectId": UNKNOWN, "permissions": {"secrets": ["get"]}})
    policy["propertyDependencies"] = {"policy": [IDENTITY]}
    report = reported([by_policies()], [by_policies(), identity(principal=UNKNOWN), policy])
    assert [str(c.grant.who) for c in report.grants] == ["identity app"]


def test_another_tenants_principal_and_one_that_goes_through_an_application_are_others() -> None:
    before = by_policies(entry(STRANGER, "get"))
    foreign = by_policies(entry(STRANGER, "get", tenantId=OTHER_TENANT))
    through = by_policies(entry(STRANGER, "get", applicationId=OTHER_TENANT))
    who = f"principal {STRANGER}"
    assert [line[:2] for line in told(reported([before], [foreign]))] == [
        ("added", f"{who} of tenant {OTHER_TENANT}"),
        ("removed", who),
    ]
    assert [line[:3] for line in told(reported([before], [through]))] == [
        ("narrowed", who, "read the values of secrets, under a condition")
    ]
    assert [line[0] for line in told(reported([through], [before]))] == ["widened"]
    later = by_policies(entry(STRANGER, "get", applicationId=UNKNOWN))
    assert [line[0] for line in told(reported([through], [later]))] == ["added", "removed"]


def test_a_policy_and_the_role_that_allows_as_much_are_weighed_against_each_other() -> None:
    before = [by_policies(entry(PRINCIPAL, "get")), identity()]
    to_role = reported(before, [vault(enableRbacAuthorization=UNKNOWN), identity(), grant()])
    assert told(to_role)[0][:2] == ("widened", "identity app")
    officer = [vault(enableRbacAuthorization=UNKNOWN), identity(), grant("Key Vault Secrets Officer")]
    to_policy = reported(officer, before)
    assert told(to_policy)[0][:2] == ("narrowed", "identity app")


def test_every_policy_is_as_the_schema_says_and_no_change_of_one_is_left_unweighed() -> None:
    report = reported(
        [by_policies()], [by_policies(entry(STRANGER, "get"), entry(PRINCIPAL)), own(entry(PRINCIPAL, "set"))]
    )
    assert problems(document(report)) == []
    assert [one["after"]["form"] for one in document(report)["grants"]] == ["access policy"] * 2
    assert report.unweighed == []
    assert "access policy with secrets get" in comment(report)
