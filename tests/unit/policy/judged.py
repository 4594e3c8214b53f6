"""Resources put to a rule as the engine does it: properties that are unknown raise when they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from pulumi_policy import (
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import unknown_checking_proxy

from access_report.resources import UNKNOWN
from policy.pack import SAID, policies

__all__ = ["UNKNOWN", "Given", "finding", "findings", "judge", "judge_all", "pack", "resource_args"]

SUBSCRIPTION = "/subscriptions/5ab5c000-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-shop"
TODAY = date(2026, 6, 1)


@dataclass
class Given:
    """One resource: what the program says, what a value is made from, and what Azure answers besides."""

    type: str
    name: str
    props: Mapping[str, Any]
    follows: Mapping[str, Sequence["Given"]] = field(default_factory=dict[str, Sequence["Given"]])
    parent: "Given | None" = None
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    is_read: bool = False
    """Whether the program only reads it: the engine puts it to rules on the whole stack alone."""
    stack: str = "dev::shop"
    """The stack and its project, as a URN has them."""

    @property
    def token(self) -> str:
        return self.type if ":" in self.type.partition(":")[2] else f"azure-native:{self.type}"

    @property
    def urn(self) -> str:
        return f"urn:pulumi:{self.stack}::{self.token}::{self.name}"


def pack(today: date = TODAY) -> dict[str, Policy]:
    return {policy.name: policy for policy in policies(today=lambda: today)}


def judge(
    rule: str | Policy, *given: Given, config: Mapping[str, Any] | None = None, today: date = TODAY
) -> list[tuple[str, str]]:
    """What a rule reports: the name of the resource, and the message."""
    return _Judged(given, today).by(rule, config)


def judge_all(
    *given: Given, configs: Mapping[str, Mapping[str, Any]], today: date = TODAY
) -> dict[str, list[tuple[str, str]]]:
    """What each rule of `configs` reports with its configuration, asked one after the other as in one run."""
    judged = _Judged(given, today)
    return {rule: judged.by(rule, config) for rule, config in configs.items()}


class _Judged:
    """The resources of one run, and the pack that is asked about them."""

    def __init__(self, given: Sequence[Given], today: date) -> None:
        self._given = given
        self._made = [one for one in given if not one.is_read]
        self._policies = pack(today)

    @cached_property
    def _stack(self) -> list[PolicyResource]:
        """What rules on the whole stack are asked about, after what is said of each resource was noted."""
        self._validate(self._policies[SAID], None, _reports_nothing)
        return _resources(self._given)

    def by(self, rule: str | Policy, config: Mapping[str, Any] | None) -> list[tuple[str, str]]:
        policy = self._policies[rule] if isinstance(rule, str) else rule
        found: list[tuple[str, str]] = []

        def report(message: str, urn: str | None = None) -> None:
            found.append(((urn or "").rpartition("::")[2], message))

        if isinstance(policy, StackValidationPolicy):
            stack = StackValidationArgs(self._stack, config)
            policy.validate(stack, report)  # pyright: ignore[reportUnknownMemberType]
        else:
            self._validate(policy, config, report)
        return found

    def _validate(self, policy: Policy, config: Mapping[str, Any] | None, report: ReportViolation) -> None:
        assert isinstance(policy, ResourceValidationPolicy)
        for one in self._made:
            policy.validate(resource_args(one, config), report)  # pyright: ignore[reportUnknownMemberType]


def _reports_nothing(message: str, urn: str | None = None) -> None:
    raise AssertionError(message, urn)


def findings(rule: str, *given: Given, config: Mapping[str, Any] | None = None) -> list[str]:
    """The first line of each finding: what is wrong."""
    return [message.splitlines()[0] for _, message in judge(rule, *given, config=config)]


def finding(rule: str, *given: Given) -> str:
    (one,) = findings(rule, *given)
    return one


def resource_args(one: Given, config: Mapping[str, Any] | None) -> ResourceValidationArgs:
    props = unknown_checking_proxy(dict(one.props))
    return ResourceValidationArgs(one.token, props, one.urn, one.name, _options(), None, dict(config or {}))


def _resources(given: Sequence[Given]) -> list[PolicyResource]:
    made = {
        one.urn: PolicyResource(
            one.token,
            _outputs(one),
            one.urn,
            one.name,
            _options(),
            None,
            None,
            [],
            {},
        )
        for one in given
    }
    for one in given:
        resource = made[one.urn]
        if one.parent is not None:
            resource.parent = made[one.parent.urn]
        resource.property_dependencies = {
            key: [made[other.urn] for other in others] for key, others in one.follows.items()
        }
    return list(made.values())


def _outputs(one: Given) -> dict[str, Any]:
    return unknown_checking_proxy({**one.props, **one.answers})


def _options() -> PolicyResourceOptions:
    return PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)
