"""A container app as a host: something that runs as an identity, and answers or works in the background."""

import pulumi
from pulumi_azure_native import app
from pulumi_azure_native.app.outputs import ConfigurationResponse

from ...choices import read_once
from ...contract import CONTAINER_APP as TOKEN
from ...names.containers import CONTAINER_APP
from .app_arguments import ContainerAppArgs, ContainerAppChoices, read_container_app
from .workload import Workload, principal_of


class ContainerApp(Workload):
    """A container on Azure Container Apps that reads its secrets from a vault with an identity, and holds
    none.

    Image and secrets are read when the app is written, so its identity is let in before.
    Source: https://learn.microsoft.com/azure/container-apps/managed-identity
    """

    app_id: pulumi.Output[str]
    """Resource id of the app."""
    name: pulumi.Output[str]
    """Name of the app in Azure."""
    url: pulumi.Output[str | None]
    """Address of the app, which keeps its name through all revisions; null without target_port."""
    latest_revision_name: pulumi.Output[str]
    """Name of the revision that was made last."""

    def __init__(self, name: str, args: ContainerAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known."""
        choices = read_once("ContainerApp", name, args, ContainerAppArgs, read_container_app)
        super().__init__(TOKEN, name, choices.work, opts)
        if self.is_looked_up:
            return
        self.app = self.declare_between(lambda: self._app(choices), principal=principal_of)
        self.app_id, self.name = self.app.id, self.app.name
        self.url = self.app.configuration.apply(_url)
        self.latest_revision_name = self.app.latest_revision_name
        self.send_diagnostics(has_logs=False)
        self.finished(choices.work.elsewhere)

    def _app(self, choices: ContainerAppChoices) -> app.ContainerApp:
        called = self.naming.choose(choices.app_name, CONTAINER_APP)
        self.runs_as.named_as(called)
        port = {} if choices.target_port is None else {"PORT": str(choices.target_port)}
        return app.ContainerApp(
            self.called,
            configuration=app.ConfigurationArgs(
                active_revisions_mode=choices.revisions.value,
                ingress=choices.ingress(),
                **self.spell_access(),
            ),
            container_app_name=called,
            **self.of_both(),
            template=app.TemplateArgs(
                containers=[self.container("app", probes=choices.probes(), unless_given=port)],
                scale=choices.scale(self.asks_as),
            ),
            opts=self.written("app:ContainerApp"),
        )


def _url(told: ConfigurationResponse | None) -> str | None:
    return f"https://{told.ingress.fqdn}" if told and told.ingress and told.ingress.fqdn else None
