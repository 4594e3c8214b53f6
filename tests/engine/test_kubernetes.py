"""A cluster and a workload on it through the real engine: what the manifests say lets a pod's token in, and
nobody else's.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import WorkloadIdentityCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.storage.blob import ContainerClient

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID
from local_azure.container_service.issuers import CLUSTERS
from local_azure.container_service.service import ContainerService
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.example_stacks import ExampleStacks
from tests.engine.one_component import declared_loop

STORAGE = "https://storage.azure.com/.default"
AUDIENCE = "api://AzureADTokenExchange"


@pytest.fixture
def stacks(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> ExampleStacks:
    return ExampleStacks(tmp_path, engine, cloud.environment())


def test_what_the_manifests_say_lets_the_pods_of_the_service_account_in_and_no_others(
    stacks: ExampleStacks, cloud: LocalAzure, tmp_path: Path
) -> None:
    stack = stacks.prepare("kubernetes")
    outputs = stack.up()
    (cluster,) = cloud.azure.store.list(type=CLUSTERS)
    assert cluster.id.endswith(f"/{outputs['cluster']}")

    account, told, secrets = yaml.safe_load_all(outputs["manifests"])
    environment = told["data"]
    assert environment["AZURE_TOKEN_CREDENTIALS"] == "WorkloadIdentityCredential"

    def credential(of: str = "shop") -> WorkloadIdentityCredential:
        """As the webhook and the kubelet give one to a pod."""
        token = cloud.azure.service(ContainerService).issuers.token(cluster, "shop", of, [AUDIENCE], 3_600)
        file = tmp_path / f"token-of-{of}"
        file.write_text(token)
        return WorkloadIdentityCredential(
            tenant_id=TENANT_ID,
            client_id=account["metadata"]["annotations"]["azure.workload.identity/client-id"],
            token_file_path=str(file),
        )

    with pytest.raises(ClientAuthenticationError, match="AADSTS70021: "):
        credential().get_token(STORAGE)
    cloud.azure.clock.advance(60)
    reports = (environment["REPORTS_ENDPOINT"], environment["REPORTS_CONTAINER"])
    assert list(ContainerClient(*reports, credential()).list_blobs()) == []
    with pytest.raises(ClientAuthenticationError, match="AADSTS700213: "):
        credential("another").get_token(STORAGE)

    parameters = secrets["spec"]["parameters"]
    (entry,) = yaml.safe_load(parameters["objects"])["array"]
    vault = SecretClient(f"https://{parameters['keyvaultName']}.vault.azure.net", credential())
    assert len(vault.get_secret(yaml.safe_load(entry)["objectName"]).value or "") == 48
    assert parameters["tenantId"] == TENANT_ID

    stack.expect_no_changes()
    stack.destroy()
    left = leftovers(cloud.azure)
    assert left["resources"] == []
    assert left["role_assignments"] == []


def test_another_network_is_refused_until_it_was_widened_by_hand_and_the_cluster_stays(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-one")
    args: dict[str, Any] = {"resource_group_name": "rg-one", "allowed_ip_ranges": {}}
    name = loop.up_with(shop={"component": "KubernetesCluster", "args": args})["shop.name"]
    with subtests.test("another network is refused in the preview, and the cluster stays"):
        (before,) = cloud.azure.store.list(type=CLUSTERS)
        changes = {"outbound": "nat-gateway", "pod_ip_range": "10.200.0.0/16"}
        loop.declare(shop={"component": "KubernetesCluster", "args": args | changes})
        for run in (loop.stack.preview, lambda: loop.stack.up("--skip-preview")):
            with pytest.raises(EngineError) as refused:
                run()
            assert "KubernetesCluster 'shop' has 2 problems" in refused.value.output
            assert "the provider would make the cluster anew" in refused.value.output
        (after,) = cloud.azure.store.list(type=CLUSTERS)
        assert after.body == before.body
    with subtests.test("a range of pods that was widened by hand passes after a refresh"):
        clusters: Any = ContainerServiceClient(loop.session.credential, SUBSCRIPTION_ID).managed_clusters
        made = clusters.get("rg-one", name)
        made.network_profile.pod_cidr = "10.244.0.0/14"
        clusters.begin_create_or_update("rg-one", name, made).result()
        widened = args | {"pod_ip_range": "10.244.0.0/14"}
        loop.declare(shop={"component": "KubernetesCluster", "args": widened})
        loop.stack.refresh("--skip-preview")
        loop.stack.preview("--expect-no-changes")
