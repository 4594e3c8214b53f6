"""The arguments of a job: what starts it, and what ends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import app

from ...arguments import Arguments
from ...names.containers import CONTAINER_JOB
from ...naming import read_name
from .scaling import ScaleRule, ScaleRuleArgs, read_scale_rules
from .schedule import SCHEDULE
from .workload import Access, WorkloadArgs, WorkloadChoices, read_workload

_LONGEST: Final = 604_800
"""Seconds of a week."""


class ContainerAppJobArgs(WorkloadArgs):
    """Arguments of ContainerAppJob: started by hand, unless a schedule or rules start it."""

    job_name: NotRequired[pulumi.Input[str]]
    """Name, unique in its resource group, 2 to 32 characters; left out, caj-<name>-<stack>-<random>."""
    schedule: NotRequired[str]
    """When it starts, five fields of cron in UTC such as 0 3 * * *; left out, not by the clock."""
    scale_rules: NotRequired[Mapping[str, ScaleRuleArgs]]
    """Events that start executions, by names of your own; left out, not by events."""
    max_executions: NotRequired[int]
    """Executions that rules start at once, 1 to 100; left out, 10."""
    timeout_seconds: NotRequired[int]
    """Seconds that an execution may take, up to a week; left out, 1800."""
    retries: NotRequired[int]
    """How often a replica that failed is started again, 0 to 10; left out, 0."""
    parallelism: NotRequired[int]
    """Replicas of one execution, all of which have to succeed, 1 to 100; left out, 1."""


@dataclass(frozen=True)
class ContainerAppJobChoices:
    """The arguments, read and checked. `schedule` is None for a job that no clock starts."""

    work: WorkloadChoices
    job_name: pulumi.Output[str] | None
    schedule: str | None
    rules: Sequence[ScaleRule]
    max_executions: int
    timeout_seconds: int
    retries: int
    parallelism: int

    def configuration(self, identity: pulumi.Input[str], access: Access) -> app.JobConfigurationArgs:
        """What starts it, by Azure's names. Rules are asked as `identity`."""
        kinds, parallelism = app.TriggerType, self.parallelism
        manual = app.JobConfigurationManualTriggerConfigArgs(
            parallelism=parallelism, replica_completion_count=parallelism
        )
        timed, event = None, None
        if self.schedule is not None:
            timed = app.JobConfigurationScheduleTriggerConfigArgs(
                cron_expression=self.schedule, parallelism=parallelism, replica_completion_count=parallelism
            )
        if self.rules:
            event = app.JobConfigurationEventTriggerConfigArgs(
                parallelism=parallelism,
                replica_completion_count=parallelism,
                scale=app.JobScaleArgs(
                    max_executions=self.max_executions,
                    min_executions=0,
                    rules=[
                        app.JobScaleRuleArgs(
                            identity=identity if one.asks else None,
                            metadata=one.metadata,
                            name=one.name,
                            type=one.type,
                        )
                        for one in self.rules
                    ],
                ),
            )
        kind = kinds.SCHEDULE if timed else kinds.EVENT if event else kinds.MANUAL
        return app.JobConfigurationArgs(
            event_trigger_config=event,
            manual_trigger_config=manual if kind is kinds.MANUAL else None,
            replica_retry_limit=self.retries,
            replica_timeout=self.timeout_seconds,
            schedule_trigger_config=timed,
            trigger_type=kind,
            **access,
        )


def read_container_app_job(arguments: Arguments) -> ContainerAppJobChoices:
    """Problems are noted in `arguments`."""
    work = read_workload(arguments, ContainerAppJobArgs)
    arguments.exclude("schedule", ("scale_rules",), "a job is started by the clock or by events")
    schedule = arguments.plain_text("schedule", "")
    if schedule and not SCHEDULE.holds(schedule):
        step = f"give {SCHEDULE.words}"
        arguments.refuse("schedule", SCHEDULE.refused(schedule), SCHEDULE.words, step)
    if arguments.has("max_executions") and not arguments.raw("scale_rules"):
        step = "give scale_rules, or take max_executions out"
        arguments.refuse("max_executions", "a number of what nothing starts", "scale_rules with it", step)
    return ContainerAppJobChoices(
        work=work,
        job_name=read_name(arguments, "job_name", CONTAINER_JOB),
        schedule=schedule or None,
        rules=read_scale_rules(arguments, work.identity.kind),
        max_executions=arguments.whole_number("max_executions", 10, 1, 100),
        timeout_seconds=arguments.whole_number("timeout_seconds", 1800, 1, _LONGEST),
        retries=arguments.whole_number("retries", 0, 0, 10),
        parallelism=arguments.whole_number("parallelism", 1, 1, 100),
    )
