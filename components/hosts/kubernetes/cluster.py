"""A cluster that workloads run on: its pods sign in as identities of Azure's, people by roles of Azure's."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import containerservice
from pulumi_azure_native.containerservice.outputs import (
    ManagedClusterOIDCIssuerProfileResponse,
    UserAssignedIdentityManagedClusterResponse,
)

from ...choices import read_once
from ...errors import ConfigurationError, Problem
from ...existing import explained
from ...identity import ManagedIdentity, ManagedIdentityArgs
from ...links.grants import grant_all
from ...links.needs import Granted, Grantee
from ...links.role_need import RoleNeed
from ...links.scope import Scope
from ...roles import Role
from ...targets.groups import grant_groups
from ...targets.target import Target
from ...tried_again import while_refused
from ...unknowns import answered
from .cluster_arguments import (
    KIND,
    WITHOUT_SETTINGS,
    ClusterChoices,
    KubernetesClusterArgs,
    read_cluster,
)
from .cluster_changes import IGNORED, MISSING, WAITING, check_changes, explain_refusal, with_its_network
from .cluster_network import dns_prefix, network_of
from .node_pool import system_pool

_CHILD: Final = "containerservice:ManagedCluster"
_KUBELET: Final = "kubeletidentity"
_LOGS: Final = ("cluster-autoscaler", "guard", "kube-audit-admin", "kube-controller-manager")
"""Every change by the API and every sign-in. `kube-audit` has each read besides, which costs many times that.
https://learn.microsoft.com/azure/aks/monitor-aks#resource-logs"""


class KubernetesCluster(Target):
    """A cluster whose pods hold no secret: created, or an existing one read by its full id.

    Its issuer vouches for service accounts, the Key Vault provider is there, local accounts are off, and
    people get in by roles of Azure's. Everything that it may do itself is granted before it is made.
    Source: https://learn.microsoft.com/azure/aks/concepts-identity
    """

    cluster_id: pulumi.Output[str]
    """Resource id of the cluster."""
    issuer_url: pulumi.Output[str]
    """Its OIDC issuer, for KubernetesWorkload."""
    kubelet_identity_id: pulumi.Output[str]
    """Resource id of the identity that its nodes have, which pulls images."""
    kubelet_principal_id: pulumi.Output[str]
    """Object id of that identity."""
    node_resource_group: pulumi.Output[str]
    """Resource group that AKS makes for its nodes."""

    def __init__(
        self, name: str, args: KubernetesClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, KubernetesClusterArgs, read_cluster)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.granted: list[Granted] = []
        self.resource = self.adopted_or(
            containerservice.ManagedCluster.get, lambda: self._cluster(name, choices)
        )
        self.name = self.resource.name
        self.cluster_id = self.declare_around(self.resource, log_categories=_LOGS)
        if not self.adopted:
            by = f"{KIND.component} '{name}'"
            self.cluster_id = with_its_network(self.cluster_id, by, choices.network, self.resource)
        self._give_out()
        self.finished()

    def _cluster(self, name: str, choices: ClusterChoices) -> containerservice.ManagedCluster:
        self.control_plane = self._identity("control-plane")
        self.nodes = self._identity("nodes")
        self.granted = self._grants(choices)
        place, called = self.target.place, self.chosen_name()
        return containerservice.ManagedCluster(
            name,
            # Local accounts are certificates that nobody can take back.
            # https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad
            aad_profile=containerservice.ManagedClusterAADProfileArgs(enable_azure_rbac=True, managed=True),
            addon_profiles={"azureKeyvaultSecretsProvider": _secrets_provider()},
            agent_pool_profiles=[system_pool(choices)],
            api_server_access_profile=choices.network.api(),
            auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
                node_os_upgrade_channel=choices.node_upgrades.channel, upgrade_channel=choices.upgrades.value
            ),
            disable_local_accounts=True,
            dns_prefix=called.apply(dns_prefix),
            enable_rbac=True,
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[self.control_plane.identity_id],
            ),
            identity_profile={
                _KUBELET: containerservice.UserAssignedIdentityArgs(
                    client_id=self.nodes.client_id,
                    object_id=self.nodes.principal_id,
                    resource_id=self.nodes.identity_id,
                )
            },
            kubernetes_version=choices.version,
            location=place.location,
            network_profile=choices.network.profile(),
            oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            resource_group_name=place.resource_group_name,
            resource_name_=called,
            security_profile=_security(),
            sku=containerservice.ManagedClusterSKUArgs(
                name=containerservice.ManagedClusterSKUName.BASE, tier=choices.tier.sku
            ),
            tags=place.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[one.gate for one in self.granted],
                ignore_changes=list(IGNORED),
                hooks=explained(
                    self,
                    name,
                    _CHILD,
                    explain_refusal,
                    before_update=check_changes(f"{KIND.component} '{name}'"),
                    retry=while_refused(MISSING, self, WAITING),
                ),
            ),
        )

    def _identity(self, part: str) -> ManagedIdentity:
        place = self.target.place
        args: ManagedIdentityArgs = {"resource_group_name": place.resource_group_name or ""}
        if place.location is not None:
            args["location"] = place.location
        if place.tags is not None:
            args["tags"] = place.tags
        return ManagedIdentity(f"{self.called}-{part}", args, pulumi.ResourceOptions(parent=self))

    def _grants(self, choices: ClusterChoices) -> list[Granted]:
        """What the control plane needs of what it does not make itself, and what nodes pull from."""
        by, network = f"{KIND.component} '{self.called}'", choices.network
        on_nodes = Scope.of(self.nodes, self.nodes.identity_id)
        needs = [RoleNeed("kubelet", Role.MANAGED_IDENTITY_OPERATOR, on_nodes, "the identity of its nodes")]
        if network.subnet_id is not None:
            # With a zone of one's own it links that to the network, too.
            # https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone
            wide = network.zone_id is not None
            id = network.subnet_id.apply(network_of) if wide else network.subnet_id
            scope = Scope.of(network.subnet_id, id)
            needs.append(RoleNeed("network", Role.NETWORK_CONTRIBUTOR, scope, "subnet_id"))
        if network.zone_id is not None:
            scope = Scope.of(network.zone_id, network.zone_id)
            needs.append(
                RoleNeed("zone", Role.PRIVATE_DNS_ZONE_CONTRIBUTOR, scope, "api_private_dns_zone_id")
            )
        granted = grant_all(self, self.called, needs, _grantee(self.control_plane, by))
        if choices.registry is not None:
            pull = RoleNeed("registry", choices.pulls, choices.registry, "container_registry_id")
            granted += grant_all(self, self.called, [pull], _grantee(self.nodes, by))
        return granted

    def _people(self) -> Sequence[pulumi.Resource]:
        """All who are let in, the cluster's own identities first; beside a role that is without the settings
        of kubectl stands one that is for these alone.
        """
        settings = [
            grant
            for key in WITHOUT_SETTINGS
            for grant in grant_groups(
                self,
                self.called,
                f"{KIND.people[key][0]}-settings",
                Role.AKS_CLUSTER_USER,
                self.id,
                self.target.people[key],
            )
        ]
        return [*(one.resource for one in self.granted), *super()._people(), *settings]

    def _give_out(self) -> None:
        made = self.resource
        self.issuer_url = answered(made.oidc_issuer_profile, self._issuer, "its OIDC issuer")
        if self.adopted:
            self.kubelet_identity_id = answered(
                made.identity_profile, lambda all: _kubelet(all, "resource_id"), "its nodes' identity"
            )
            self.kubelet_principal_id = answered(
                made.identity_profile, lambda all: _kubelet(all, "object_id"), "its nodes' identity"
            )
        else:
            self.kubelet_identity_id = self.nodes.identity_id
            self.kubelet_principal_id = self.nodes.principal_id
        self.node_resource_group = answered(
            made.node_resource_group, lambda group: group, "the resource group of its nodes"
        )

    def _issuer(self, profile: ManagedClusterOIDCIssuerProfileResponse | None) -> str | None:
        url = None if profile is None else profile.issuer_url
        if url is None and self.adopted and not pulumi.runtime.is_dry_run():
            raise ConfigurationError(f"{KIND.component} '{self.called}'", [_NO_ISSUER])
        return url


_NO_ISSUER: Final = Problem(
    "existing_id",
    "a cluster without an OIDC issuer",
    "a cluster whose issuer vouches for its service accounts",
    "switch its issuer on, which Azure never switches off again",
)


def _grantee(identity: ManagedIdentity, by: str) -> Grantee:
    return Grantee(identity.principal_id, identity.name, by, identity.client_id)


def _kubelet(
    profile: Mapping[str, UserAssignedIdentityManagedClusterResponse] | None, what: str
) -> str | None:
    found = (profile or {}).get(_KUBELET)
    return None if found is None else getattr(found, what)


def _secrets_provider() -> containerservice.ManagedClusterAddonProfileArgs:
    """Secrets as files, and new versions while a pod runs.
    https://learn.microsoft.com/azure/aks/csi-secrets-store-configuration-options
    """
    config = {"enableSecretRotation": "true", "rotationPollInterval": "2m"}
    return containerservice.ManagedClusterAddonProfileArgs(config=config, enabled=True)


def _security() -> containerservice.ManagedClusterSecurityProfileArgs:
    """Pods sign in as identities; images with holes that nothing runs are taken off the nodes."""
    return containerservice.ManagedClusterSecurityProfileArgs(
        image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(
            enabled=True, interval_hours=168
        ),
        workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
    )
