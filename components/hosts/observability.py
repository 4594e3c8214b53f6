"""What an app tells of itself: logs and metrics to a workspace, telemetry to Application Insights.

Source: https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NotRequired

import pulumi
from pulumi_azure_native import applicationinsights

from ..arguments import Arguments
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..errors import ConfigurationError, Problem
from ..identity import IdentityKind
from ..links.link import IdentityIds, Told, Variables
from ..links.needs import Need
from ..links.role_need import RoleNeed
from ..links.scope import Scope
from ..names.monitor import APPLICATION_INSIGHTS as NAME
from ..naming import Naming, read_name
from ..placement import Placement
from ..references import APPLICATION_INSIGHTS, WORKSPACE, id_form
from ..roles import Role

_GRANT: Final = "insights"
"""How the name of the grant there ends."""
CONNECTION_STRING: Final = "APPLICATIONINSIGHTS_CONNECTION_STRING"
AUTHENTICATION: Final = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"
_VARIABLES: Final = (CONNECTION_STRING, AUTHENTICATION)
_WORKSPACE: Final = "application_insights_workspace_id"
_ID: Final = "application_insights_id"


class ObservabilityArgs(DiagnosticsArgs):
    """Where logs, metrics and telemetry go."""

    application_insights_workspace_id: NotRequired[pulumi.Input[str]]
    """Log Analytics workspace to create the app's Application Insights on; left out, none is created."""
    application_insights_name: NotRequired[pulumi.Input[str]]
    """Name of that Application Insights; left out, appi-<name>-<stack>-<random>."""
    application_insights_id: NotRequired[pulumi.Input[str]]
    """Existing Application Insights, whose local authentication must be off; left out, see the workspace."""


@dataclass(frozen=True)
class ObservabilityChoices:
    """The arguments of observability, read and checked."""

    component: str
    diagnostics_workspace_id: pulumi.Output[str] | None
    insights_workspace_id: pulumi.Output[str] | None
    insights_name: pulumi.Output[str] | None
    insights: Scope | None
    """An existing one."""

    @property
    def has_insights(self) -> bool:
        return self.insights_workspace_id is not None or self.insights is not None

    @property
    def source(self) -> str:
        return _ID if self.insights is not None else _WORKSPACE

    @property
    def variables(self) -> Variables:
        """The settings that are derived; an app without Application Insights may have its own."""
        return [(name, self.source) for name in _VARIABLES] if self.has_insights else []

    @property
    def later_grants(self) -> Mapping[str, str]:
        """The name of the grant that follows once there is Application Insights, to what it is from."""
        return {_GRANT: self.source} if self.has_insights else {}


@dataclass(frozen=True)
class InsightsLink:
    """The link to Application Insights: the identity may write there, and code is told where."""

    resource: "applicationinsights.Component"
    scope: Scope
    connection_string: pulumi.Output[str]
    source: str
    grants_here: bool = True

    @property
    def variables(self) -> Variables:
        return [(name, self.source) for name in _VARIABLES]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return _VARIABLES

    def needs(self) -> Sequence[Need]:
        return [RoleNeed(_GRANT, Role.MONITORING_METRICS_PUBLISHER, self.scope, self.source)]

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        """The connection string holds the instrumentation key, which lets nobody in: local authentication is
        off.
        """
        authentication = pulumi.Output.from_input("Authorization=AAD")
        if ids.client_id is not None:
            authentication = ids.client_id.apply(lambda id: f"ClientId={id};Authorization=AAD")
        return {CONNECTION_STRING: self.connection_string, AUTHENTICATION: authentication}

    def known(self) -> Mapping[str, Any]:
        return {}


def read_observability(arguments: Arguments, identity: IdentityKind) -> ObservabilityChoices:
    workspace_key, id_key = _WORKSPACE, _ID
    created = (workspace_key, "application_insights_name")
    arguments.exclude(id_key, created, "Application Insights is adopted or created")
    if arguments.has("application_insights_name") and not any(
        arguments.has(k) for k in (workspace_key, id_key)
    ):
        step = f"give {workspace_key} too, or take application_insights_name out"
        expected = f"{workspace_key} with it"
        arguments.refuse("application_insights_name", "a name of what is not created", expected, step)
    if identity is IdentityKind.NONE:
        for key in (workspace_key, id_key):
            if arguments.has(key):
                step = f"set identity to user-assigned, or take {key} out"
                expected = "an identity that sends the telemetry"
                arguments.refuse(f"identity and {key}", f"none, with {key}", expected, step)
    id = arguments.text(id_key, id_form(APPLICATION_INSIGHTS))
    return ObservabilityChoices(
        component=arguments.component,
        diagnostics_workspace_id=read_diagnostics(arguments),
        insights_workspace_id=arguments.text(workspace_key, id_form(WORKSPACE)),
        insights_name=read_name(arguments, "application_insights_name", NAME),
        insights=None if id is None else Scope.of(arguments.raw(id_key), id),
    )


def insights_link(
    parent: pulumi.Resource, name: str, choices: ObservabilityChoices, place: Placement, naming: Naming
) -> InsightsLink | None:
    """Application Insights, created or read by its full id; None where neither was asked for."""
    if choices.insights is not None:
        found = applicationinsights.Component.get(
            name, choices.insights.id, pulumi.ResourceOptions(parent=parent)
        )
        string = pulumi.Output.all(found.connection_string, found.disable_local_auth).apply(
            lambda known: _without_keys(choices.component, str(known[0]), known[1])
        )
        return InsightsLink(found, choices.insights, string, choices.source)
    if choices.insights_workspace_id is None:
        return None
    made = applicationinsights.Component(
        name,
        application_type=applicationinsights.ApplicationType.WEB,
        # Only tokens are accepted, so that the key in the connection string is none.
        disable_local_auth=True,
        ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
        kind="web",
        location=place.location,
        resource_group_name=place.resource_group_name,
        resource_name_=naming.choose(choices.insights_name, NAME),
        tags=place.tags,
        workspace_resource_id=choices.insights_workspace_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return InsightsLink(made, Scope.of(made.id, made.id), made.connection_string, choices.source)


def _without_keys(component: str, connection_string: str, local_authentication_is_off: object) -> str:
    if local_authentication_is_off is True:
        return connection_string
    command = "az resource update --ids <id> --set properties.DisableLocalAuth=true"
    step = f"switch its local authentication off: `{command}`"
    expected = "one that accepts tokens only, so that the key in the app's settings lets nobody in"
    given = "an Application Insights with local authentication on"
    raise ConfigurationError(component, [Problem("application_insights_id", given, expected, step)])
