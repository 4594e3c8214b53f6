"""Pods in a cluster. The API of the cluster keeps what the component's outputs say and tells the pod how to
sign in; its nodes are no part of the local Azure, so what one of them does with a pod stands here.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pulumi
import yaml

from components import KubernetesWorkload
from components.azure_facts.audiences import Service, audience
from components.identity import IdentityKind
from tests.hosts.row import PROBE, Given, Host
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

_NAMESPACE: Final = "shop"
_IN_NAMESPACE: Final = f"/api/v1/namespaces/{_NAMESPACE}"
_PLURALS: Final = {
    "ConfigMap": "configmaps",
    "SecretProviderClass": "secretproviderclasses",
    "ServiceAccount": "serviceaccounts",
}
_DEPLOYERS: Final = "10ca1a2e-0000-4000-8000-0000000000f3"
"""A group that the deployer is in."""
_UNTIL_A_CREDENTIAL_WORKS: Final = 60
"""Seconds."""
_CLUSTER: Final[dict[str, Any]] = {
    "location": "westeurope",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "agentPoolProfiles": [{"name": "system", "mode": "System"}],
        "aadProfile": {"managed": True, "adminGroupObjectIDs": [_DEPLOYERS]},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
    },
}
_ISSUER: Final = (
    "https://westeurope.oic.prod-aks.azure.com/10ca1a2e-0000-4000-8000-000000000001/"
    "5ab5c000-0000-4000-8000-000000000001/"
)


class _Kubernetes(Host):
    name = "Kubernetes workload"
    docs = "docs/guides/kubernetes.md"
    type = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
    runs_on = ("components/hosts/kubernetes", "local_azure/container_service")
    identities = (IdentityKind.USER_ASSIGNED,)
    identities_alone = (IdentityKind.USER_ASSIGNED,)
    prepared_on_mocks = MappingProxyType({"issuer_url": _ISSUER})

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        from local_azure.container_service.issuers import CLUSTERS, issuer_of
        from tests.local_azure.arm import Arm

        arm = Arm(loop.cloud.azure)
        made = arm("PUT", f"{arm.group('rg-clusters')}/providers/{CLUSTERS}/aks-team", _CLUSTER)
        assert made.status == 201, made.body
        issuer = issuer_of(_Cluster(loop).stored)
        assert issuer is not None
        return {"issuer_url": issuer}

    def declare(self, given: Given) -> pulumi.ComponentResource:
        return KubernetesWorkload(
            "host",
            {
                "resource_group_name": given.group.name,
                "issuer_url": given.prepared["issuer_url"],
                "namespace": _NAMESPACE,
                "identity": given.identity,
                "links": given.links,
            },
        )

    def deliver(self, loop: "Loop", outputs: Mapping[str, Any], probe: Path) -> None:
        """It lies in this folder. A new credential works after a minute, which passes here: before each
        answer it would add up to more than the deployer's token lasts."""
        loop.cloud.azure.clock.advance(_UNTIL_A_CREDENTIAL_WORKS)

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        from local_azure.lookups import led_here

        with tempfile.TemporaryDirectory() as folder:
            told = _environment(loop, outputs, Path(folder) / "azure-identity-token")
            ran = subprocess.run(
                [sys.executable, "app.py", target], cwd=PROBE,
                env=led_here(told | loop.cloud.client_environment()),
                capture_output=True, text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


class _Cluster:
    """The API of the one cluster that there is, as the deployer asks it."""

    def __init__(self, loop: "Loop") -> None:
        from local_azure.container_service.issuers import CLUSTERS
        from local_azure.container_service.service import ContainerService
        from tests.local_azure.arm import Arm

        (self.stored,) = loop.cloud.azure.store.list(type=CLUSTERS)
        self._servers = loop.cloud.azure.service(ContainerService).api_servers
        self._arm = Arm(loop.cloud.azure)

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        from local_azure.http import Request

        headers = {"authorization": f"Bearer {self._arm.token(audience(Service.KUBERNETES_SERVICE))}"}
        content = b"" if body is None else json.dumps(body).encode()
        host = self.stored.body["properties"]["fqdn"]
        answer = self._servers.handle(Request(method, host, path, headers=headers, body=content))
        assert answer.status in (200, 201), answer.body
        assert isinstance(answer.body, dict)
        return answer.body

    def anew(self, path: str, object: Mapping[str, Any]) -> Mapping[str, Any]:
        """The object, and none of its name that was there before."""
        name = object["metadata"]["name"]
        if any(one["metadata"]["name"] == name for one in self("GET", path)["items"]):
            self("DELETE", f"{path}/{name}")
        return self("POST", path, object)


def _environment(loop: "Loop", outputs: Mapping[str, Any], token_file: Path) -> dict[str, str]:
    """All that a pod of the template is told, started now: the manifests are applied and the pod is made, and
    the cluster says what its variables are and which token lies in its file.
    """
    api = _Cluster(loop)
    api.anew("/api/v1/namespaces", {"metadata": {"name": _NAMESPACE}})
    for one in yaml.safe_load_all(outputs["manifests"]):
        group = "api" if one["apiVersion"] == "v1" else "apis"
        path = f"/{group}/{one['apiVersion']}/namespaces/{_NAMESPACE}/{_PLURALS[one['kind']]}"
        api.anew(path, one)
    template = yaml.safe_load(outputs["pod_template"])
    containers = [{"image": "none", **one} for one in template["spec"]["containers"]]
    given = {
        "metadata": {**template["metadata"], "name": "host"},
        "spec": {**template["spec"], "containers": containers},
    }
    return _told(api, api.anew(f"{_IN_NAMESPACE}/pods", given)["spec"], token_file)


def _told(api: _Cluster, spec: Mapping[str, Any], token_file: Path) -> dict[str, str]:
    """The variables of a pod's one container, as its node would set them: those of its maps, then its own."""
    (container,) = spec["containers"]
    told: dict[str, str] = {}
    for source in container["envFrom"]:
        told |= api("GET", f"{_IN_NAMESPACE}/configmaps/{source['configMapRef']['name']}")["data"]
    told |= {one["name"]: one["value"] for one in container.get("env", [])}
    for volume in spec.get("volumes", []):
        for source in volume.get("projected", {}).get("sources", []):
            wanted = source["serviceAccountToken"]
            asked = {
                "audiences": [wanted["audience"]],
                "expirationSeconds": wanted["expirationSeconds"],
            }
            account = f"{_IN_NAMESPACE}/serviceaccounts/{spec['serviceAccountName']}"
            token_file.write_text(api("POST", f"{account}/token", {"spec": asked})["status"]["token"])
            (mount,) = [
                one["mountPath"] for one in container["volumeMounts"] if one["name"] == volume["name"]
            ]
            where = f"{mount}/{wanted['path']}"
            told = {name: str(token_file) if value == where else value for name, value in told.items()}
    return told


HOST = _Kubernetes()
