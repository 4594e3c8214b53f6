"""A vault goes by roles or by access policies: what counts when it is switched from one to the other."""

import pytest

from access_report.comparison import Change
from access_report.judgement import Condition, reasons
from access_report.references import Cover
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import (
    APP,
    GROUP,
    PRINCIPAL,
    SUBSCRIPTION,
    VAULT_ID,
    grant,
    identity,
    reported,
    state,
    vault,
)
from tests.unit.access_report.test_access_policies import (
    BLOB_READER,
    ONE,
    STRANGER,
    by_policies,
    by_roles,
    entry,
    told,
)


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
