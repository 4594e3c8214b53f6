"""Somebody who calls from inside a network: an app, as which code runs, and private endpoints for it."""

from local_azure.entra.directory import Principal
from tests.local_azure import networks
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.networks import ENDPOINTS, SITES
from tests.local_azure.vault_stage import VaultStage


class Inside:
    """A network, and an app that calls through it alone; `service` is the service endpoint of its subnet."""

    def __init__(self, stage: VaultStage, service: str | None = None) -> None:
        self._stage = stage
        self.network = networks.network(stage.arm, stage.group, service_endpoint=service)
        self.subnet = f"{self.network}/subnets/{SITES}"
        sites = Stage(stage.local)
        site = sites.site(
            sites.name("app"),
            serverFarmId=sites.plan(),
            identity={"type": "SystemAssigned"},
            virtualNetworkSubnetId=self.subnet,
            outboundVnetRouting={"allTraffic": True},
        )
        principal = stage.azure.entra.principal(site.identity.principal_id)
        assert principal
        self.app: Principal = principal

    def endpoint(self, target_id: str, group: str) -> int:
        """The status of a private endpoint's write."""
        subnet = f"{self.network}/subnets/{ENDPOINTS}"
        body = networks.private_endpoint_body(subnet, target_id, group)
        return self._stage.arm("PUT", self._endpoint_id(target_id), body).status

    def connect(self, target_id: str, group: str, zone: str) -> None:
        """A private endpoint of the target in the network, with its DNS zone."""
        assert self.endpoint(target_id, group) in (200, 201)
        zone_id = networks.zone(self._stage.arm, self._stage.group, self.network, zone)
        networks.zone_group(self._stage.arm, self._endpoint_id(target_id), zone_id)

    def _endpoint_id(self, target_id: str) -> str:
        name = target_id.rpartition("/")[2]
        return f"{self._stage.group}/providers/Microsoft.Network/privateEndpoints/pep-{name}"
