"""Microsoft.Web as a service: plans, sites and slots, and the programs that they run."""

from collections.abc import Mapping, Sequence

from typing_extensions import override

from local_azure.app_service.arm_deployments import (
    Deployment,
    DeploymentStatus,
    SlotDeployment,
    SlotDeploymentStatus,
)
from local_azure.app_service.certificates import Certificate
from local_azure.app_service.configuration import PublishingPolicy, SiteConfig
from local_azure.app_service.host_names import HostNameBinding, SlotHostNameBinding
from local_azure.app_service.hosting import Hosting
from local_azure.app_service.network_config import NetworkConfig, SlotNetworkConfig
from local_azure.app_service.network_connections import (
    SlotVirtualNetworkConnection,
    VirtualNetworkConnection,
)
from local_azure.app_service.origin import origins_of_sites
from local_azure.app_service.plans import ServerFarm
from local_azure.app_service.reference_status import (
    ConnectionReferenceStatus,
    KeyVaultReferenceStatus,
    SlotConnectionReferenceStatus,
    SlotReferenceStatus,
)
from local_azure.app_service.scm import LARGEST_PACKAGE, handle_scm, takes_package
from local_azure.app_service.sign_in import registrations
from local_azure.app_service.sign_in_document import SignInList, SlotSignInList
from local_azure.app_service.site_names import SCM, SITES
from local_azure.app_service.sites import Site
from local_azure.app_service.slots import Slot, SlotConfig, SlotPublishingPolicy
from local_azure.app_service.unserved import UNSERVED
from local_azure.app_service.write_locks import WriteLocks
from local_azure.control_values import body_of, number_in
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.key_vault.service import KeyVault
from local_azure.origins import Origin
from local_azure.planes import ForwardedPlane, HttpPlane, LargeBodies, Listening
from local_azure.public_dns.service import PublicDns
from local_azure.service import Service
from local_azure.storage.service import Storage
from local_azure.store import Resource


class AppService(Service):
    """`hosting` runs what is deployed. `POST /site-writes {"seconds": 0.3}` says how long a write holds its
    site and its plan."""

    unserved = UNSERVED

    def __init__(self, ground: Ground, vaults: KeyVault, storage: Storage, dns: PublicDns) -> None:
        self._ground = ground
        self.write_locks = locks = WriteLocks(ground)
        ground.entra.registrations.also(lambda: registrations(ground.store))
        self.hosting = hosting = Hosting(ground, vaults.data, storage.data)
        self.types = (
            ServerFarm(ground, locks),
            Site(ground, locks, hosting),
            SiteConfig(ground, locks, hosting),
            PublishingPolicy(ground, locks),
            KeyVaultReferenceStatus(ground, locks, hosting),
            ConnectionReferenceStatus(ground, locks, hosting),
            SignInList(ground),
            NetworkConfig(ground, locks),
            VirtualNetworkConnection(ground),
            Deployment(ground, locks, hosting),
            DeploymentStatus(ground, locks, hosting),
            HostNameBinding(ground, locks, dns.records),
            Certificate(ground, dns.records),
            Slot(ground, locks, hosting),
            SlotConfig(ground, locks, hosting),
            SlotPublishingPolicy(ground, locks),
            SlotReferenceStatus(ground, locks, hosting),
            SlotConnectionReferenceStatus(ground, locks, hosting),
            SlotSignInList(ground),
            SlotNetworkConfig(ground, locks),
            SlotVirtualNetworkConnection(ground),
            SlotDeployment(ground, locks, hosting),
            SlotDeploymentStatus(ground, locks, hosting),
            SlotHostNameBinding(ground, locks, dns.records),
        )
        self.planes = (
            HttpPlane(
                hosts=f"*{SCM}",
                handle=self._handle_scm,
                large=LargeBodies(self._takes_package, LARGEST_PACKAGE),
            ),
            ForwardedPlane(
                hosts=f"*{SITES}", door=hosting.door, target=hosting.forward_target, page=hosting.site_page
            ),
        )
        self.loopback = {"/msi/": hosting.handle_identity}

    @override
    def start(self, listening: Listening) -> None:
        self.hosting.bind(listening.portal, listening.client_environment)

    @override
    def close(self) -> None:
        self.hosting.close()

    @override
    def origins(self, principal_id: str) -> Sequence[Origin]:
        return origins_of_sites(self._ground.store, principal_id)

    @override
    def addresses(self) -> Mapping[str, str]:
        return self.hosting.browser_addresses()

    @override
    def control(self, request: Request) -> Response | None:
        if (request.method, request.path.strip("/")) != ("POST", "site-writes"):
            return None
        self.write_locks.seconds = number_in(body_of(request), "seconds")
        return Response(200, {"seconds": self.write_locks.seconds})

    def _handle_scm(self, request: Request) -> Response:
        """Answer a request to `<app>.scm.azurewebsites.net`."""
        return handle_scm(self._ground, self.hosting, self._site_of(request), request)

    def _takes_package(self, request: Request) -> bool:
        return takes_package(self._ground, self._site_of(request), request)

    def _site_of(self, request: Request) -> Resource | None:
        return self.hosting.site(request.host.removesuffix(SCM))
