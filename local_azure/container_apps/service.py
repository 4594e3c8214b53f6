"""Microsoft.App as a service: environments, apps and jobs, and the containers that they run."""

from collections.abc import Mapping, Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import attached_identities
from local_azure.bodies import section
from local_azure.container_apps.apps import ContainerApp, Revision
from local_azure.container_apps.environments import Environment
from local_azure.container_apps.jobs import Execution, Job
from local_azure.container_apps.names import APPS, JOBS, SUFFIX
from local_azure.container_apps.running import Running
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.key_vault.service import KeyVault
from local_azure.origins import Origin
from local_azure.planes import Admitted, ForwardedPlane, Listening
from local_azure.service import Service

_ADDRESS = "192.0.2.20"
"""Where calls come from of an environment without a subnet: from a block that is reserved for
documentation."""

_UNSERVED: Final = {
    "Microsoft.App/connectedEnvironments": "environments of Container Apps on Kubernetes of one's own",
    "Microsoft.App/managedEnvironments/storages": "storage of an environment, which takes a key",
    "Microsoft.App/managedEnvironments/certificates": "certificates of an environment",
    "Microsoft.App/sessionPools": "session pools",
}


class ContainerApps(Service):
    """`running` has the containers."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, vaults: KeyVault) -> None:
        self._ground = ground
        self.running = running = Running(ground, vaults.data)
        self.types = (
            Environment(ground),
            ContainerApp(ground, running),
            Revision(ground, running),
            Job(ground, running),
            Execution(ground, running),
        )
        # One label more where it is reached from inside of its environment.
        self.planes = tuple(
            ForwardedPlane(hosts=hosts, door=self._door, target=running.target, page=self._page)
            for hosts in (f"*.*.*{SUFFIX}", f"*.*.*.*{SUFFIX}")
        )
        self.loopback = {"/container-apps/": running.replicas.handle_identity}

    @override
    def start(self, listening: Listening) -> None:
        url = f"{listening.portal.rstrip('/')}/container-apps/token"
        self.running.bind(url, listening.client_environment)

    @override
    def close(self) -> None:
        self.running.close()

    @override
    def addresses(self) -> Mapping[str, str]:
        return self.running.addresses()

    @override
    def origins(self, principal_id: str) -> Sequence[Origin]:
        found: list[Origin] = []
        for type_ in (APPS, JOBS):
            for one in self._ground.store.list(type=type_):
                if not any(own.principal_id == principal_id for own in attached_identities(one.body)):
                    continue
                environment = self._ground.store.get(str(one.body["properties"]["environmentId"]))
                network = section(environment.body["properties"], "vnetConfiguration") if environment else {}
                subnet = network.get("infrastructureSubnetId")
                found.append(Origin(subnet_id=subnet) if subnet else Origin(address=_ADDRESS))
        return found

    def _door(self, request: Request) -> Response | Admitted:
        return Admitted()

    def _page(self, host: str) -> Response:
        why = self.running.why_not(host)
        if why is None:
            return Response(404, b"Error 404 - This Container App is stopped or does not exist.")
        return Response(503, f"upstream connect error. {why}".encode())
