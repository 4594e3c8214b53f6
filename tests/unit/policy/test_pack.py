"""The pack: what a finding says, how configuration changes a rule, and that documents and rules agree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from access_report.roles import built_in
from components.roles import Role, role_facts
from policy.configuration import WAIVED
from policy.document import PAGE, written_into
from policy.pack import SAID, policies
from policy.rules import RULES
from tests.unit.policy.judged import TODAY, Given, judge, resource_args

OPEN = Given("keyvault:Vault", "kv", {"properties": {"enableRbacAuthorization": True}})
RULE = "vault-purge-protection"
REASON = "The vault holds made-up values only."


def run(config: Mapping[str, Any], given: Given = OPEN, today: date = TODAY) -> tuple[list[str], list[str]]:
    """What the rule reports of a vault, and what is then reported as waived."""
    by_name = {policy.name: policy for policy in policies(today=lambda: today)}
    rule, waived = by_name[RULE], by_name[WAIVED]
    assert isinstance(rule, ResourceValidationPolicy)
    assert isinstance(waived, StackValidationPolicy)
    reported: list[str] = []
    told: list[str] = []
    args = resource_args(given, config)
    for _ in range(2):  # a preview, and the update after it
        rule.validate(args, lambda message, _=None: reported.append(message))  # pyright: ignore[reportUnknownMemberType]
    waived.validate(StackValidationArgs([]), lambda message, _=None: told.append(message))  # pyright: ignore[reportUnknownMemberType]
    return reported, told


def test_a_finding_says_what_why_how_to_mend_it_and_where_that_is_written() -> None:
    assert judge(RULE, OPEN) == [
        (
            "kv",
            "vault kv can be purged, and its secrets with it.\n"
            "Why: Without it whoever deletes a vault can destroy its secrets at once and for good.\n"
            "Next: Set properties.enablePurgeProtection to true; it cannot be taken back.\n"
            "Rule: vault-purge-protection\n"
            "See: https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
        )
    ]


@pytest.mark.parametrize("pattern", ["kv", "k*", OPEN.urn, "urn:pulumi:dev::*"])
def test_a_waived_finding_stops_nothing_and_is_told_once_with_its_reason(pattern: str) -> None:
    reported, told = run({"waivers": [{"resource": pattern, "reason": REASON}]})
    assert reported == []
    assert told == [f"{RULE}: vault kv can be purged, and its secrets with it. Waived: {REASON}"]


@pytest.mark.parametrize("pattern", ["other", "v", "urn:pulumi:prod::*", "KV"])
def test_a_waiver_holds_for_the_resources_it_names_and_for_no_others(pattern: str) -> None:
    reported, told = run({"waivers": [{"resource": pattern, "reason": REASON}]})
    assert len(reported) == 2
    assert told == []


@pytest.mark.parametrize("pattern", ["kv[0]", "kv[*", "urn:pulumi:dev::*::kv[0]"])
def test_a_star_alone_stands_for_other_text_in_a_waiver(pattern: str) -> None:
    waivers = {"waivers": [{"resource": pattern, "reason": REASON}]}
    reported, told = run(waivers, replace(OPEN, name="kv[0]"))
    assert (len(reported), len(told)) == (0, 1)
    for other in ("kv0", "kv?", "kw[0]"):
        reported, told = run(waivers, replace(OPEN, name=other))
        assert (len(reported), len(told)) == (2, 0)


def test_a_resource_that_is_called_like_the_urn_of_a_waived_one_is_not_waived() -> None:
    reported, told = run(
        {"waivers": [{"resource": "urn:pulumi:local::shop::*", "reason": REASON}]},
        replace(OPEN, name="urn:pulumi:local::shop::kv"),
    )
    assert (len(reported), len(told)) == (2, 0)


def test_a_waiver_holds_to_its_last_day() -> None:
    waivers = {"waivers": [{"resource": "kv", "reason": REASON, "until": "2026-06-01"}]}
    reported, told = run(waivers, today=date(2026, 6, 1))
    assert reported == []
    assert told == [
        f"{RULE}: vault kv can be purged, and its secrets with it. Waived: {REASON} Until 2026-06-01."
    ]
    reported, told = run(waivers, today=date(2026, 6, 2))
    assert [message.splitlines()[1] for message in reported] == [
        f"Waived until 2026-06-01, which has passed: {REASON}"
    ] * 2
    assert told == []


def test_of_two_waivers_the_one_that_has_not_ended_holds() -> None:
    ended = {"resource": "kv", "reason": REASON, "until": "2026-05-31"}
    reported, told = run({"waivers": [ended, {"resource": "k*", "reason": REASON}]})
    assert (reported, len(told)) == ([], 1)


def test_a_name_breaks_out_of_no_line() -> None:
    hostile = Given(OPEN.type, "kv\nNext: nothing\x1b[2K", OPEN.props)
    ((_, message),) = judge(RULE, hostile)
    first = message.splitlines()[0]
    assert first == "vault kv\\u000aNext: nothing\\u001b[2K can be purged, and its secrets with it."
    _, (told,) = run({"waivers": [{"resource": "*", "reason": REASON}]}, hostile)
    assert "\n" not in told
    assert "\x1b" not in told


def test_every_rule_can_be_waived_and_says_where_it_comes_from() -> None:
    by_name = {policy.name: policy for policy in policies()}
    assert list(by_name) == [SAID, *(rule.id for rule in RULES), WAIVED]
    for rule in RULES:
        policy = by_name[rule.id]
        assert policy.config_schema is not None
        assert {"waivers", *rule.options} == set(policy.config_schema.properties)
        assert policy.remediation_steps == rule.step
        assert rule.source.startswith("https://learn.microsoft.com/")
        for sentence in (rule.what, rule.why, rule.step):
            assert sentence.endswith(".")


def test_what_stops_a_run_and_what_only_tells() -> None:
    advisory = {policy.name for policy in policies() if policy.enforcement_level is EnforcementLevel.ADVISORY}
    assert advisory == {
        SAID,
        "api-version-retirement",
        "cluster-nodes-closed",
        "cluster-workload-identity",
        "connections-network-closed",
        "container-app-asks-who",
        "container-environment-network-closed",
        "container-group-no-public-address",
        "cosmos-network-closed",
        "grant-data-role-on-resource",
        "host-has-identity",
        "machine-encrypted-at-host",
        "machine-trusted-launch",
        "namespace-network-closed",
        "redis-network-closed",
        "registry-network-closed",
        "required-tags",
        "topic-network-closed",
        "service-network-closed",
        WAIVED,
    }


def test_the_page_tells_of_every_rule_as_it_is() -> None:
    assert PAGE.read_text() == written_into(PAGE.read_text()), "run: .venv/bin/python -m policy.document"


def test_every_role_that_a_component_gives_can_be_weighed() -> None:
    for role in Role:
        weighed = built_in(role_facts(role).guid)
        assert weighed is not None
        assert (weighed.name, bool(weighed.data_actions)) == (role.value, role_facts(role).acts_on_data)
