"""KubernetesCluster: pods sign in as identities, people by roles of Azure's, and nothing else opens it."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockResourceArgs

from components import ConfigurationError, KubernetesCluster, KubernetesWorkload
from components.hosts.kubernetes.cluster_changes import check_changes, explain_refusal
from tests.unit.components.answering_azure import (
    CLUSTER,
    GROUP,
    ISSUER,
    PEOPLE,
    REGISTRY,
    SUBNET,
    SUFFIX,
    WORKSPACE,
    ZONES,
    AnsweringAzure,
)
from tests.unit.components.kubernetes_clusters import LEAST, cluster, cluster_of, problems
from tests.unit.components.recorded_azure import Deployment, deploy

NAME = f"aks-shop-dev-{SUFFIX}"
ID = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/{NAME}"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
CONTROL_PLANE, NODES = (f"{IDENTITIES}/id-shop-{part}-dev-{SUFFIX}" for part in ("control-plane", "nodes"))
API_ZONE = f"{ZONES}/privatelink.westeurope.azmk8s.io"
OTHER_PEOPLE = PEOPLE[:-1] + "2"
PRIVATE: dict[str, Any] = {"public_network_access": False}
OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
ZONE_CONTRIBUTOR = "b12aa53e-6015-4669-85d0-8515ebb3ae7f"
PULL, REPOSITORIES = "7f951dda-4ed3-4680-a7ca-43fe172d538d", "b93aa761-3e63-49ed-ac28-beffa264f7ac"
CLUSTER_ADMIN, WRITER, READER, CLUSTER_USER = (
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
    "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
    "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
)


def grants(deployment: Deployment) -> dict[str, tuple[str, str]]:
    """The role and the scope of each grant."""
    return {
        one.name: (one.inputs["roleDefinitionId"][-36:], one.inputs["scope"])
        for one in deployment.all("RoleAssignment")
    }


def inputs(**args: Any) -> dict[str, Any]:
    return cluster_of(cluster(**args))


def test_a_cluster_is_made_with_two_identities_one_grant_and_nothing_else() -> None:
    deployment = cluster()
    assert deployment.counts() == {
        "authorization:RoleAssignment": 1,
        "containerservice:ManagedCluster": 1,
        "managedidentity:UserAssignedIdentity": 2,
    }
    assert deployment.plain_outputs == {
        "access": [
            f"Identity id-shop-control-plane-dev-{SUFFIX} may give identities to resources in identity "
            f"id-shop-nodes-dev-{SUFFIX} (Managed Identity Operator)."
        ],
        "cluster_id": ID,
        "issuer_url": ISSUER,
        "kubelet_identity_id": NODES,
        "kubelet_principal_id": deployment.outputs["kubelet_principal_id"],
        "name": NAME,
        "node_resource_group": f"MC_rg-team_{NAME}_westeurope",
    }


def test_pods_sign_in_as_identities() -> None:
    made = inputs()
    assert made["oidcIssuerProfile"] == {"enabled": True}
    assert made["securityProfile"]["workloadIdentity"] == {"enabled": True}


def test_secrets_reach_pods_as_files_and_new_versions_of_them_too() -> None:
    assert inputs()["addonProfiles"] == {
        "azureKeyvaultSecretsProvider": {
            "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"},
            "enabled": True,
        }
    }


def test_people_get_in_by_roles_of_azures_and_there_is_no_local_account() -> None:
    made = inputs()
    assert made["aadProfile"] == {"enableAzureRBAC": True, "managed": True}
    assert (made["disableLocalAccounts"], made["enableRBAC"]) == (True, True)


def test_nobody_runs_commands_in_a_cluster_past_the_roles_of_its_api() -> None:
    assert inputs()["apiServerAccessProfile"]["disableRunCommand"] is True
    assert inputs(**PRIVATE)["apiServerAccessProfile"]["disableRunCommand"] is True


def test_images_with_holes_that_nothing_runs_are_taken_off_the_nodes() -> None:
    assert inputs()["securityProfile"]["imageCleaner"] == {"enabled": True, "intervalHours": 168}


def test_pods_have_a_network_in_which_policies_hold() -> None:
    assert inputs()["networkProfile"] == {
        "dnsServiceIP": "10.0.0.10",
        "loadBalancerSku": "standard",
        "networkDataplane": "cilium",
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "networkPolicy": "cilium",
        "outboundType": "loadBalancer",
        "podCidr": "10.244.0.0/16",
        "serviceCidr": "10.0.0.0/16",
    }
    named = inputs(pod_ip_range="172.20.0.0/14", service_ip_range="172.24.0.0/16")["networkProfile"]
    assert (named["podCidr"], named["serviceCidr"], named["dnsServiceIP"]) == (
        "172.20.0.0/14",
        "172.24.0.0/16",
        "172.24.0.10",
    )


def test_a_cluster_and_its_nodes_are_brought_up_to_date_by_themselves() -> None:
    made = inputs()
    assert made["autoUpgradeProfile"] == {"nodeOSUpgradeChannel": "NodeImage", "upgradeChannel": "patch"}
    assert "kubernetesVersion" not in made
    chosen = inputs(cluster_upgrades="none", node_upgrades="security-patch", kubernetes_version="1.34")
    assert chosen["autoUpgradeProfile"] == {"nodeOSUpgradeChannel": "SecurityPatch", "upgradeChannel": "none"}
    assert chosen["kubernetesVersion"] == "1.34"


def test_nodes_encrypt_on_their_host_boot_signed_systems_and_have_no_public_address_and_no_key() -> None:
    made = inputs()
    assert made["agentPoolProfiles"] == [
        {
            "enableAutoScaling": True,
            "enableEncryptionAtHost": True,
            "enableNodePublicIP": False,
            "maxCount": 3,
            "minCount": 2,
            "mode": "System",
            "name": "system",
            "osType": "Linux",
            "securityProfile": {"enableSecureBoot": True, "enableVTPM": True},
            "type": "VirtualMachineScaleSets",
            "vmSize": "Standard_D4s_v5",
        }
    ]
    assert "linuxProfile" not in made


def test_how_many_nodes_there_are_where_and_of_which_size_is_a_choice() -> None:
    (pool,) = inputs(min_nodes=5, zones=["1", "2"], node_size="Standard_D8s_v5")["agentPoolProfiles"]
    assert (pool["minCount"], pool["maxCount"]) == (5, 5)
    assert (pool["availabilityZones"], pool["vmSize"]) == (["1", "2"], "Standard_D8s_v5")
    assert "count" not in pool


def test_nodes_without_an_ssh_server_are_asked_for() -> None:
    (pool,) = inputs(ssh_server=False)["agentPoolProfiles"]
    assert pool["securityProfile"]["sshAccess"] == "Disabled"


def test_who_may_call_the_api_is_always_said() -> None:
    for nobody_knows in ({"allowed_ip_ranges": None}, {"public_network_access": True}):
        ((subject, given, _, _),) = problems(**nobody_knows)
        assert (subject, given) == ("allowed_ip_ranges and public_network_access", "neither")
    assert inputs()["apiServerAccessProfile"]["authorizedIPRanges"] == ["203.0.113.0/24"]
    nodes_alone = inputs(allowed_ip_ranges={})["apiServerAccessProfile"]
    assert nodes_alone["authorizedIPRanges"] == ["0.0.0.0/32"]


def test_a_private_cluster_has_no_public_name_and_no_ranges() -> None:
    assert inputs(**PRIVATE)["apiServerAccessProfile"] == {
        "disableRunCommand": True,
        "enablePrivateCluster": True,
        "enablePrivateClusterPublicFQDN": False,
        "privateDNSZone": "system",
    }


def test_everything_that_a_cluster_may_do_is_granted_before_it_is_made() -> None:
    deployment = cluster(
        **PRIVATE, api_private_dns_zone_id=API_ZONE, subnet_id=SUBNET, container_registry_id=REGISTRY
    )
    made = deployment.one("containerservice:ManagedCluster")
    network = SUBNET.rpartition("/subnets/")[0]
    assert grants(deployment) == {
        "shop-kubelet": (OPERATOR, NODES),
        "shop-network": (NETWORK_CONTRIBUTOR, network),
        "shop-registry": (PULL, REGISTRY),
        "shop-zone": (ZONE_CONTRIBUTOR, API_ZONE),
    }
    assert all(deployment.waits_for(made, one) for one in deployment.all("RoleAssignment"))
    assert made.inputs["apiServerAccessProfile"]["privateDNSZone"] == API_ZONE
    (pool,) = made.inputs["agentPoolProfiles"]
    assert pool["vnetSubnetID"] == SUBNET


def test_a_cluster_manages_its_subnet_and_nothing_else_of_the_network() -> None:
    deployment = cluster(subnet_id=SUBNET)
    assert grants(deployment)["shop-network"] == (NETWORK_CONTRIBUTOR, SUBNET)
    assert len(grants(deployment)) == 2


def test_the_control_plane_and_the_nodes_are_two_identities() -> None:
    made = inputs()
    assert made["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [CONTROL_PLANE]}
    assert made["identityProfile"]["kubeletidentity"]["resourceId"] == NODES


def test_nodes_get_the_role_that_their_registry_honours() -> None:
    mode = "AbacRepositoryPermissions"
    deployment = cluster(container_registry_id=REGISTRY, registry_role_assignment_mode=mode)
    assert grants(deployment)["shop-registry"] == (REPOSITORIES, REGISTRY)


def test_people_are_let_in_through_groups_and_get_what_kubectl_needs() -> None:
    deployment = cluster(
        administrators={"ops": PEOPLE}, writers={"dev": PEOPLE}, readers={"all": OTHER_PEOPLE}
    )
    own = {name: role for name, (role, scope) in grants(deployment).items() if scope == ID}
    assert own == {
        "shop-administrator-ops": CLUSTER_ADMIN,
        "shop-reader-all": READER,
        "shop-reader-settings-all": CLUSTER_USER,
        "shop-writer-dev": WRITER,
        "shop-writer-settings-dev": CLUSTER_USER,
    }
    assert deployment.outputs["access"][1:] == [
        f"Members of group ops may do everything, and let others do so, in Kubernetes cluster {NAME} (Azure "
        "Kubernetes Service RBAC Cluster Admin).",
        "Members of group dev may read and write most objects, Secrets too, and run pods as any service "
        f"account in Kubernetes cluster {NAME} (Azure Kubernetes Service RBAC Writer).",
        f"Members of group all may see most objects, but no Secret, in Kubernetes cluster {NAME} (Azure "
        "Kubernetes Service RBAC Reader).",
        "Members of group dev may get the settings of kubectl, which open nothing themselves, in Kubernetes "
        f"cluster {NAME} (Azure Kubernetes Service Cluster User Role).",
        "Members of group all may get the settings of kubectl, which open nothing themselves, in Kubernetes "
        f"cluster {NAME} (Azure Kubernetes Service Cluster User Role).",
    ]


def test_logs_are_of_changes_and_sign_ins_and_not_of_each_read_and_a_lock_is_made_last() -> None:
    deployment = cluster(diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    setting = deployment.one("DiagnosticSetting")
    assert setting.inputs["logAnalyticsDestinationType"] == "Dedicated"
    assert [(one["category"], one["enabled"]) for one in setting.inputs["logs"]] == [
        ("cluster-autoscaler", True),
        ("guard", True),
        ("kube-audit-admin", True),
        ("kube-controller-manager", True),
    ]
    assert deployment.waits_for(deployment.one("ManagementLockByScope"), setting)


def test_an_existing_cluster_is_read_by_its_full_id_and_nothing_of_it_is_changed() -> None:
    deployment = cluster(existing_id=CLUSTER, readers={"all": PEOPLE})
    assert deployment.counts() == {"authorization:RoleAssignment": 2, "containerservice:ManagedCluster": 1}
    assert deployment.one("containerservice:ManagedCluster").is_read
    assert (deployment.outputs["name"], deployment.outputs["issuer_url"]) == ("aks-team", ISSUER)
    assert deployment.outputs["kubelet_identity_id"] == f"{IDENTITIES}/id-nodes"


def test_a_workload_runs_on_a_cluster_of_the_same_program() -> None:
    def program() -> dict[str, Any]:
        made = KubernetesCluster("shop", {"resource_group_name": "rg-team", "allowed_ip_ranges": {}})
        KubernetesWorkload(
            "web", {"resource_group_name": "rg-team", "issuer_url": made.issuer_url, "namespace": "shop"}
        )
        return {}

    deployment = deploy(program)
    credential = deployment.one("FederatedIdentityCredential")
    assert credential.inputs["issuer"] == ISSUER
    assert deployment.waits_for(credential, deployment.one("containerservice:ManagedCluster"))


def test_the_address_of_the_api_begins_with_a_letter_and_has_no_underscore() -> None:
    assert inputs(cluster_name="1_aks")["dnsPrefix"] == "k1-aks"
    assert inputs(cluster_name=f"a{'b' * 52}-c")["dnsPrefix"] == f"a{'b' * 52}"


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        ({"cluster_name": "-aks"}, "cluster_name", "give 1 to 63 letters"),
        ({"kubernetes_version": "1.34.2"}, "kubernetes_version", "give a minor version"),
        (
            {"kubernetes_version": "1.34", "cluster_upgrades": "rapid"},
            "kubernetes_version and cluster_upgrades",
            "take kubernetes_version out",
        ),
        ({**PRIVATE, "allowed_ip_ranges": {}}, "public_network_access and allowed_ip_ranges", "take allowed"),
        ({"api_private_dns_zone_id": API_ZONE}, "api_private_dns_zone_id", "set public_network_access to"),
        (
            {**PRIVATE, "api_private_dns_zone_id": f"{ZONES}/privatelink.azurecr.io"},
            "api_private_dns_zone_id",
            "give the id of a private DNS zone",
        ),
        ({"outbound": "own-routes"}, "outbound", "give subnet_id"),
        ({"outbound": "nat-gateway", "subnet_id": SUBNET}, "outbound", "take subnet_id out"),
        (
            {"outbound": "own-routes", "subnet_id": SUBNET, "allowed_ip_ranges": {}},
            "outbound and allowed_ip_ranges",
            "name the address",
        ),
        ({"pod_ip_range": "10.244.0.1/16"}, "pod_ip_range", "give an IPv4 range"),
        ({"pod_ip_range": "10.244.0.0/25"}, "pod_ip_range", "give an IPv4 range of /8 to /24"),
        ({"service_ip_range": "10.0.0.0/11"}, "service_ip_range", "give an IPv4 range of /12 to /28"),
        ({"pod_ip_range": "10.0.0.0/8"}, "pod_ip_range and service_ip_range", "give another pod_ip_range"),
        (
            {"writers": {"dev": PEOPLE}, "readers": {"all": PEOPLE.upper()}},
            "readers[all]",
            "take readers[all]",
        ),
        ({"min_nodes": 4, "max_nodes": 3}, "min_nodes and max_nodes", "set max_nodes to 4 or more"),
        ({"zones": ["1", "4"]}, "zones[1]", "give the number of a zone"),
        (
            {"registry_role_assignment_mode": "AbacRepositoryPermissions"},
            "registry_role_assignment_mode",
            "give container_registry_id",
        ),
        (
            {"allowed_ip_ranges": {f"r{n}": f"203.0.{n}.0/24" for n in range(201)}},
            "allowed_ip_ranges",
            "join ranges",
        ),
    ],
)
def test_what_azure_would_refuse_is_refused_before(args: dict[str, Any], subject: str, step: str) -> None:
    ((refused, _, _, steps),) = problems(**args)
    assert refused == subject
    assert steps.startswith(step)


def test_what_azure_changes_of_no_cluster_is_refused_in_the_preview() -> None:
    before, after = inputs(), inputs(node_size="Standard_D8s_v5", tags={"a": "b"})
    assert _refused(before, after) == ["node_size"]
    assert _refused(before, inputs(**PRIVATE)) == ["public_network_access"]
    in_a_zone = inputs(**PRIVATE, api_private_dns_zone_id=API_ZONE)
    assert _refused(inputs(**PRIVATE), in_a_zone) == ["api_private_dns_zone_id"]
    assert _refused(before, inputs(subnet_id=SUBNET, zones=["1"])) == ["zones", "subnet_id"]
    assert _refused(before, inputs(**LEAST | {"max_nodes": 9, "tier": "standard"})) == []
    spelt = inputs(subnet_id=SUBNET), inputs(subnet_id=SUBNET.replace("resourceGroups", "resourcegroups"))
    assert _refused(*spelt) == []


def test_another_network_neither_replaces_the_cluster_nor_passes_unnoticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert cluster().one("containerservice:ManagedCluster").ignore_changes == (
        "networkProfile.dnsServiceIP",
        "networkProfile.outboundType",
        "networkProfile.podCidr",
        "networkProfile.serviceCidr",
    )
    has = {"outboundType": "managedNATGateway", "podCidr": "10.244.0.0/14", "serviceCidr": "10.0.0.0/16"}
    _answering(monkeypatch, networkProfile=has)
    (outbound, pods) = problems(cluster_name="aks-of-others")
    assert (outbound[0], pods[0]) == ("outbound", "pod_ip_range")
    assert "the provider would make the cluster anew" in outbound[2]
    assert "widen the range by hand, and run `pulumi refresh`" in pods[3]
    as_it_is = cluster(outbound="nat-gateway", pod_ip_range="10.244.0.0/14", tags={"as": "it is"})
    assert as_it_is.outputs["cluster_id"] == ID


def test_an_existing_cluster_without_an_issuer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _answering(monkeypatch, oidcIssuerProfile={"enabled": False})
    ((subject, given, _, step),) = problems(existing_id=CLUSTER)
    assert (subject, given) == ("existing_id", "a cluster without an OIDC issuer")
    assert step.startswith("switch its issuer on")


def test_what_is_not_known_yet_is_no_change() -> None:
    before = inputs(subnet_id=SUBNET)
    (pool,) = before["agentPoolProfiles"]
    for unknown in (pulumi.output.UNKNOWN, pulumi.runtime.rpc.UNKNOWN):
        assert _refused(before, {**before, "agentPoolProfiles": [{**pool, "vnetSubnetID": unknown}]}) == []
        assert _refused(before, {**before, "agentPoolProfiles": unknown}) == []


def test_a_grant_that_azure_does_not_find_for_ten_minutes_is_explained_and_nothing_else_is() -> None:
    def said(error: str) -> str | None:
        return explain_refusal(pulumi.ErrorHookArgs("urn", "id", "shop", "type", errors=[error]))

    for code in ("CustomKubeletIdentityMissingPermissionError", "CustomPrivateDNSZoneMissingPermissionError"):
        assert "run the same command again" in (said(f"Code={code}") or "")
    assert said("Code=QuotaExceeded") is None


def test_a_deployer_needs_what_its_grants_take_and_joins_the_subnet() -> None:
    contract = cluster(subnet_id=SUBNET, container_registry_id=REGISTRY).outputs["deployer_contract"]
    assert contract["resource_providers"] == "Microsoft.ContainerService, Microsoft.ManagedIdentity"
    assert contract["role_ids"].splitlines() == [
        f"{PULL} AcrPull",
        f"{OPERATOR} Managed Identity Operator",
        f"{NETWORK_CONTRIBUTOR} Network Contributor",
    ]
    assert contract["principal_types"] == "ServicePrincipal"


def _answering(monkeypatch: pytest.MonkeyPatch, **properties: Any) -> None:
    """Azure answers that of each cluster."""
    answer = AnsweringAzure.new_resource

    def changed(azure: AnsweringAzure, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        id, state = answer(azure, args)
        if args.typ == "azure-native:containerservice:ManagedCluster":
            state |= properties
        return id, state

    monkeypatch.setattr(AnsweringAzure, "new_resource", changed)


def _refused(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The arguments that a preview refuses."""
    hook = pulumi.ResourceHookArgs("urn", "id", "name", "type", new_inputs=after, old_inputs=before)
    try:
        check_changes("KubernetesCluster 'shop'")(hook)
    except ConfigurationError as refused:
        return [problem.subject for problem in refused.problems]
    return []
