"""The rules as policies of `pulumi-policy`: configuration and waivers in, findings in words out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from threading import Lock
from typing import Any, Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from access_report.following import Directory
from access_report.resources import Resource, Values
from policy.configuration import WAIVED
from policy.reading import resource_of, snapshot_of
from policy.rule import Options, ResourceRule, Rule, StackRule
from policy.rules import RULES
from policy.visible import visible_all
from policy.waivers import SCHEMA, Waiver, read_waivers

SAID: Final = "what-is-said"
"""Id of the policy that notes what the program says. It reports nothing."""

Today = Callable[[], date]


class Waived:
    """The waived findings of one run: a policy of its own reports them, as a mandatory one would stop the
    run with whatever it reports.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], str] = {}
        self._lock = Lock()  # the engine asks about several resources at once

    def note(self, rule: Rule, resource: Resource, clause: str, waiver: Waiver) -> None:
        end = f" Until {waiver.until}." if waiver.until else ""
        with self._lock:
            self._found[rule.id, resource.urn, clause] = visible_all(
                f"{rule.id}: {clause}. Waived: {waiver.reason}{end}"
            )

    def report(self, report: ReportViolation) -> None:
        with self._lock:
            found, self._found = self._found, {}
        for (_, urn, _), text in sorted(found.items()):
            report(text, urn)


class Said:
    """What the program says of each resource, by URN: asked about a stack, the engine tells only what Azure
    answered, in which a slot's name or the list of a site's identities is not to be found.
    """

    def __init__(self) -> None:
        self.inputs: dict[str, Values] = {}

    def policy(self) -> Policy:
        def validate(args: ResourceValidationArgs, _: ReportViolation) -> None:
            self.inputs[args.urn] = resource_of(args).inputs

        what = "Notes what the program says, for the rules on whole stacks. It reports nothing."
        return ResourceValidationPolicy(SAID, what, validate, enforcement_level=EnforcementLevel.ADVISORY)


def policies(rules: Iterable[Rule] = RULES, today: Today = date.today) -> list[Policy]:
    """The policies of one run, in the order in which they have to be asked."""
    said, waived = Said(), Waived()
    return [said.policy(), *(_policy(rule, said, waived, today) for rule in rules), _waived_policy(waived)]


def _policy(rule: Rule, said: Said, waived: Waived, today: Today) -> Policy:
    def tell(resource: Resource, clause: str, config: Mapping[str, Any], report: ReportViolation) -> None:
        named = [one for one in read_waivers(config.get("waivers") or ()) if one.names(resource)]
        for waiver in named:
            if not waiver.is_over(today()):
                waived.note(rule, resource, clause, waiver)
                return
        report(_finding(rule, clause, named), resource.urn)

    if isinstance(rule, ResourceRule):
        return _resource_policy(rule, tell, today)
    assert isinstance(rule, StackRule)
    return _stack_policy(rule, said, tell, today)


def _finding(rule: Rule, clause: str, ended: Iterable[Waiver]) -> str:
    """What is wrong, why, and what to do; also with waivers that named it and have ended."""
    lines = [f"{visible_all(clause)}."]
    lines += [f"Waived until {one.until}, which has passed: {visible_all(one.reason)}" for one in ended]
    lines += [f"Why: {rule.why}", f"Next: {rule.step}", f"Rule: {rule.id}", f"See: {rule.source}"]
    return "\n".join(lines)


Tell = Callable[[Resource, str, Mapping[str, Any], ReportViolation], None]


def _resource_policy(rule: ResourceRule, tell: Tell, today: Today) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if not _is_judged(rule, args.resource_type):
            return  # before its properties are read: most are of no concern to most rules
        resource, config = resource_of(args), args.get_config() or {}
        for clause in rule.judge(resource, _options(rule, config, today())):
            tell(resource, clause, config, report)

    return ResourceValidationPolicy(
        rule.id,
        rule.what,
        validate,
        enforcement_level=rule.level,
        config_schema=_schema(rule),
        remediation_steps=rule.step,
        url=rule.source,
    )


def _is_judged(rule: ResourceRule, type_: str) -> bool:
    key = Resource("", type_).key_of_type
    return not rule.types or key in rule.types or type_ in rule.types


def _stack_policy(rule: StackRule, said: Said, tell: Tell, today: Today) -> Policy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        directory, config = Directory(snapshot_of(args.resources, said.inputs)), args.get_config() or {}
        for resource, clause in rule.judge(directory, _options(rule, config, today())):
            tell(resource, clause, config, report)

    return StackValidationPolicy(
        rule.id,
        rule.what,
        validate,
        enforcement_level=rule.level,
        config_schema=_schema(rule),
        remediation_steps=rule.step,
        url=rule.source,
    )


def _waived_policy(waived: Waived) -> Policy:
    def validate(_: StackValidationArgs, report: ReportViolation) -> None:
        waived.report(report)

    what = "What breaks a rule and was waived is told, with the reason."
    return StackValidationPolicy(WAIVED, what, validate, enforcement_level=EnforcementLevel.ADVISORY)


def _options(rule: Rule, config: Mapping[str, Any], today: date) -> Options:
    return Options({name: config.get(name, option.default) for name, option in rule.options.items()}, today)


def _schema(rule: Rule) -> PolicyConfigSchema:
    options = {name: {**option.schema, "default": option.default} for name, option in rule.options.items()}
    return PolicyConfigSchema({"waivers": dict(SCHEMA), **options})
