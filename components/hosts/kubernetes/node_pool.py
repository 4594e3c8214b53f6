"""The nodes that a cluster is made with: its system pool.

https://learn.microsoft.com/azure/aks/use-system-pools
"""

from typing import Any, Final

from pulumi_azure_native import containerservice

from .cluster_arguments import ClusterChoices

_NAME: Final = "system"


def system_pool(choices: ClusterChoices) -> containerservice.ManagedClusterAgentPoolProfileArgs:
    """Nodes without a public address or anybody's key, whose disks are encrypted on their host and which boot
    signed systems. How many there are is the autoscaler's: a number would be taken for an order to scale,
    which is refused (Azure/AKS#1627).
    """
    fewest, most = choices.nodes
    optional: dict[str, Any] = {}
    if choices.zones:
        optional["availability_zones"] = list(choices.zones)
    if choices.network.subnet_id is not None:
        optional["vnet_subnet_id"] = choices.network.subnet_id
    closed: dict[str, Any] = {}
    if not choices.has_ssh_server:
        closed["ssh_access"] = containerservice.AgentPoolSSHAccess.DISABLED
    return containerservice.ManagedClusterAgentPoolProfileArgs(
        enable_auto_scaling=True,
        enable_encryption_at_host=True,
        enable_node_public_ip=False,
        max_count=most,
        min_count=fewest,
        mode=containerservice.AgentPoolMode.SYSTEM,
        name=_NAME,
        os_type=containerservice.OSType.LINUX,
        # https://learn.microsoft.com/azure/aks/use-trusted-launch
        security_profile=containerservice.AgentPoolSecurityProfileArgs(
            enable_secure_boot=True, enable_vtpm=True, **closed
        ),
        type=containerservice.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
        vm_size=choices.node_size,
        **optional,
    )
