"""What of a cluster stays as it was made, and how it may change.

https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/propertychangenotallowed-error
"""

import ipaddress
import re
from typing import Any, Final

from local_azure.bodies import items, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule

_OF_A_POOL: Final = ("vmSize", "availabilityZones", "vnetSubnetID")
_NOTHING: Final = ""
"""Of zones and a subnet: where none was given, there is none."""
_FIXED: Final = (
    ("apiServerAccessProfile", "enablePrivateCluster", False),
    ("apiServerAccessProfile", "privateDNSZone", None),
    ("networkProfile", "networkPlugin", None),
    ("networkProfile", "podCidr", None),
    ("networkProfile", "serviceCidr", None),
)
_MINOR: Final = re.compile(r"1\.(\d+)(?:\.\d+)?")

RULES: Final = [
    Rule(
        "P21",
        "assumed",
        "An OIDC issuer that is on stays on: 400.",
        held_by="p21_an_issuer_that_is_on_stays_on",
        source="https://learn.microsoft.com/azure/aks/use-oidc-issuer",
    ),
    Rule(
        "P30",
        "assumed",
        "The size, zones and subnet of a pool, the ranges of pods and services, and whether the API is "
        "private are what a cluster was made with: 400 PropertyChangeNotAllowed. The range of pods may grow.",
        held_by="p30_what_a_cluster_was_made_with_stays",
        source="https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/"
        "propertychangenotallowed-error https://learn.microsoft.com/azure/aks/private-clusters "
        "https://learn.microsoft.com/azure/aks/azure-cni-overlay-pod-expand",
    ),
    Rule(
        "P32",
        "assumed",
        "A cluster goes to the next minor version of Kubernetes, and neither over one nor back: 400.",
        held_by="p32_a_cluster_goes_to_the_next_minor_version_and_not_back",
        source="https://learn.microsoft.com/azure/aks/upgrade-aks-cluster",
    ),
    Rule(
        "P33",
        "refusal",
        "Another number of nodes for a pool that scales by itself is refused: 400; none is no change.",
        held_by="p33_nobody_numbers_the_nodes_of_a_pool_that_scales_by_itself",
        source="Azure/AKS#1627 Azure/AKS#1248 hashicorp/terraform-provider-azurerm#4543",
    ),
]


def check_changes(before: JsonObject, properties: JsonObject) -> None:
    """Raises Refusal 400 for what cannot be changed."""
    on = [bool(section(one, "oidcIssuerProfile").get("enabled")) for one in (before, properties)]
    if on == [True, False]:
        raise Refusal(400, "OIDCIssuerFeatureCannotBeDisabled", "The OIDC issuer feature cannot be disabled.")
    if before:
        for part, name, unless_said in _FIXED:
            had, has = section(before, part).get(name, unless_said), section(properties, part).get(name)
            if not (name == "podCidr" and _grows(had, has)):
                _stays(f"{part}.{name}", had, has)
        _version(before, properties)
    _pools(before, properties)


def numbered(before: JsonObject, properties: JsonObject) -> list[JsonObject]:
    """The pools with a number of nodes: where none is given, the one that there is, or the fewest."""
    known = {one["name"]: one for one in items(before, "agentPoolProfiles")}
    return [
        {
            **one,
            "count": one.get("count") or known.get(one["name"], one).get("count") or one.get("minCount", 1),
        }
        for one in items(properties, "agentPoolProfiles")
    ]


def _pools(before: JsonObject, properties: JsonObject) -> None:
    known = {one["name"]: one for one in items(before, "agentPoolProfiles")}
    for pool in items(properties, "agentPoolProfiles"):
        there = known.get(pool["name"])
        if there is None:
            continue
        for name in _OF_A_POOL:
            had = there.get(name, None if name == "vmSize" else _NOTHING)
            _stays(f"agentPoolProfile.{name}", had, pool.get(name))
        scales = there.get("enableAutoScaling") and pool.get("enableAutoScaling")
        if scales and pool.get("count") not in (None, there["count"]):
            text = (
                f"Cannot manually scale AgentPool '{pool['name']}' of an AKS cluster with cluster autoscaler "
                "enabled. Please disable cluster autoscaler in the cluster to manually scale."
            )
            raise Refusal(400, "InvalidParameter", text)


def _grows(had: Any, has: Any) -> bool:
    """Whether a range has all of another one in it."""
    ranges = [ipaddress.ip_network(one) for one in (had, has) if one]
    return len(ranges) == 2 and ranges[0].subnet_of(ranges[1])  # pyright: ignore[reportArgumentType]


def _stays(name: str, had: Any, has: Any) -> None:
    """What is left out is no change, and what Azure chose is not known here."""
    if has is not None and had is not None and str(had).lower() != str(has).lower():
        raise Refusal(400, "PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.")


def _version(before: JsonObject, properties: JsonObject) -> None:
    had, has = (
        _MINOR.match(str(one))
        for one in (before["currentKubernetesVersion"], properties.get("kubernetesVersion"))
    )
    if had and has and not 0 <= int(has[1]) - int(had[1]) <= 1:
        text = (
            f"Upgrading Kubernetes version {before['currentKubernetesVersion']} to "
            f"{properties['kubernetesVersion']} is not allowed. Available upgrades: [1.{int(had[1]) + 1}]."
        )
        raise Refusal(400, "OperationNotAllowed", text)
