"""The arguments of a cluster: what its nodes are, who reaches it, and when it is brought up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, cast

import pulumi

from ...arguments import Arguments
from ...contract import KUBERNETES_CLUSTER as TOKEN
from ...errors import Step, TakeOut
from ...form import Form
from ...links.registry import RegistryAccess, RoleAssignmentMode, role_of
from ...links.scope import Scope
from ...names.containers import CLUSTER as NAME
from ...references import CLUSTER, REGISTRY, id_form
from ...roles import Role
from ...shown import entry
from ...targets.target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from ...targets.target_network import TargetNetwork
from .cluster_network import ClusterNetwork, ClusterNetworkArgs, read_cluster_network

_SIZE: Final = "Standard_D4s_v5"
"""Its 4 vCPUs are what Microsoft recommends for system pools. It encrypts at host and boots trusted systems.
https://learn.microsoft.com/azure/aks/use-system-pools#system-and-user-node-pools"""
_FEWEST, _MOST, _LARGEST = 2, 3, 1_000


class ClusterTier(StrEnum):
    """What Azure promises of the API of a cluster."""

    FREE = "free"
    """No promise, and no charge."""
    STANDARD = "standard"
    """Up 99.95% of the time with zones, 99.9% without, for a charge by the hour."""

    @property
    def sku(self) -> str:
        """Azure's own spelling."""
        return self.value.capitalize()


class ClusterUpgrades(StrEnum):
    """Which versions of Kubernetes a cluster is brought to without being asked."""

    PATCH = "patch"
    """The newest patch of its minor version."""
    STABLE = "stable"
    """The minor version before the newest one."""
    RAPID = "rapid"
    """The newest minor version."""
    NONE = "none"
    """None: somebody raises kubernetes_version."""


class NodeUpgrades(StrEnum):
    """How the system of the nodes is brought up to date without being asked."""

    NODE_IMAGE = "node-image"
    """By a new image each week."""
    SECURITY_PATCH = "security-patch"
    """By patches, with fewer restarts."""
    NONE = "none"
    """Not at all: somebody upgrades the images."""

    @property
    def channel(self) -> str:
        """Azure's own spelling."""
        return "".join(part.capitalize() for part in self.value.split("-"))


class KubernetesClusterArgs(ClusterNetworkArgs, TargetArgs):
    """Arguments of KubernetesCluster: either what to create, or `existing_id`; and the people let in."""

    cluster_name: NotRequired[pulumi.Input[str]]
    """Name, unique in its resource group, 1 to 63 characters; left out, aks-<name>-<stack>-<random>."""
    tier: NotRequired[ClusterTier]
    """What Azure promises of its API; left out, free."""
    kubernetes_version: NotRequired[pulumi.Input[str]]
    """Minor version, such as 1.34, with cluster_upgrades patch or none; left out, Azure's default."""
    cluster_upgrades: NotRequired[ClusterUpgrades]
    """Which versions it is brought to by itself; left out, patch."""
    node_upgrades: NotRequired[NodeUpgrades]
    """How the system of its nodes is brought up to date by itself; left out, node-image."""
    node_size: NotRequired[pulumi.Input[str]]
    """Size of its nodes; left out, Standard_D4s_v5."""
    min_nodes: NotRequired[int]
    """Fewest nodes, 1 to 1000; left out, 2."""
    max_nodes: NotRequired[int]
    """Most nodes, 1 to 1000; left out, 3, or min_nodes where that is more."""
    zones: NotRequired[Sequence[str]]
    """Availability zones that nodes are spread over, as 1, 2 and 3; left out, none is chosen."""
    ssh_server: NotRequired[bool]
    """Whether nodes run an SSH server, to which no key is given; left out, true. False is a preview."""
    container_registry_id: NotRequired[pulumi.Input[str]]
    """Resource id of a registry that nodes pull images from; left out, they pull public ones."""
    registry_role_assignment_mode: NotRequired[RoleAssignmentMode]
    """What the roles of that registry can be for, as it says; left out, LegacyRegistryPermissions."""
    administrators: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may do everything in it, as display name to object id; left out, none."""
    writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write most objects in it, display name to object id; left out, none."""
    readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may see most objects in it, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="KubernetesCluster",
    token=TOKEN,
    type_=CLUSTER,
    what="the cluster",
    name_key="cluster_name",
    name_rule=NAME,
    group_id="management",
    people={
        "administrators": ("administrator", Role.AKS_RBAC_CLUSTER_ADMIN),
        "writers": ("writer", Role.AKS_RBAC_WRITER),
        "readers": ("reader", Role.AKS_RBAC_READER),
    },
)
"""https://learn.microsoft.com/azure/aks/entra-id-authorization"""
WITHOUT_SETTINGS: Final = ("writers", "readers")
"""Those whose role does not let them get the settings of kubectl."""
_VERSION: Final = Form.matching("a minor version of Kubernetes, such as 1.34", r"1\.[1-9]\d", r"1?\.?\d*")
_ZONE: Final = Form.matching("the number of a zone: 1, 2 or 3", r"[123]", r"[123]?")
_NODE_SIZE: Final = Form.matching("a size of virtual machines, as Standard_D4s_v5", r"\w{3,64}", r"\w*")


@dataclass(frozen=True)
class ClusterChoices:
    """The arguments, read and checked. `pulls` is the role on the `registry` that nodes pull from."""

    target: TargetChoices
    network: ClusterNetwork
    tier: ClusterTier
    version: pulumi.Output[str] | None
    upgrades: ClusterUpgrades
    node_upgrades: NodeUpgrades
    node_size: pulumi.Output[str]
    nodes: tuple[int, int]
    zones: tuple[str, ...]
    has_ssh_server: bool
    registry: Scope | None
    pulls: Role


def read_cluster(arguments: Arguments) -> ClusterChoices:
    """Problems are noted in `arguments`."""
    network = read_cluster_network(arguments)
    upgrades = arguments.choice("cluster_upgrades", ClusterUpgrades, ClusterUpgrades.PATCH)
    version = arguments.text("kubernetes_version", _VERSION)
    if version is not None and upgrades in (ClusterUpgrades.STABLE, ClusterUpgrades.RAPID):
        expected = (
            "no version where Azure chooses it: an update would take the cluster back, which is refused"
        )
        step = "take kubernetes_version out, or set cluster_upgrades to patch"
        both = "kubernetes_version and cluster_upgrades"
        arguments.refuse(both, f"a version, with {upgrades}", expected, step)
    mode_key, registry_key = "registry_role_assignment_mode", "container_registry_id"
    mode = arguments.choice(mode_key, RoleAssignmentMode, RoleAssignmentMode.REGISTRY)
    registry_id = arguments.text(registry_key, id_form(REGISTRY))
    if arguments.has(mode_key) and registry_id is None:
        step = f"give {registry_key} too, or take {mode_key} out"
        arguments.refuse(mode_key, "a mode, and no registry", f"{registry_key} with it", step)
    _check_groups(arguments)
    target = read_target(
        arguments, KubernetesClusterArgs, KIND, TargetNetwork(network.public, None, None, None)
    )
    size = arguments.text("node_size", _NODE_SIZE)
    return ClusterChoices(
        target=target,
        network=network,
        tier=arguments.choice("tier", ClusterTier, ClusterTier.FREE),
        version=version,
        upgrades=upgrades,
        node_upgrades=arguments.choice("node_upgrades", NodeUpgrades, NodeUpgrades.NODE_IMAGE),
        node_size=pulumi.Output.from_input(_SIZE) if size is None else size,
        nodes=_read_nodes(arguments),
        zones=tuple(arguments.plain_names("zones", _ZONE)),
        has_ssh_server=arguments.flag("ssh_server", True),
        registry=None if registry_id is None else Scope.of(arguments.raw(registry_key), registry_id),
        pulls=role_of(mode, RegistryAccess.PULL),
    )


def _check_groups(arguments: Arguments) -> None:
    """A group in both would get the role for the settings twice, and Azure takes a role once."""
    writers, readers = (arguments.raw(key) for key in WITHOUT_SETTINGS)
    if not (isinstance(writers, Mapping) and isinstance(readers, Mapping)):
        return
    ids = [_spelt(one) for one in cast(Mapping[str, object], writers).values()]
    for name, id in (groups := cast(Mapping[str, object], readers)).items():
        if _spelt(id) in ids:
            subject = entry("readers", name, groups)
            step = Step(f"take {subject} out", (TakeOut(subject),))
            expected = "a group that is not in writers, who read, too"
            arguments.refuse(subject, "a group of writers", expected, step)


def _spelt(id: object) -> object:
    return id.lower() if isinstance(id, str) else id


def _read_nodes(arguments: Arguments) -> tuple[int, int]:
    fewest = arguments.whole_number("min_nodes", _FEWEST, 1, _LARGEST)
    most = arguments.whole_number("max_nodes", max(_MOST, fewest), 1, _LARGEST)
    if most < fewest:
        step = f"set max_nodes to {fewest} or more"
        arguments.refuse("min_nodes and max_nodes", f"{fewest} and {most}", "not fewer at most", step)
    return fewest, most
