"""Defaults of Kubernetes clusters."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import containerservice

from components import KubernetesCluster
from tests.unit.components.kubernetes_clusters import LEAST
from tests.unit.reference.stated import Decision, Stated, names

_TEST: Final = "test_kubernetes_cluster.py::test"
_PEOPLE: Final = f"{_TEST}_people_get_in_by_roles_of_azures_and_there_is_no_local_account"
_PODS: Final = f"{_TEST}_pods_sign_in_as_identities"
_FILES: Final = f"{_TEST}_secrets_reach_pods_as_files_and_new_versions_of_them_too"
_NETWORK: Final = f"{_TEST}_pods_have_a_network_in_which_policies_hold"
_API: Final = f"{_TEST}_who_may_call_the_api_is_always_said"
_IMAGES: Final = f"{_TEST}_images_with_holes_that_nothing_runs_are_taken_off_the_nodes"
_UPGRADES: Final = f"{_TEST}_a_cluster_and_its_nodes_are_brought_up_to_date_by_themselves"
_TWO: Final = f"{_TEST}_the_control_plane_and_the_nodes_are_two_identities"
_NODES: Final = (
    f"{_TEST}_nodes_encrypt_on_their_host_boot_signed_systems_and_have_no_public_address_and_no_key"
)
_WHO: Final = ("allowed_ip_ranges", "public_network_access")
_SECRETS: Final = "addonProfiles.azureKeyvaultSecretsProvider"

OF_CLUSTERS: Final[Mapping[str, Stated]] = {
    "containerservice:ManagedCluster": Stated(
        KubernetesCluster,
        LEAST,
        lambda: containerservice.ManagedCluster("bare", resource_group_name="rg", resource_name_="bare"),
        {
            "aadProfile.enableAzureRBAC": Decision("People get in by roles of Azure's.", _PEOPLE),
            "aadProfile.managed": Decision("People sign in with Entra ID.", _PEOPLE),
            f"{_SECRETS}.config.enableSecretRotation": Decision(
                "New versions arrive while a pod runs.", _FILES
            ),
            f"{_SECRETS}.enabled": Decision("The cluster keeps no copy of a secret.", _FILES),
            "agentPoolProfiles": Decision(
                "Nodes encrypt on their host, boot signed systems, and have no public address and no key.",
                _NODES,
                ("node_size", "min_nodes", "max_nodes", "zones", "subnet_id", "ssh_server"),
            ),
            "apiServerAccessProfile.authorizedIPRanges": Decision(
                "Who may call the API is always said.", _API, _WHO
            ),
            "apiServerAccessProfile.disableRunCommand": Decision(
                "Nobody runs commands past the roles of the API.",
                f"{_TEST}_nobody_runs_commands_in_a_cluster_past_the_roles_of_its_api",
            ),
            "apiServerAccessProfile.enablePrivateCluster": Decision(
                "The API has no public address where none is wanted.", _API, _WHO
            ),
            "autoUpgradeProfile.nodeOSUpgradeChannel": Decision(
                "Nodes get a new image each week.", _UPGRADES, ("node_upgrades",)
            ),
            "autoUpgradeProfile.upgradeChannel": Decision(
                "The cluster gets the patches of its version.", _UPGRADES, ("cluster_upgrades",)
            ),
            "disableLocalAccounts": Decision("There is no certificate that opens it.", _PEOPLE),
            "enableRBAC": Decision("Roles are looked at.", _PEOPLE),
            "identity.type": Decision("Its identity exists before it, and is granted before it.", _TWO),
            "identity.userAssignedIdentities": Decision("So that nobody else's grants are its own.", _TWO),
            "identityProfile.kubeletidentity.clientId": Decision(
                "Nodes have an identity of their own.", _TWO
            ),
            "identityProfile.kubeletidentity.objectId": Decision(
                "Nodes have an identity of their own.", _TWO
            ),
            "identityProfile.kubeletidentity.resourceId": Decision(
                "Nodes have an identity of their own.", _TWO
            ),
            "networkProfile.networkDataplane": Decision("Policies of the network hold.", _NETWORK),
            "networkProfile.networkPolicy": Decision("Policies of the network hold.", _NETWORK),
            "oidcIssuerProfile.enabled": Decision("It vouches for service accounts.", _PODS),
            "securityProfile.imageCleaner.enabled": Decision("Images with holes go.", _IMAGES),
            "securityProfile.workloadIdentity.enabled": Decision("Pods sign in as identities.", _PODS),
        },
        names(
            f"{_SECRETS}.config.rotationPollInterval dnsPrefix networkProfile.dnsServiceIP"
            " networkProfile.loadBalancerSku networkProfile.networkPlugin networkProfile.networkPluginMode"
            " networkProfile.outboundType networkProfile.podCidr networkProfile.serviceCidr"
            " securityProfile.imageCleaner.intervalHours sku.name sku.tier"
        ),
    ),
}
