"""A job of Container Apps as a host: something that runs as an identity to its end."""

import pulumi
from pulumi_azure_native import app

from ...choices import read_once
from ...contract import CONTAINER_APP_JOB as TOKEN
from ...names.containers import CONTAINER_JOB
from .job_arguments import ContainerAppJobArgs, ContainerAppJobChoices, read_container_app_job
from .workload import Workload, principal_of


class ContainerAppJob(Workload):
    """A container that runs to its end, by the clock, by events or by hand, with an identity and no secret.

    Image and secrets are read when the job is written, so its identity is let in before.
    Source: https://learn.microsoft.com/azure/container-apps/jobs
    """

    job_id: pulumi.Output[str]
    """Resource id of the job."""
    name: pulumi.Output[str]
    """Name of the job in Azure."""

    def __init__(
        self, name: str, args: ContainerAppJobArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known."""
        choices = read_once("ContainerAppJob", name, args, ContainerAppJobArgs, read_container_app_job)
        super().__init__(TOKEN, name, choices.work, opts)
        if self.is_looked_up:
            return
        self.job = self.declare_between(lambda: self._job(choices), principal=principal_of)
        self.job_id, self.name = self.job.id, self.job.name
        self.send_diagnostics(has_logs=False)
        self.finished(choices.work.elsewhere)

    def _job(self, choices: ContainerAppJobChoices) -> app.Job:
        called = self.naming.choose(choices.job_name, CONTAINER_JOB)
        self.runs_as.named_as(called)
        return app.Job(
            self.called,
            configuration=choices.configuration(self.asks_as, self.spell_access()),
            job_name=called,
            **self.of_both(),
            template=app.JobTemplateArgs(containers=[self.container("job")]),
            opts=self.written("app:Job"),
        )
