# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false
"""The API of a cluster, as Kubernetes's own client sees it: who gets in, and how a pod comes to sign in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import kubernetes
import pytest
from azure.identity import ClientSecretCredential, WorkloadIdentityCredential
from kubernetes.client.exceptions import ApiException

from components.azure_facts.audiences import Service, audience
from local_azure.constants import DATABASE_ADMINISTRATORS, DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from tests.local_azure.cluster_stage import SCOPE, Stage

AKS = audience(Service.KUBERNETES_SERVICE)
ADMIN, READER = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", "7f6c6a51-bcf8-42ba-9220-52d62157d7db"
WRITER = "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb"
ENTRA: dict[str, Any] = {
    "aadProfile": {"managed": True, "enableAzureRBAC": True},
    "disableLocalAccounts": True,
}
USE = {"azure.workload.identity/use": "true"}


class Api:
    """The clients of one cluster, and roles for the deployer, who is the one that asks."""

    def __init__(self, stage: Stage, local: LocalAzure, deployer: ClientSecretCredential) -> None:
        self.stage, self._local, self._deployer = stage, local, deployer
        self.cluster = stage.cluster(**ENTRA)

    def core(self, token: str | None = None) -> Any:
        given: Any = kubernetes.client.Configuration()
        given.host = f"https://{self.cluster.fqdn}"
        led = self._local.client_environment()
        given.proxy, given.ssl_ca_cert = led["HTTPS_PROXY"], self._local.addresses.authority
        held = self._deployer.get_token(f"{AKS}/.default").token if token is None else token
        given.api_key = {"authorization": f"Bearer {held}"}
        return kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(given))

    def give(self, role: str, below: str = "") -> None:
        """A role for the deployer, at the cluster or below it."""
        name = f"0a510000-0000-4000-8000-{role[-12:]}"
        definition = (
            f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        )
        made = self.stage.arm(
            "PUT",
            f"{self.cluster.id}{below}/providers/Microsoft.Authorization/roleAssignments/{name}",
            {"properties": {"roleDefinitionId": definition, "principalId": DEPLOYER.object_id}},
            api_version="2022-04-01",
        )
        assert made.status == 201, made.body

    def shop(self) -> Any:
        """A client that may do everything, with the namespace shop and its service account web."""
        self.give(ADMIN)
        core = self.core()
        core.create_namespace({"metadata": {"name": "shop"}})
        client_id = self.stage.identity["properties"]["clientId"]
        annotations = {"azure.workload.identity/client-id": client_id}
        core.create_namespaced_service_account(
            "shop", {"metadata": {"name": "web", "annotations": annotations}}
        )
        return core


@pytest.fixture
def api(local_azure: LocalAzure, deployer: ClientSecretCredential, tmp_path: Path) -> Api:
    return Api(Stage(local_azure, deployer, tmp_path), local_azure, deployer)


def refused(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(ApiException) as error:
        call()
    return int(error.value.status or 0), str(error.value.body)


def pod(name: str = "web", **changed: Any) -> dict[str, Any]:
    spec = {"serviceAccountName": "web", "containers": [{"name": "app", "image": "team.azurecr.io/web:1"}]}
    return {"metadata": {"name": name, **changed}, "spec": spec}


def test_p35_the_api_takes_tokens_for_aks_alone(api: Api, deployer: ClientSecretCredential) -> None:
    other = deployer.get_token("https://management.azure.com/.default").token
    for token in (other, "no.such.token"):
        assert refused(api.core(token).list_namespace)[0] == 401
    assert refused(api.core().list_namespace)[0] == 403
    api.stage.cluster("aks-two")
    api.cluster = api.stage.clusters.get("rg-one", "aks-two")
    assert refused(api.core().list_namespace)[0] == 401


def test_p36_each_request_takes_a_data_action_at_the_cluster_or_the_namespace(api: Api) -> None:
    status, said = refused(lambda: api.core().list_namespaced_pod("shop"))
    assert status == 403
    assert "cannot list resource" in said
    assert "does not have access to the resource in Azure" in said
    api.give(READER, "/namespaces/shop")
    core = api.core()
    assert core.list_namespaced_pod("shop").items == []
    assert refused(lambda: core.read_namespace("shop"))[0] == 404
    assert refused(lambda: core.read_namespace("other"))[0] == 403
    assert refused(lambda: core.list_namespaced_pod("other"))[0] == 403
    assert refused(core.list_pod_for_all_namespaces)[0] == 403
    assert refused(lambda: core.list_namespaced_secret("shop"))[0] == 403
    assert (
        refused(lambda: core.create_namespaced_config_map("shop", {"metadata": {"name": "told"}}))[0] == 403
    )


def test_p36_a_writer_writes_secrets_and_makes_tokens_but_no_namespace(api: Api) -> None:
    core = api.shop()
    api.stage.arm("DELETE", f"{api.cluster.id}/providers/Microsoft.Authorization/roleAssignments/"
                  f"0a510000-0000-4000-8000-{ADMIN[-12:]}", api_version="2022-04-01")  # fmt: skip
    assert refused(lambda: core.list_namespaced_secret("shop"))[0] == 403
    api.give(WRITER)
    core.create_namespaced_secret("shop", {"metadata": {"name": "one"}})
    assert [one.metadata.name for one in core.list_namespaced_secret("shop").items] == ["one"]
    assert core.create_namespaced_service_account_token("web", "shop", {"spec": {"audiences": ["a"]}})
    assert refused(lambda: core.create_namespace({"metadata": {"name": "two"}}))[0] == 403


def test_p36_members_of_a_clusters_own_groups_may_do_everything(api: Api) -> None:
    profile = {**ENTRA["aadProfile"], "adminGroupObjectIDs": [DATABASE_ADMINISTRATORS.object_id]}
    assert refused(api.core().list_secret_for_all_namespaces)[0] == 403
    api.cluster = api.stage.cluster(**{**ENTRA, "aadProfile": profile})
    assert api.core().list_secret_for_all_namespaces().items == []


def test_p36_a_service_account_is_known_and_may_nothing(api: Api) -> None:
    core = api.shop()
    own = core.create_namespaced_service_account_token("web", "shop", {"spec": {"audiences": []}})
    status, said = refused(lambda: api.core(own.status.token).list_namespaced_pod("shop"))
    assert status == 403
    assert "system:serviceaccount:shop:web" in said
    for_others = core.create_namespaced_service_account_token("web", "shop", {"spec": {"audiences": ["a"]}})
    assert refused(lambda: api.core(for_others.status.token).list_namespaced_pod("shop"))[0] == 401


def test_p37_a_token_of_a_service_account_is_for_what_was_asked_and_for_ten_minutes_or_longer(
    api: Api,
) -> None:
    core = api.shop()

    def ask(account: str = "web", seconds: int = 600) -> Any:
        spec = {"audiences": ["api://AzureADTokenExchange"], "expirationSeconds": seconds}
        return core.create_namespaced_service_account_token(account, "shop", {"spec": spec})

    claims = jwt.decode(ask().status.token, options={"verify_signature": False})
    assert (claims["aud"], claims["sub"]) == (
        ["api://AzureADTokenExchange"],
        "system:serviceaccount:shop:web",
    )
    assert claims["exp"] - claims["iat"] == 600
    assert claims["iss"] == api.cluster.oidc_issuer_profile.issuer_url
    assert refused(lambda: ask(seconds=599))[0] == 422
    assert refused(lambda: ask("nobody"))[0] == 404


def test_p38_a_pod_with_the_label_is_told_how_to_sign_in_and_one_without_it_nothing(api: Api) -> None:
    core = api.shop()
    made = core.create_namespaced_pod("shop", pod(labels=USE))
    (container,) = made.spec.containers
    assert {one.name: one.value for one in container.env} == {
        "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
        "AZURE_CLIENT_ID": api.stage.identity["properties"]["clientId"],
        "AZURE_FEDERATED_TOKEN_FILE": "/var/run/secrets/azure/tokens/azure-identity-token",
        "AZURE_TENANT_ID": TENANT_ID,
    }
    (volume,) = made.spec.volumes
    (source,) = volume.projected.sources
    token = source.service_account_token
    assert (token.audience, token.expiration_seconds) == ("api://AzureADTokenExchange", 3600)
    silent = core.create_namespaced_pod("shop", pod("silent"))
    assert (silent.spec.containers[0].env, silent.spec.volumes) == (None, None)


def test_p39_a_pod_needs_its_namespace_and_its_service_account(api: Api) -> None:
    core = api.shop()
    assert refused(lambda: core.create_namespaced_pod("nowhere", pod()))[0] == 404
    core.delete_namespaced_service_account("web", "shop")
    status, said = refused(lambda: core.create_namespaced_pod("shop", pod()))
    assert status == 403
    assert "error looking up service account shop/web" in said


def test_what_a_pod_is_given_signs_it_in_as_its_identity(api: Api, tmp_path: Path) -> None:
    core = api.shop()
    made = core.create_namespaced_pod("shop", pod(labels=USE))
    told = {one.name: one.value for one in made.spec.containers[0].env}
    source = made.spec.volumes[0].projected.sources[0].service_account_token
    asked = {"audiences": [source.audience], "expirationSeconds": source.expiration_seconds}
    token = core.create_namespaced_service_account_token("web", "shop", {"spec": asked}).status.token
    api.stage.trust(api.cluster.oidc_issuer_profile.issuer_url)
    (tmp_path / "token").write_text(token)
    signed_in = WorkloadIdentityCredential(
        tenant_id=told["AZURE_TENANT_ID"],
        client_id=told["AZURE_CLIENT_ID"],
        token_file_path=str(tmp_path / "token"),
    )
    claims = api.stage.azure.entra.claims(signed_in.get_token(SCOPE).token)
    assert claims["oid"] == api.stage.identity["properties"]["principalId"]


def test_what_a_namespace_held_is_gone_with_it(api: Api) -> None:
    core = api.shop()
    core.create_namespace({"metadata": {"name": "two"}})
    core.create_namespaced_config_map("two", {"metadata": {"name": "told"}})
    core.delete_namespace("shop")
    core.create_namespace({"metadata": {"name": "shop"}})
    assert core.list_namespaced_service_account("shop").items == []
    assert [one.metadata.name for one in core.list_namespaced_config_map("two").items] == ["told"]


def test_what_a_cluster_held_is_gone_with_it_and_what_is_not_served_says_so(api: Api) -> None:
    core = api.shop()
    assert refused(lambda: core.patch_namespace("shop", {"metadata": {"labels": {"a": "b"}}}))[0] == 501
    assert refused(lambda: core.create_namespace({"metadata": {"name": "shop"}}))[0] == 409
    kept = api.stage.azure.store.documents("objects-of-clusters")
    assert [key.rpartition("/")[2] for key, _ in kept.items()] == ["shop", "web"]
    api.stage.clusters.begin_delete("rg-one", "aks-one").result()
    assert kept.items() == []
    assert refused(core.list_namespace)[0] == 404
    api.cluster = api.stage.cluster(**ENTRA)
    api.give(ADMIN)
    assert api.core().list_namespace().items == []
