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
    APP,
    GROUP,
    IDENTITY,
    PRINCIPAL,
    SUBSCRIPTION,
    VAULT_ID,
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


def test_rbac_switched_off_together_with_a_strangers_policy_is_told_as_what_it_is() -> None:
    before = [*APP[:2], by_roles(), grant(), ONE]
    after = [*APP[:2], by_policies(entry(STRANGER, "get", "list")), grant(), ONE]
    report = reported(before, after)
    assert told(report) == [
        (
            "added",
            f"principal {STRANGER}",
            "read the values of secrets",
            "access policy with secrets get, list",
            "key vault vault",
        ),
        (
            "narrowed",
            "identity app",
            "do nothing, as the vault goes by access policies",
            "Key Vault Secrets User",
            "key vault vault",
        ),
    ]
    assert [s.cover for s in [c.after for c in report.settings] if s] == [Cover.MISSING]
    assert reasons(report, Condition.WIDER_ACCESS) == [
        f"principal {STRANGER} gets access policy with secrets get, list on key vault vault (added)"
    ]


def test_rbac_switched_on_makes_the_roles_count_and_the_policies_not() -> None:
    report = reported(
        [*APP[:2], by_policies(entry(STRANGER, "get")), grant()],
        [*APP[:2], by_roles(entry(STRANGER, "get")), grant()],
    )
    assert [line[:3] for line in told(report)] == [
        ("widened", "identity app", "read the values of secrets"),
        ("narrowed", f"principal {STRANGER}", "do nothing, as the vault goes by roles"),
    ]


def test_a_role_of_which_nobody_knows_what_it_allows_may_get_more_when_roles_begin_to_count() -> None:
    for scope in (VAULT_ID, f"{VAULT_ID}/secrets/x", GROUP):
        custom = [identity(), grant("c0570000-0000-4000-8000-000000000001", scope=scope)]
        on = reported([*custom, by_policies()], [*custom, by_roles()])
        off = reported([*custom, by_roles()], [*custom, by_policies()])
        assert [c.change for c in (*on.grants, *off.grants)] == [Change.WIDENED, Change.NARROWED]


@pytest.mark.parametrize("scope", ["/providers/Microsoft.Management/managementGroups/all", "/", SUBSCRIPTION])
def test_a_role_far_around_a_vault_gets_a_hold_on_it_when_roles_begin_to_count(scope: str) -> None:
    far = [identity(), grant(scope=scope)]
    assert [c.change for c in reported([*far, by_policies()], [*far, by_roles()]).grants] == [Change.WIDENED]
    assert [c.change for c in reported([*far, by_roles()], [*far, by_policies()]).grants] == [Change.NARROWED]


def test_a_role_on_a_vault_that_had_no_hold_there_never_covers_one_on_a_secret_in_it() -> None:
    custom, secret = "c0570000-0000-4000-8000-000000000001", f"{VAULT_ID}/secrets/x"
    two = [identity(), grant(custom, name="two"), grant(custom, name="three", scope=secret)]
    report = reported([*two, by_policies()], [*two, by_roles()])
    assert [c.change for c in report.grants] == [Change.WIDENED, Change.WIDENED]


def test_a_role_on_the_group_that_goes_allowed_nothing_of_what_a_new_policy_does() -> None:
    there, policy = by_policies(), by_policies(entry(PRINCIPAL, "get"))
    for before in ([identity(), there, grant(scope=GROUP)], [identity(), grant(scope=GROUP)]):
        report = reported(before, [identity(), policy])
        assert [c.change for c in report.grants] == [Change.ADDED, Change.REMOVED]
    stays = [identity(), grant(scope=GROUP)]
    report = reported(stays, [*stays, policy])
    assert [c.change for c in report.grants] == [Change.ADDED, Change.SAME]


def test_a_role_on_the_group_gets_a_hold_on_a_vault_that_is_switched_to_roles() -> None:
    on_group, on_blobs = grant(scope=GROUP), grant(BLOB_READER, name="blobs", scope=GROUP)
    off, on = [identity(), by_policies(), on_group], [identity(), by_roles(), on_group]
    may = "read the values of secrets"
    assert [line[:3] for line in told(reported(off, on))] == [("widened", "identity app", may)]
    assert [line[:3] for line in told(reported(on, off))] == [
        ("narrowed", "identity app", f"{may}, but not in vaults with access policies")
    ]
    assert told(reported([identity(), on_group], on)) == []
    assert told(reported([by_policies(), on_blobs], [by_roles(), on_blobs])) == []


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


def test_while_it_is_not_known_by_what_a_vault_goes_roles_and_policies_count() -> None:
    unknown = vault(enableRbacAuthorization=UNKNOWN, accessPolicies=[entry(STRANGER, "get")])
    may = [c.grant.may for c in reported([identity()], [identity(), unknown, grant()]).grants]
    assert may == ["read the values of secrets"] * 2


def test_a_vault_that_says_nothing_goes_by_what_its_api_version_takes() -> None:
    for type_, may in (
        ("azure-native:keyvault:Vault", "read the values of secrets"),
        ("azure-native_keyvault_v20230701:keyvault:Vault", "read the values of secrets"),
        ("azure-native_keyvault_v20260201:keyvault:Vault", "do nothing, as the vault goes by roles"),
    ):
        silent = state(type_, "v", {"properties": {"accessPolicies": [entry(STRANGER, "get")]}})
        assert [c.grant.may for c in reported([], [silent]).grants] == [may]


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
