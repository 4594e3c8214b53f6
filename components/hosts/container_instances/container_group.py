"""A container group on Azure Container Instances (Linux) as a host: something that runs as an identity."""

from typing import Final

import pulumi
import pulumi_random as random
from pulumi_azure_native import containerinstance
from pulumi_azure_native.containerinstance.outputs import (
    ContainerGroupIdentityResponse,
    IpAddressResponse,
)

from ...choices import read_once
from ...contract import CONTAINER_GROUP as TOKEN
from ...existing import explained
from ...identity import IdentityKind
from ...names.containers import CONTAINER_GROUP
from ...tried_again import while_refused
from ...unknowns import answered
from ..host import Host
from ..without_references import plain
from .container_group_arguments import (
    ANSWERS,
    CREDENTIAL,
    ContainerGroupArgs,
    ContainerGroupChoices,
    read_container_group,
)
from .environment import environment_of
from .image_pull import REFUSAL, explain_refusal


class ContainerGroup(Host):
    """Containers that run on one machine as one identity, and hold no secret.

    Its images are pulled with the identity, which is let in to the registry before the group is created.
    Source: https://learn.microsoft.com/azure/container-instances/container-instances-managed-identity
    """

    group_id: pulumi.Output[str]
    """Resource id of the container group."""
    name: pulumi.Output[str]
    """Name of the container group in Azure."""
    ip_address: pulumi.Output[str | None]
    """Address of its ports, in its subnet or public; null where it has none."""
    fqdn: pulumi.Output[str | None]
    """Public host name of its ports; null without dns_name_label."""

    def __init__(
        self, name: str, args: ContainerGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once("ContainerGroup", name, args, ContainerGroupArgs, read_container_group, ANSWERS)
        super().__init__(TOKEN, name, choices, opts)
        if self.is_looked_up:
            return
        group_name = self.naming.choose(choices.name, CONTAINER_GROUP)
        self.runs_as.named_as(group_name)
        self.group = self.declare_between(
            lambda: self._group(choices, group_name),
            principal=lambda made: (answered(made.identity, _principal_id, "its principal id"), made.name),
        )
        self.group_id, self.name = self.group.id, self.group.name
        self.ip_address = self.group.ip_address.apply(_address)
        self.fqdn = self.group.ip_address.apply(_host_name)
        self.send_diagnostics()
        self.finished(choices.elsewhere)

    def _group(
        self, choices: ContainerGroupChoices, group_name: pulumi.Output[str]
    ) -> containerinstance.ContainerGroup:
        has_identity = choices.identity.kind is not IdentityKind.NONE
        told = choices.settings.with_derived(
            plain(self.runs_as.told(self.links)), CREDENTIAL if has_identity else {}
        )
        environment, pull = environment_of(told), choices.pull
        kind, ids = self.runs_as.attachment(containerinstance.ResourceIdentityType)
        return containerinstance.ContainerGroup(
            self.called,
            container_group_name=group_name,
            containers=[container.declared(environment) for container in choices.containers],
            identity=containerinstance.ContainerGroupIdentityArgs(type=kind, user_assigned_identities=ids),
            image_registry_credentials=None if pull is None else [pull.credential(self.runs_as.ids)],
            ip_address=choices.network.ip_address(choices.ports),
            location=choices.place.location,
            os_type=containerinstance.OperatingSystemTypes.LINUX,
            resource_group_name=choices.place.resource_group_name,
            restart_policy=choices.restart_policy.value,
            subnet_ids=choices.network.subnet_ids,
            tags=choices.place.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A replacement keeps the name, which is taken until the old group is gone.
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
                hooks=explained(
                    self,
                    self.called,
                    "containerinstance:ContainerGroup",
                    explain_refusal,
                    retry=None if pull is None else while_refused(REFUSAL, self, _WAITING),
                ),
                replace_on_changes=choices.replaced_on,
                replace_with=[self._once_for(choices.names)],
            ),
        )

    def _once_for(self, containers: str) -> random.RandomString:
        """What is made anew when there are other containers, and the group with it: a path in
        replace_on_changes names no container that was not there before. The option replacement_trigger does,
        and no transform of a user's that answers options gets past it in pulumi 3.272.
        """
        return random.RandomString(
            f"{self.called}-containers",
            keepers={"containers": containers},
            length=8,
            special=False,
            opts=pulumi.ResourceOptions(parent=self),
        )


_WAITING: Final = (
    "An image cannot be pulled yet. A grant takes up to ten minutes to be honoured, so it is tried again for "
    "as long; an image that is not in the registry looks the same"
)


def _principal_id(identity: ContainerGroupIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None


def _address(address: IpAddressResponse | None) -> str | None:
    return address.ip if address else None


def _host_name(address: IpAddressResponse | None) -> str | None:
    return address.fqdn if address else None
