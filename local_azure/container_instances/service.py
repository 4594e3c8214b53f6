"""Microsoft.ContainerInstance as a service: container groups, each container a program of this machine."""

from collections.abc import Mapping, Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import attached_identities
from local_azure.bodies import properties_of
from local_azure.container_instances.group_rules import GROUPS
from local_azure.container_instances.groups import ContainerGroup, ContainerLogs
from local_azure.container_instances.pulled import origin_of
from local_azure.container_instances.running_groups import RunningGroups
from local_azure.ground import Ground
from local_azure.imds.service import InstanceMetadata
from local_azure.origins import Origin
from local_azure.planes import Listening
from local_azure.service import Service

_UNSERVED: Final = {
    f"{GROUPS}/containers/exec": "commands in a container that runs",
    f"{GROUPS}/containers/attach": "the streams of a container that runs",
    f"{GROUPS}/detectors": "detectors of container groups",
    f"{GROUPS}/outboundNetworkDependenciesEndpoints": "what a group's network has to let out",
    "Microsoft.ContainerInstance/containerGroupProfiles": "profiles of container groups",
    "Microsoft.ContainerInstance/NGroups": "groups of container groups",
    "Microsoft.ContainerInstance/containerScaleSets": "scale sets of container groups",
}


class ContainerInstances(Service):
    """`running` has the containers."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, metadata: InstanceMetadata) -> None:
        self._ground = ground
        self.running = RunningGroups(ground, metadata)
        self.types = (ContainerGroup(ground, self.running), ContainerLogs(ground, self.running))

    @override
    def start(self, listening: Listening) -> None:
        self.running.bind(listening.client_environment)

    @override
    def close(self) -> None:
        self.running.close()

    @override
    def origins(self, principal_id: str) -> Sequence[Origin]:
        return [
            origin_of(properties_of(group.body))
            for group in self._ground.store.list(type=GROUPS)
            if any(one.principal_id == principal_id for one in attached_identities(group.body))
        ]

    @override
    def addresses(self) -> Mapping[str, str]:
        return self.running.addresses()
