"""What of a cluster cannot be changed, refused before Azure is asked, in a preview, too.

A cluster that is made anew has lost what runs in it, and its issuer; so no change of these is turned into a
replacement. What the provider would change in place is seen by a hook. What it would replace the cluster for
is ignored, and compared with what the cluster has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

import pulumi
from pulumi.runtime.rpc import UNKNOWN
from pulumi_azure_native import containerservice
from pulumi_azure_native.containerservice.outputs import ContainerServiceNetworkProfileResponse

from ...errors import ConfigurationError, Give, Problem, Step
from ...existing import first_error
from ...hooks import Check
from ...unknowns import once_checked
from .cluster_network import ClusterNetwork

MISSING: Final = "MissingPermission"
"""In the code of each refusal that follows from a grant which Azure does not find: on the
identity of the nodes, on a zone, on a route table."""
WAITING: Final = "AKS does not find a grant of the cluster's identity yet: it is tried again, for ten minutes"
_FIXED: Final[Mapping[str, str]] = {
    "agentPoolProfiles.0.availabilityZones": "zones",
    "agentPoolProfiles.0.vmSize": "node_size",
    "agentPoolProfiles.0.vnetSubnetID": "subnet_id",
    "apiServerAccessProfile.enablePrivateCluster": "public_network_access",
    "apiServerAccessProfile.privateDNSZone": "api_private_dns_zone_id",
}
"""Where it stands in the resource's inputs, to the argument that says it.
https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/propertychangenotallowed-error"""
IGNORED: Final = tuple(
    f"networkProfile.{name}" for name in ("dnsServiceIP", "outboundType", "podCidr", "serviceCidr")
)
"""What the provider would replace a cluster for: https://github.com/pulumi/pulumi-azure-native/pull/4771"""
_BESIDE: Final = Step("declare another cluster beside this one, move what runs in it, and take this one out")
_BY_HAND: Final[Mapping[str, Step]] = {
    "outbound": Step("where Azure takes the change, make it by hand, and run `pulumi refresh`"),
    "pod_ip_range": Step("widen the range by hand, and run `pulumi refresh`: Azure takes no other change"),
}
"""What Azure changes of a cluster that is there. https://learn.microsoft.com/azure/aks/egress-outboundtype
https://learn.microsoft.com/azure/aks/azure-cni-overlay-pod-expand"""


def with_its_network(
    id: pulumi.Output[str], component: str, wanted: ClusterNetwork, made: containerservice.ManagedCluster
) -> pulumi.Output[str]:
    """The cluster's id, refused when the cluster has another network than what is asked for."""
    asked: dict[str, tuple[pulumi.Input[str], str]] = {
        "outbound": (wanted.outbound.type, "outbound_type"),
        "pod_ip_range": (wanted.pods, "pod_cidr"),
        "service_ip_range": (wanted.services, "service_cidr"),
    }

    def check(known: Sequence[str]) -> None:
        pairs = zip(asked, known[1::2], known[2::2], strict=True)
        if differ := [key for key, new, has in pairs if has and new.lower() != has.lower()]:
            raise ConfigurationError(component, [_not_in_place(key) for key in differ])

    both = [(new, made.network_profile.apply(_answer(name))) for new, name in asked.values()]
    return once_checked(id, check, *(one for pair in both for one in pair))


def _answer(name: str) -> Callable[[ContainerServiceNetworkProfileResponse | None], str]:
    return lambda profile: getattr(profile, name, None) or ""


def _not_in_place(argument: str) -> Problem:
    back = Step(f"take {argument} back to what it was", (Give(argument),))
    expected = "what the cluster has: for something else the provider would make the cluster anew"
    return Problem(argument, "something else", expected, (back, _BY_HAND.get(argument, _BESIDE)))


def check_changes(component: str) -> Check:
    """What a hook does before an update; `component` is how a message calls the cluster."""

    def check(hook: pulumi.ResourceHookArgs) -> None:
        if problems := list(_changed(hook.old_inputs or {}, hook.new_inputs or {})):
            raise ConfigurationError(component, problems)

    return check


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Problem]:
    told: set[str] = set()
    for path, argument in _FIXED.items():
        before, after = _at(path, old), _at(path, new)
        if not (_is_known(before) and _is_known(after)) or _normal(before) == _normal(after):
            continue
        if argument == "api_private_dns_zone_id" and "public_network_access" in told:
            continue  # the zone follows from that
        told.add(argument)
        steps = (Step(f"take {argument} back to what it was", (Give(argument),)), _BESIDE)
        expected = "what it was made with: Azure changes that of no cluster"
        yield Problem(argument, "something else", expected, steps)


def _at(path: str, inputs: Mapping[str, Any]) -> Any:
    found: Any = inputs
    for name in path.split("."):
        if isinstance(found, Mapping):
            found = cast(Mapping[str, Any], found).get(name)
        elif isinstance(found, list) and name.isdigit() and int(name) < len(cast(list[Any], found)):
            found = cast(list[Any], found)[int(name)]
        else:
            return None if isinstance(found, Mapping | list) else found
    return found


def _is_known(value: object) -> bool:
    """Whether a hook sees it: in a preview, what is not known yet is a marker of the engine's."""
    return value is None or (isinstance(value, str | bool | list) and value != UNKNOWN)


def _normal(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def explain_refusal(failed: pulumi.ErrorHookArgs) -> str | None:
    """What to look at when AKS did not find a grant for as long as it is tried."""
    if MISSING not in first_error(failed):
        return None
    return (
        "For ten minutes AKS did not find a role that the cluster's identity has by this program. Azure says "
        "that this may take up to an hour: run the same command again. If it stays so, look whether somebody "
        "took the role away, or a deny assignment of the subscription's forbids it."
    )
