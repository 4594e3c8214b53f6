"""A logic app of the Consumption plan as a host: a workflow that runs as an identity and holds no secret."""

from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import quote

import pulumi
from pulumi_azure_native import logic
from pulumi_azure_native.logic.outputs import ManagedServiceIdentityResponse

from ...choices import read_once
from ...contract import LOGIC_APP as TOKEN
from ...names.app_service import LOGIC_APP
from ...unknowns import answered
from ..host import Host
from ..identity import HostIdentity
from ..without_references import plain
from .logic_app_arguments import ANSWERS, LogicAppArgs, LogicAppChoices, read_logic_app

_VERSION: Final = "2016-10-01"
"""Of the interface that calls a trigger."""


class LogicApp(Host):
    """A workflow whose actions reach other services as its identity, and whose triggers take tokens alone.

    Source: https://learn.microsoft.com/azure/logic-apps/authenticate-with-managed-identity
    """

    workflow_id: pulumi.Output[str]
    """Resource id of the workflow."""
    trigger_urls: pulumi.Output[Mapping[str, str]]
    """Address of each Request trigger by its name, without a key: a caller brings a token."""

    def __init__(self, name: str, args: LogicAppArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once("LogicApp", name, args, LogicAppArgs, read_logic_app, ANSWERS)
        super().__init__(TOKEN, name, choices, opts)
        if self.is_looked_up:
            return
        workflow_name = self.naming.choose(choices.name, LOGIC_APP)
        self.runs_as.named_as(workflow_name)
        self.workflow = self.declare_between(
            lambda: self._workflow(choices, workflow_name),
            principal=lambda made: (answered(made.identity, _principal_id, "its principal id"), made.name),
        )
        self.workflow_id, self.name = self.workflow.id, self.workflow.name
        triggers = choices.definition.request_triggers
        self.trigger_urls = self.workflow.access_endpoint.apply(
            lambda endpoint: {one: _address(endpoint, one) for one in triggers}
        )
        self.send_diagnostics()
        self.finished(choices.elsewhere)

    def _workflow(self, choices: LogicAppChoices, workflow_name: pulumi.Output[str]) -> logic.Workflow:
        told = choices.settings.with_derived(plain(self.runs_as.told(self.links)))
        identity_id = self.runs_as.ids.identity_id
        return logic.Workflow(
            self.called,
            access_control=choices.access_control.declared(self),
            definition=_definition(choices, told, identity_id),
            identity=_attachment(self.runs_as),
            location=choices.place.location,
            parameters=_parameters(told),
            resource_group_name=choices.place.resource_group_name,
            state=logic.WorkflowState.ENABLED if choices.is_enabled else logic.WorkflowState.DISABLED,
            tags=choices.place.tags,
            workflow_name=workflow_name,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A replacement keeps the name, which is taken until the old workflow is gone.
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
            ),
        )


Settings = Mapping[str, pulumi.Input[str]] | pulumi.Output[Mapping[str, pulumi.Input[str]]]


def _definition(choices: LogicAppChoices, told: Settings, identity_id: pulumi.Output[str] | None) -> Any:
    """The names of what is told are known at once, but where the caller's own come later."""
    if isinstance(told, Mapping):
        return choices.definition.written(list(told), identity_id)
    return told.apply(lambda known: choices.definition.written(list(known), identity_id))


def _parameters(told: Settings) -> Any:
    def every(known: Mapping[str, pulumi.Input[str]]) -> dict[str, logic.WorkflowParameterArgsDict]:
        return {name: {"type": logic.ParameterType.STRING, "value": value} for name, value in known.items()}

    return every(told) if isinstance(told, Mapping) else told.apply(every)


def _attachment(identity: HostIdentity) -> logic.ManagedServiceIdentityArgs:
    kind, ids = identity.attachment(logic.ManagedServiceIdentityType)
    return logic.ManagedServiceIdentityArgs(type=kind, user_assigned_identities=ids)


def _principal_id(identity: ManagedServiceIdentityResponse | None) -> str | None:
    return cast(str | None, identity.principal_id) if identity else None


def _address(endpoint: str, trigger: str) -> str:
    """https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#enable-oauth"""
    return f"{endpoint.rstrip('/')}/triggers/{quote(trigger, safe='')}/paths/invoke?api-version={_VERSION}"
