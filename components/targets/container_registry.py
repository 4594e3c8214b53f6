"""A container registry as a target: something an identity can be let into."""

from typing import Any, Final

import pulumi
from pulumi_azure_native import containerregistry

from ..choices import read_once
from ..encryption import Encryption
from ..encryption_refusals import Encrypts
from ..links import LinkArgs
from ..links.registry import RegistryAccess, RegistryLinkArgs
from ..unknowns import answered
from .container_registry_arguments import (
    KIND,
    ContainerRegistryArgs,
    ContainerRegistryChoices,
    RegistryTier,
    read_container_registry,
)
from .target import Target

_ENCRYPTS: Final = Encrypts(
    child="containerregistry:Registry",
    # https://github.com/MicrosoftDocs/azure-docs/issues/61015
    not_honoured=("Failed to access KeyId",),
    later=False,
    back=False,
)


class ContainerRegistry(Target):
    """A container registry without an admin user: created, or an existing one read by its full id.

    Only role assignments open it, and nobody pulls without one.
    Source: https://learn.microsoft.com/azure/container-registry/container-registry-authentication
    """

    registry_id: pulumi.Output[str]
    """Resource id of the registry."""
    endpoint: pulumi.Output[str]
    """Login server of the registry, with which the names of its images begin."""

    def __init__(
        self, name: str, args: ContainerRegistryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, ContainerRegistryArgs, read_container_registry)
        super().__init__(choices.kind, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.mode = choices.mode
        self.encrypt(choices.encryption)
        self.resource = self.adopted_or(containerregistry.Registry.get, lambda: self._registry(name, choices))
        self.name = self.resource.name
        self.registry_id = self.declare_around(self.resource, own_tables=False)
        self.endpoint = self.once_reachable(
            answered(self.resource.login_server, lambda host: host, "its login server")
        )
        self.finished()

    def pull_link(self, repository: pulumi.Input[str] | None = None) -> LinkArgs:
        """A link that pulls images of one repository, where the registry has roles for one, or of all."""
        return self._link(RegistryAccess.PULL, repository)

    def push_link(self, repository: pulumi.Input[str] | None = None) -> LinkArgs:
        """A link that pulls and pushes images of one repository, or of all."""
        return self._link(RegistryAccess.PUSH, repository)

    def _link(self, access: RegistryAccess, repository: pulumi.Input[str] | None) -> LinkArgs:
        target: RegistryLinkArgs = {
            "id": self.registry_id,
            "endpoint": self.endpoint,
            "access": access,
            "role_assignment_mode": self.mode,
        }
        if repository is not None:
            target["repository"] = repository
        return {"registry": target}

    def _registry(self, name: str, choices: ContainerRegistryChoices) -> containerregistry.Registry:
        place, network = self.target.place, self.target.network
        premium: dict[str, Any] = {}
        if choices.tier is RegistryTier.PREMIUM:
            # Said where nothing is limited, too: what was said once would stay.
            premium["network_rule_set"] = {
                "default_action": "Deny" if network.is_closed else "Allow",
                "ip_rules": [
                    {"action": "Allow", "i_p_address_or_range": one}
                    for one in (network.ip_ranges or {}).values()
                ],
            }
            status = "enabled" if choices.exports else "disabled"
            premium["policies"] = {"export_policy": {"status": status}}
        return containerregistry.Registry(
            name,
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            location=place.location,
            public_network_access=network.public_network_access,
            registry_name=self.chosen_name(),
            resource_group_name=place.resource_group_name,
            sku=containerregistry.SkuArgs(name=choices.tier.sku),
            tags=place.tags,
            **premium,
            **_encrypted(self.encryption),
            opts=self.encrypting(_ENCRYPTS),
        )


def _encrypted(encryption: Encryption | None) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/container-registry/tutorial-enable-customer-managed-keys"""
    if encryption is None:
        return {}
    return {
        "encryption": containerregistry.EncryptionPropertyArgs(
            key_vault_properties=containerregistry.KeyVaultPropertiesArgs(
                identity=encryption.identity.client_id, key_identifier=encryption.key_uri
            ),
            status=containerregistry.EncryptionStatus.ENABLED,
        ),
        "identity": containerregistry.IdentityPropertiesArgs(
            type=containerregistry.ResourceIdentityType.USER_ASSIGNED,
            user_assigned_identities=encryption.identity.identity_id.apply(_as_map),
        ),
    }


def _as_map(id: str) -> Any:
    """Of these services this one alone takes identities as a map."""
    return {id: {}}
