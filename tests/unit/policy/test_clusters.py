"""Rules on Kubernetes clusters, and the one broad role that AKS takes a cluster for."""

from typing import Any

import pytest

from policy.rules.clusters import RULES
from tests.unit.components.kubernetes_clusters import cluster as our_cluster
from tests.unit.policy.apps import IDENTITY, IDENTITY_ID, OTHER, OTHER_ID, grant, role
from tests.unit.policy.judged import UNKNOWN, Given, findings, judge
from tests.unit.policy.test_our_components import given

ACCOUNTS, ROLES, COMMANDS = "cluster-no-local-accounts", "cluster-entra-roles", "cluster-no-run-command"
API, PODS, NODES = "cluster-api-closed", "cluster-workload-identity", "cluster-nodes-closed"
BROAD = "grant-no-broad-role"
OPERATOR = role("f1a07417-d97a-45cb-824c-7a7467783830")
AKS = "Kubernetes cluster aks"
NO_RANGES: list[dict[str, Any]] = [
    {},
    {"authorizedIPRanges": []},
    {"authorizedIPRanges": ["0.0.0.0/0"]},
]
CLOSED: dict[str, Any] = {
    "aadProfile": {"managed": True, "enableAzureRBAC": True},
    "agentPoolProfiles": [{"name": "system", "enableEncryptionAtHost": True}],
    "apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"], "disableRunCommand": True},
    "disableLocalAccounts": True,
    "oidcIssuerProfile": {"enabled": True},
    "securityProfile": {"workloadIdentity": {"enabled": True}},
}


def cluster(**changed: Any) -> Given:
    return Given("containerservice:ManagedCluster", "aks", {**CLOSED, **changed})


def pool(**given: Any) -> dict[str, Any]:
    return {"agentPoolProfiles": [{"name": "system", "enableEncryptionAtHost": True, **given}]}


@pytest.mark.parametrize(
    ("rule", "wrong", "says"),
    [
        (
            ACCOUNTS,
            cluster(disableLocalAccounts=False),
            f"{AKS} has local accounts, which are certificates: disableLocalAccounts is not true.",
        ),
        (
            ROLES,
            cluster(aadProfile={"managed": True}),
            f"{AKS} lets people in by other than roles of Azure's: aadProfile.enableAzureRBAC is not true.",
        ),
        (
            COMMANDS,
            cluster(apiServerAccessProfile={}),
            f"{AKS} runs commands that Resource Manager hands it, past the roles of its API: "
            "apiServerAccessProfile.disableRunCommand is not true.",
        ),
        *(
            (
                API,
                cluster(apiServerAccessProfile=access),
                f"the API of {AKS} answers every address: apiServerAccessProfile names no ranges.",
            )
            for access in NO_RANGES
        ),
        (
            PODS,
            cluster(securityProfile={}),
            f"{AKS} has no identities for pods: securityProfile.workloadIdentity.enabled is not true.",
        ),
        (
            NODES,
            cluster(**pool(enableEncryptionAtHost=False)),
            f"nodes system of {AKS} are not encrypted on their host.",
        ),
        (NODES, cluster(**pool(enableNodePublicIP=True)), f"nodes system of {AKS} have public addresses."),
    ],
)
def test_a_cluster_that_is_open_is_refused(rule: str, wrong: Given, says: str) -> None:
    assert findings(rule, wrong) == [says]


@pytest.mark.parametrize(
    "right",
    [
        cluster(),
        cluster(apiServerAccessProfile={"enablePrivateCluster": True, "disableRunCommand": True}),
        cluster(apiServerAccessProfile=UNKNOWN, aadProfile=UNKNOWN, disableLocalAccounts=UNKNOWN),
        cluster(securityProfile=UNKNOWN, oidcIssuerProfile=UNKNOWN, agentPoolProfiles=UNKNOWN),
        cluster(agentPoolProfiles=[UNKNOWN]),
    ],
)
def test_a_cluster_that_is_closed_or_not_known_yet_passes_them_all(right: Given) -> None:
    assert {rule.id: judge(rule.id, right) for rule in RULES} == {rule.id: [] for rule in RULES}


def test_two_ranges_that_are_the_whole_internet_close_no_api() -> None:
    halves = {**CLOSED["apiServerAccessProfile"], "authorizedIPRanges": ["0.0.0.0/1", "128.0.0.0/1"]}
    assert findings("network-not-everybody", cluster(apiServerAccessProfile=halves)) == [
        "apiServerAccessProfile.authorizedIPRanges of aks let in 100% of all addresses, "
        "by 0.0.0.0/1, 128.0.0.0/1."
    ]
    assert judge("network-not-everybody", cluster()) == []


def test_a_cluster_of_ours_passes_them_all() -> None:
    resources = given(our_cluster("first preview"))
    assert [judge(rule.id, *resources) for rule in RULES] == [[]] * 6


def on_nodes(scope: str = OTHER_ID) -> Given:
    return grant(roleDefinitionId=OPERATOR, scope=scope)


def whose(control_plane: str = IDENTITY_ID, nodes: str = OTHER_ID) -> Given:
    return cluster(
        identity={"type": "UserAssigned", "userAssignedIdentities": [control_plane]},
        identityProfile={"kubeletidentity": {"resourceId": nodes}},
    )


def test_a_cluster_may_give_its_nodes_the_identity_that_they_have_and_no_other() -> None:
    both = (IDENTITY, OTHER)
    assert judge(BROAD, *both, whose(), on_nodes()) == []
    (says,) = findings(BROAD, *both, on_nodes())
    assert says.startswith("role assignment app-vault gives Managed Identity Operator to a workload")
    assert findings(BROAD, *both, whose(control_plane=OTHER_ID), on_nodes()) == [says]
    assert findings(BROAD, *both, whose(nodes=IDENTITY_ID), on_nodes()) == [says]
    assert findings(BROAD, *both, whose(), on_nodes(OTHER_ID.partition("/providers/")[0])) == [says]
