"""KubernetesWorkload: pods that sign in with their service account's token, and hold no secret."""

import asyncio
import sys
from typing import Any, cast

import kubernetes_validate
import pulumi
import pulumi_kubernetes as kubernetes
import pytest
import yaml

from components import ConfigurationError, KubernetesWorkload, KubernetesWorkloadArgs
from components.hosts.kubernetes import federation
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    IDENTITY,
    PRINCIPAL,
    STORAGE,
    STORAGE_ENDPOINT,
    SUFFIX,
    TENANT,
    VAULT,
)
from tests.unit.components.kubernetes_workloads import ISSUER, LEAST, objects_of, problems, workload
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy
from toolchain.paths import ROOT

KUBERNETES = "1.33"
SECRETS: dict[str, Any] = {
    "secrets": {"DB_PASSWORD": "db", "API_KEY": "api"},
    "vault_id": VAULT,
    "vault_endpoint": ENDPOINT,
}
BLOBS: dict[str, Any] = {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT, "container": "reports"}}
OTHER = "https://northeurope.oic.prod-aks.azure.com/7e4a4700-0000-4000-8000-000000000001/bb6d/"


def test_a_workload_is_an_identity_its_grants_and_a_federated_credential_and_nothing_else() -> None:
    deployment = workload(links={"reports": BLOBS})
    assert deployment.counts() == {
        "authorization:RoleAssignment": 1,
        "managedidentity:FederatedIdentityCredential": 1,
        "managedidentity:UserAssignedIdentity": 1,
    }
    who = f"Identity id-shop-dev-{SUFFIX} may"
    outputs = deployment.plain_outputs
    texts = ("manifests", "service_account_manifest", "config_map_manifest", "pod_template")
    assert {key: value for key, value in outputs.items() if key not in texts} == {
        "credential_id": f"{GROUP}/providers/managedidentity:FederatedIdentityCredential/shop",
        "name": "shop",
        "namespace": "team",
        "subject": "system:serviceaccount:team:shop",
        "pod_labels": {"azure.workload.identity/use": "true"},
        "environment": {
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_TOKEN_CREDENTIALS": "WorkloadIdentityCredential",
            "REPORTS_CONTAINER": "reports",
            "REPORTS_ENDPOINT": STORAGE_ENDPOINT,
        },
        "secret_provider_manifests": "",
        "identity_id": IDENTITY.replace("id-team", f"id-shop-dev-{SUFFIX}"),
        "principal_id": PRINCIPAL,
        "client_id": CLIENT,
        "access": [f"{who} read blobs in container reports (Storage Blob Data Reader)."],
    }
    assert set(texts) <= set(outputs)


def test_the_issuer_is_copied_exactly_from_the_cluster() -> None:
    odd = ISSUER.rstrip("/")
    for issuer in (ISSUER, odd):
        (credential,) = workload(issuer_url=issuer).all("FederatedIdentityCredential")
        assert credential.inputs["issuer"] == issuer


def test_the_subject_is_the_service_account_and_the_audience_the_one_that_entra_exchanges() -> None:
    (credential,) = workload(service_account="web.front", namespace=Later("team")).all(
        "FederatedIdentityCredential"
    )
    inputs = dict(credential.inputs)
    name = inputs.pop("federatedIdentityCredentialResourceName")
    assert inputs == {
        "audiences": ["api://AzureADTokenExchange"],
        "issuer": ISSUER,
        "resourceGroupName": "rg-team",
        "resourceName": f"id-shop-dev-{SUFFIX}",
        "subject": "system:serviceaccount:team:web.front",
    }
    assert name.startswith("k8s-team-web-front-")
    assert len(name) == len("k8s-team-web-front-") + 6


def test_a_credentials_name_says_whose_it_is_and_is_legal_for_the_longest_names() -> None:
    (credential,) = workload().all("FederatedIdentityCredential")
    assert credential.inputs["federatedIdentityCredentialResourceName"] == "k8s-team-shop"
    names = [
        workload(service_account="a" * 150 + end, namespace="n" * 63)
        .one("FederatedIdentityCredential")
        .inputs["federatedIdentityCredentialResourceName"]
        for end in ("b", "c")
    ]
    assert [len(one) for one in names] == [120, 120]
    assert names[0] != names[1]


def test_the_credential_goes_before_another_of_the_same_issuer_and_subject_comes() -> None:
    assert workload().one("FederatedIdentityCredential").delete_before_replace is True


def test_credentials_of_one_identity_are_written_one_by_one() -> None:
    deployment = workload(further_issuer_urls={"north": OTHER, "south": OTHER.replace("north", "south")})
    by_name = {one.name: one for one in deployment.all("FederatedIdentityCredential")}
    first, second, third = (by_name[name] for name in ("shop", "shop-north", "shop-south"))
    assert first.urn in second.dependencies
    assert second.urn in third.dependencies
    assert second.inputs["federatedIdentityCredentialResourceName"] == "k8s-team-shop-north"
    assert [one.inputs["issuer"] for one in (first, second)] == [ISSUER, OTHER]
    assert all(len(one.on_error) == 1 for one in (first, second, third))


def test_a_twenty_first_credential_is_refused_in_the_program() -> None:
    twenty = {f"c{number}": f"{OTHER}{number}/" for number in range(20)}
    (problem,) = problems(further_issuer_urls=twenty)
    assert problem[:2] == ("further_issuer_urls", "20 issuers")
    assert "an identity has at most 20 federated credentials" in problem[2]
    nineteen = dict(list(twenty.items())[:19])
    assert len(workload(further_issuer_urls=nineteen).all("FederatedIdentityCredential")) == 20


def test_the_issuer_of_the_first_cluster_is_no_further_one() -> None:
    (problem,) = problems(further_issuer_urls={"again": ISSUER})
    assert problem[:2] == ("further_issuer_urls[again]", "the issuer in issuer_url")


def test_an_issuer_is_given_once_among_the_further_ones() -> None:
    (problem,) = problems(further_issuer_urls={"north": OTHER, "south": OTHER})
    assert problem[:2] == ("further_issuer_urls[south]", "the issuer in further_issuer_urls[north]")


@pytest.mark.parametrize("kind", ["system-assigned", "none"])
def test_an_identity_that_can_have_no_federated_credential_is_refused_with_the_reason(kind: str) -> None:
    (problem,) = problems(identity=kind)
    assert problem[:2] == ("identity", kind)
    assert "which only a user-assigned identity can have" in problem[2]


def test_a_code_that_would_fall_back_to_the_nodes_identity_is_told_the_one_credential() -> None:
    told = workload().outputs["environment"]
    assert told["AZURE_TOKEN_CREDENTIALS"] == "WorkloadIdentityCredential"


def test_an_existing_identity_gets_the_credential_and_no_grant_and_its_owner_is_told() -> None:
    given = IDENTITY.replace("rg-team", "rg-identities")
    deployment = workload(identity="existing", identity_id=given, links={"reports": BLOBS})
    assert deployment.counts() == {
        "managedidentity:FederatedIdentityCredential": 1,
        "managedidentity:UserAssignedIdentity": 1,
    }
    assert deployment.one("UserAssignedIdentity").is_read
    (credential,) = deployment.all("FederatedIdentityCredential")
    assert credential.inputs["resourceGroupName"] == "rg-identities"
    assert credential.inputs["resourceName"] == "id-team"
    contract = deployment.outputs["deployer_contract"]
    assert f"Managed Identity Contributor on {given} (writes its federated credential)" in contract["roles"]
    assert "Storage Blob Data Reader" in contract["left_to_owners"]


def test_a_further_identity_has_a_credential_of_its_own_and_a_variable() -> None:
    deployment = workload(further_identity_ids={"audit": IDENTITY})
    by_name = {one.name: one for one in deployment.all("FederatedIdentityCredential")}
    assert by_name.keys() == {"shop", "shop-audit"}
    own, further = by_name["shop"], by_name["shop-audit"]
    assert further.inputs["resourceName"] == "id-team"
    assert own.inputs["subject"] == further.inputs["subject"]
    assert own.urn not in further.dependencies
    assert deployment.outputs["environment"]["AZURE_CLIENT_ID_AUDIT"] == CLIENT


def test_the_manifests_are_what_kubernetes_own_schemas_allow() -> None:
    deployment = workload(**SECRETS)
    account, told, _ = objects_of(deployment)
    for one in (account, told):
        kubernetes_validate.validate(one, KUBERNETES, strict=True)
    template = yaml.safe_load(deployment.outputs["pod_template"])
    (container,) = template["spec"]["containers"]
    container["image"] = "registry.example/shop:1"
    selector = {"matchLabels": template["metadata"]["labels"]}
    kubernetes_validate.validate(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "shop", "namespace": "team"},
            "spec": {"selector": selector, "template": template},
        },
        KUBERNETES,
        strict=True,
    )


def test_the_service_account_names_the_identity_and_gets_no_token_of_the_cluster() -> None:
    account, told = objects_of(workload())
    labels = {"app.kubernetes.io/managed-by": "keyless"}
    assert account == {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {
            "name": "shop",
            "namespace": "team",
            "labels": labels,
            "annotations": {"azure.workload.identity/client-id": CLIENT},
        },
        "automountServiceAccountToken": False,
    }
    assert told == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "shop-environment", "namespace": "team", "labels": labels},
        "data": {
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_TOKEN_CREDENTIALS": "WorkloadIdentityCredential",
        },
    }


def _class_of(deployment: Deployment) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The one class of secrets, and its objects."""
    one = objects_of(deployment)[2]
    array = yaml.safe_load(one["spec"]["parameters"]["objects"])["array"]
    return one, [yaml.safe_load(text) for text in array]


def test_secrets_are_files_that_the_vaults_provider_reads_as_the_pods_identity() -> None:
    deployment = workload(**SECRETS)
    found, objects = _class_of(deployment)
    parameters = dict(found["spec"]["parameters"])
    parameters.pop("objects")
    assert (found["apiVersion"], found["kind"]) == ("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass")
    assert found["metadata"]["name"] == "shop-vault"
    assert found["spec"].keys() == {"provider", "parameters"}
    assert parameters == {
        "usePodIdentity": "false",
        "useVMManagedIdentity": "false",
        "clientID": CLIENT,
        "keyvaultName": "kv-team",
        "cloudName": "",
        "tenantId": TENANT,
    }
    assert objects == [
        {"objectName": "db", "objectType": "secret", "objectAlias": "DB_PASSWORD"},
        {"objectName": "api", "objectType": "secret", "objectAlias": "API_KEY"},
    ]
    told = deployment.outputs["environment"]
    assert told["DB_PASSWORD_FILE"] == "/mnt/secrets-store/shop-vault/DB_PASSWORD"
    assert "DB_PASSWORD" not in told
    spec = yaml.safe_load(deployment.outputs["pod_template"])["spec"]
    assert spec == {
        "serviceAccountName": "shop",
        "containers": [
            {
                "name": "app",
                "envFrom": [{"configMapRef": {"name": "shop-environment"}}],
                "volumeMounts": [
                    {"name": "shop-vault", "mountPath": "/mnt/secrets-store/shop-vault", "readOnly": True}
                ],
            }
        ],
        "volumes": [
            {
                "name": "shop-vault",
                "csi": {
                    "driver": "secrets-store.csi.k8s.io",
                    "readOnly": True,
                    "volumeAttributes": {"secretProviderClass": "shop-vault"},
                },
            }
        ],
    }


def test_secrets_as_variables_are_copied_into_the_cluster_because_somebody_said_so() -> None:
    deployment = workload(**SECRETS, secret_delivery="variables")
    found, _ = _class_of(deployment)
    assert found["spec"]["secretObjects"] == [
        {
            "secretName": "shop-vault",
            "type": "Opaque",
            "data": [
                {"objectName": "DB_PASSWORD", "key": "DB_PASSWORD"},
                {"objectName": "API_KEY", "key": "API_KEY"},
            ],
        }
    ]
    assert not [name for name in deployment.outputs["environment"] if name.endswith("_FILE")]
    (container,) = yaml.safe_load(deployment.outputs["pod_template"])["spec"]["containers"]
    assert container["envFrom"] == [
        {"configMapRef": {"name": "shop-environment"}},
        {"secretRef": {"name": "shop-vault"}},
    ]


def test_each_vault_has_a_class_of_its_own() -> None:
    second = {"id": VAULT.replace("kv-team", "kv-pay"), "endpoint": "https://kv-pay.vault.azure.net/"}
    links = {"Pay_In": {"key_vault": {**second, "secrets": {"PAY": "pay"}}}}
    found = objects_of(workload(**SECRETS, links=links))[2:]
    assert [one["metadata"]["name"] for one in found] == ["shop-vault", "shop-pay-in"]
    assert [one["spec"]["parameters"]["keyvaultName"] for one in found] == ["kv-team", "kv-pay"]
    (problem,) = problems(
        links={
            name: {
                "key_vault": {**second, "secrets": {name.upper()[:1] + str(number): "pay"}},
                "variables": f"V{number}",
            }
            for number, name in enumerate(("Pay_In", "pay-in"))
        }
    )
    assert problem[1] == "names that differ in case or signs only"


def test_the_tenant_is_asked_for_where_secrets_are_read_and_not_given() -> None:
    asked = ["azure-native:authorization:getClientConfig"]
    assert workload(**SECRETS).calls == asked
    assert workload().calls == []
    given = workload(**SECRETS, tenant_id=TENANT.replace("7e4a", "7e4b"))
    assert given.calls == []
    assert _class_of(given)[0]["spec"]["parameters"]["tenantId"] == TENANT.replace("7e4a", "7e4b")


def test_variables_that_the_webhook_sets_are_nobodys_to_tell() -> None:
    for name in ("AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST", "KUBERNETES_PORT"):
        (problem, *_) = problems(**{**SECRETS, "secrets": {name: "db"}})
        assert problem[1] == name
    (problem,) = problems(**{**SECRETS, "secrets": {"A": "db", "A_FILE": "other"}})
    assert problem[1] == "A_FILE from both"


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({"namespace": "Team"}, "namespace"),
        ({"service_account": "Shop"}, "service_account"),
        ({"container_name": "the app"}, "container_name"),
        ({"issuer_url": "http://issuer"}, "issuer_url"),
        ({"issuer_url": f"{ISSUER}?x=1"}, "issuer_url"),
        ({"further_issuer_urls": {"North Sea": OTHER}}, "further_issuer_urls[North Sea]"),
        ({"tenant_id": "contoso"}, "tenant_id"),
    ],
)
def test_what_azure_or_kubernetes_would_refuse_is_refused_by_name(args: dict[str, Any], subject: str) -> None:
    (problem,) = problems(**args)
    assert problem[0] == subject


def test_what_is_missing_is_said_together() -> None:
    missing = problems(resource_group_name=None, issuer_url=None, namespace=None)
    assert [one[0] for one in missing] == ["resource_group_name", "issuer_url", "namespace"]


def test_a_first_preview_knows_neither_ids_nor_manifests_and_still_registers_all() -> None:
    deployment = workload("first preview", links={"reports": BLOBS})
    assert deployment.counts()["managedidentity:FederatedIdentityCredential"] == 1
    assert deployment.outputs["manifests"] == UNKNOWN
    assert deployment.outputs["pod_template"] == UNKNOWN
    assert deployment.outputs["subject"] == "system:serviceaccount:team:shop"


def test_objects_are_not_created_with_whatever_cluster_the_machine_is_signed_in_to() -> None:
    (problem,) = problems(create_objects=True)
    assert problem[:2] == ("create_objects", "true, without one")
    assert "providers=[kubernetes.Provider(...)]" in problem[3]


def _with_a_provider(**args: Any) -> Deployment:
    def declared() -> KubernetesWorkload:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        given = cast(KubernetesWorkloadArgs, {**LEAST, "create_objects": True, **args})
        return KubernetesWorkload("shop", given, pulumi.ResourceOptions(providers=[provider]))

    return deploy(declared)


def test_with_a_kubernetes_provider_the_same_objects_are_created_once_a_pod_can_sign_in() -> None:
    deployment = _with_a_provider(**SECRETS, links={"reports": BLOBS})
    made = [one for one in deployment.resources if one.type.startswith("kubernetes:")]
    told = objects_of(deployment)
    assert [(one.type, one.name) for one in made] == [
        ("kubernetes:core/v1:ServiceAccount", "shop"),
        ("kubernetes:core/v1:ConfigMap", "shop-environment"),
        ("kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass", "shop-vault"),
    ]
    assert [dict(one.inputs) for one in made] == told
    credential = deployment.one("FederatedIdentityCredential")
    grants = {one.urn for one in deployment.all("RoleAssignment")}
    for one in made:
        assert {credential.urn, *grants} <= one.dependencies
        assert one.provider.rpartition("::")[0].endswith("::cluster")


def test_without_the_package_for_it_the_objects_are_refused_and_the_rest_needs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {name: module for name, module in sys.modules.items() if name.startswith("pulumi_kubernetes")}
    assert kept
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "pulumi_kubernetes", None)
        with pytest.raises(ConfigurationError, match="pip install pulumi-kubernetes"):
            _with_a_provider()
    assert "import pulumi_kubernetes" not in "".join(
        line
        for file in (ROOT / "components").rglob("*.py")
        for line in file.read_text().splitlines()
        if not line.startswith(" ")
    )


def _failed(error: str, operation: str = "create", times: int = 1) -> pulumi.ErrorHookArgs:
    return pulumi.ErrorHookArgs(
        urn="urn:pulumi:dev::shop::x::shop",
        id="",
        name="shop",
        type="azure-native:managedidentity:FederatedIdentityCredential",
        failed_operation=operation,
        errors=[error] * times,
    )


def test_a_write_that_meets_another_on_the_same_identity_is_done_again_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(federation, "WAIT_SECONDS", 0.0)
    concurrent = (
        'Code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity" '
        'Message="Too many Federated Identity Credentials are written concurrently for the managed identity"'
    )
    again = federation.again_after_another
    assert asyncio.run(again(_failed(concurrent))) is True
    assert asyncio.run(again(_failed(concurrent, "update", 29))) is True
    assert asyncio.run(again(_failed(concurrent, times=30))) is False
    assert asyncio.run(again(_failed(concurrent, "delete"))) is False
    assert asyncio.run(again(_failed('Code="Conflict" Message="exists"'))) is False
