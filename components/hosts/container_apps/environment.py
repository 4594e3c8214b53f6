"""Where container apps and jobs run: their network, and where their logs go, without a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import app

from ...arguments import Arguments
from ...choices import read_once
from ...contract import CONTAINER_APP_ENVIRONMENT as TOKEN
from ...deployer import deployer_contract
from ...diagnostics import DiagnosticsArgs, read_diagnostics, send_diagnostics
from ...elsewhere import Elsewhere, read_elsewhere
from ...names.containers import CONTAINER_ENVIRONMENT
from ...naming import Naming, read_name
from ...options import checked_options
from ...outputs import register_outputs
from ...placement import Placement, read_placement
from ...references import SUBNET, id_form
from ...tags import ForeignTagsArgs, read_foreign_tags

CONSUMPTION: Final = "Consumption"
_BY_SETTING, _NOWHERE = "azure-monitor", "none"
"""Where logs go. The third, log-analytics, takes a workspace's shared key.
https://learn.microsoft.com/azure/container-apps/log-options"""


class ContainerAppEnvironmentArgs(DiagnosticsArgs, ForeignTagsArgs):
    """Arguments of ContainerAppEnvironment."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create it in."""
    environment_name: NotRequired[pulumi.Input[str]]
    """Name, unique in its resource group, 2 to 60 characters; left out, cae-<name>-<stack>-<random>."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet that all apps run in, /27 or larger, delegated to Microsoft.App/environments; left out, none."""
    internal: NotRequired[bool]
    """Whether apps are reached from that network alone; left out, false."""
    zone_redundant: NotRequired[bool]
    """Whether replicas are spread over the region's zones, which takes a subnet; left out, false."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the environment; left out, none."""


@dataclass(frozen=True)
class EnvironmentChoices:
    """The arguments, read and checked."""

    component: str
    name: pulumi.Output[str] | None
    subnet_id: pulumi.Output[str] | None
    is_internal: bool
    is_zone_redundant: bool
    workspace_id: pulumi.Output[str] | None
    place: Placement
    elsewhere: Elsewhere
    foreign_tags: tuple[str, ...]


class ContainerAppEnvironment(pulumi.ComponentResource):
    """The environment of container apps and jobs. Nothing in it takes a key: its logs go where a diagnostic
    setting says, and traffic between its apps is encrypted.

    Source: https://learn.microsoft.com/azure/container-apps/environment
    """

    environment_id: pulumi.Output[str]
    """Resource id of the environment, for apps and jobs."""
    name: pulumi.Output[str]
    """Name of the environment in Azure."""
    default_domain: pulumi.Output[str]
    """What the addresses of its apps end with."""
    static_ip: pulumi.Output[str]
    """Address that its apps are reached at; of an internal one, in its subnet."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(
        self, name: str, args: ContainerAppEnvironmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known."""
        choices = read_once("ContainerAppEnvironment", name, args, ContainerAppEnvironmentArgs, _read)
        super().__init__(
            TOKEN, name, {}, checked_options("ContainerAppEnvironment", name, opts, choices.foreign_tags)
        )
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.environment = self._environment(name, choices)
        # Each kind of log has a table of its own; the others are for a shared key.
        self.diagnostics = send_diagnostics(
            self, name, self.environment.id, choices.workspace_id, own_tables=True
        )
        self.id = self.environment_id = self.environment.id
        self.name = self.environment.name
        self.default_domain = self.environment.default_domain
        self.static_ip = self.environment.static_ip
        group = choices.place.resource_group_name
        self.deployer_contract = deployer_contract(self, choices.elsewhere, group)
        register_outputs(self)

    def _environment(self, name: str, choices: EnvironmentChoices) -> app.ManagedEnvironment:
        vnet = None
        if choices.subnet_id is not None:
            vnet = app.VnetConfigurationArgs(
                infrastructure_subnet_id=choices.subnet_id, internal=choices.is_internal
            )
        return app.ManagedEnvironment(
            name,
            app_logs_configuration=app.AppLogsConfigurationArgs(
                destination=_NOWHERE if choices.workspace_id is None else _BY_SETTING
            ),
            environment_name=Naming(self, name).choose(choices.name, CONTAINER_ENVIRONMENT),
            location=choices.place.location,
            peer_traffic_configuration=app.ManagedEnvironmentPeerTrafficConfigurationArgs(
                encryption=app.ManagedEnvironmentEncryptionArgs(enabled=True)
            ),
            public_network_access="Disabled" if choices.is_internal else "Enabled",
            resource_group_name=choices.place.resource_group_name,
            tags=choices.place.tags,
            vnet_configuration=vnet,
            workload_profiles=[
                # The SDK's class would send what older api-versions do not know.
                {"name": CONSUMPTION, "workload_profile_type": CONSUMPTION}
            ],
            zone_redundant=choices.is_zone_redundant,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )


def _read(arguments: Arguments) -> EnvironmentChoices:
    arguments.require("resource_group_name", "the resource group to create the environment in")
    flags = {key: arguments.flag(key, False) for key in ("internal", "zone_redundant")}
    for key, is_set in flags.items():
        if is_set and not arguments.has("subnet_id"):
            step = f"give subnet_id, or take {key} out"
            arguments.refuse(key, "true, without subnet_id", "a network of your own with it", step)
    return EnvironmentChoices(
        component=arguments.component,
        name=read_name(arguments, "environment_name", CONTAINER_ENVIRONMENT),
        subnet_id=arguments.text("subnet_id", id_form(SUBNET)),
        is_internal=flags["internal"],
        is_zone_redundant=flags["zone_redundant"],
        workspace_id=read_diagnostics(arguments),
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, ContainerAppEnvironmentArgs),
        foreign_tags=read_foreign_tags(arguments),
    )
