"""What of a cluster stays as it was made, and what its identity has to be allowed before."""

from pathlib import Path
from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from local_azure.container_service.issuers import CLUSTERS
from local_azure.server import LocalAzure
from tests.local_azure.cluster_stage import POOL, Stage

ZONE_CONTRIBUTOR = "b12aa53e-6015-4669-85d0-8515ebb3ae7f"
SCALING: dict[str, Any] = {
    "name": "system",
    "mode": "System",
    "vmSize": "Standard_D4s_v5",
    "enableAutoScaling": True,
    "minCount": 2,
    "maxCount": 5,
}
PRIVATE: dict[str, Any] = {"enablePrivateCluster": True, "enablePrivateClusterPublicFQDN": False}


@pytest.fixture
def stage(local_azure: LocalAzure, deployer: ClientSecretCredential, tmp_path: Path) -> Stage:
    return Stage(local_azure, deployer, tmp_path)


def own(stage: Stage) -> dict[str, Any]:
    return {"type": "UserAssigned", "userAssignedIdentities": {stage.identity["id"]: {}}}


def test_p30_what_a_cluster_was_made_with_stays(stage: Stage) -> None:
    network = {"networkPlugin": "azure", "podCidr": "10.244.0.0/16", "serviceCidr": "10.0.0.0/16"}
    stage.cluster(networkProfile=network)
    subnet = f"{stage.group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes"
    changes: list[tuple[str, dict[str, Any]]] = [
        ("agentPoolProfile.vmSize", {"agentPoolProfiles": [{**POOL, "vmSize": "Standard_D4s_v5"}]}),
        ("agentPoolProfile.availabilityZones", {"agentPoolProfiles": [{**POOL, "availabilityZones": ["1"]}]}),
        ("agentPoolProfile.vnetSubnetID", {"agentPoolProfiles": [{**POOL, "vnetSubnetID": subnet}]}),
        ("networkProfile.podCidr", {"networkProfile": {**network, "podCidr": "10.100.0.0/16"}}),
        ("apiServerAccessProfile.enablePrivateCluster", {"apiServerAccessProfile": PRIVATE}),
    ]
    for name, change in changes:
        said = stage.refusal(**{"networkProfile": network, **change})
        assert said == (400, "PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.")
    assert stage.cluster(networkProfile=network).provisioning_state == "Succeeded"
    wider = stage.cluster(networkProfile={**network, "podCidr": "10.244.0.0/14"})
    assert wider.network_profile.pod_cidr == "10.244.0.0/14"


def test_p31_a_zone_of_ones_own_is_written_by_the_clusters_identity(stage: Stage) -> None:
    zone = f"{stage.group}/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
    access = {"apiServerAccessProfile": {**PRIVATE, "privateDNSZone": zone}}
    assert stage.refusal(**access)[:2] == (400, "InvalidParameter")
    assert stage.refusal(**access, identity=own(stage))[2] == f"The private DNS zone {zone} was not found."
    made = stage.arm("PUT", zone, {"location": "global", "properties": {}}, api_version="2024-06-01")
    assert made.status in (200, 201, 202), made.body
    status, code, said = stage.refusal(**access, identity=own(stage))
    assert (status, code) == (400, "CustomPrivateDNSZoneMissingPermissionError")
    assert f"custom private dns zone {zone}." in said
    assert stage.azure.store.list(type=CLUSTERS) == []
    stage.give(ZONE_CONTRIBUTOR, zone)
    cluster = stage.cluster(**access, identity=own(stage))
    assert cluster.fqdn is None
    assert cluster.private_fqdn.endswith(".privatelink.westeurope.azmk8s.io")


def test_p32_a_cluster_goes_to_the_next_minor_version_and_not_back(stage: Stage) -> None:
    assert stage.cluster(kubernetesVersion="1.33").current_kubernetes_version == "1.33.4"
    assert stage.refusal(kubernetesVersion="1.35")[:2] == (400, "OperationNotAllowed")
    assert stage.cluster(kubernetesVersion="1.34").current_kubernetes_version == "1.34.0"
    assert stage.refusal(kubernetesVersion="1.33")[2] == (
        "Upgrading Kubernetes version 1.34.0 to 1.33 is not allowed. Available upgrades: [1.35]."
    )
    assert stage.cluster().current_kubernetes_version == "1.34.0"


def test_p33_nobody_numbers_the_nodes_of_a_pool_that_scales_by_itself(stage: Stage) -> None:
    (pool,) = stage.cluster(agentPoolProfiles=[SCALING]).agent_pool_profiles
    assert pool.count == 2
    status, code, said = stage.refusal(agentPoolProfiles=[{**SCALING, "count": 3}])
    assert (status, code) == (400, "InvalidParameter")
    assert said.startswith("Cannot manually scale AgentPool 'system' of an AKS cluster")
    (pool,) = stage.cluster(agentPoolProfiles=[{**SCALING, "maxCount": 9}]).agent_pool_profiles
    assert (pool.count, pool.max_count) == (2, 9)


def test_p34_at_most_two_hundred_ranges_call_the_api(stage: Stage) -> None:
    ranges = [f"203.0.{n}.0/24" for n in range(201)]
    assert stage.refusal(apiServerAccessProfile={"authorizedIPRanges": ranges})[0] == 400
    stage.cluster(apiServerAccessProfile={"authorizedIPRanges": ranges[:200]})
