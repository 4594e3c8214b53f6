"""An App Configuration store as a target: something an identity can be let into."""

from typing import Any, Final

import pulumi
from pulumi_azure_native import appconfiguration

from ..choices import read_once
from ..encryption import Encryption
from ..encryption_refusals import Encrypts
from ..endpoints import normal_endpoint
from ..links import LinkArgs
from ..links.app_configuration import AppConfigurationLinkArgs, ConfigurationAccess
from ..unknowns import answered
from .app_configuration_arguments import (
    KIND,
    AppConfigurationArgs,
    AppConfigurationChoices,
    read_app_configuration,
)
from .configuration_values import write_values
from .target import Target

_ENCRYPTS: Final = Encrypts(
    child="appconfiguration:ConfigurationStore",
    # https://github.com/Azure/AppConfiguration/issues/991
    not_honoured=("permissions on the managed key",),
    later=True,
    back=False,
)


class AppConfiguration(Target):
    """An App Configuration store without keys: created with what is in it, or an existing one read by its
    full id.

    Only role assignments open it. A reference holds the address of a secret, never its value, and whoever is
    linked to the store may read exactly the secrets that it refers to.
    Source: https://learn.microsoft.com/azure/azure-app-configuration/concept-enable-rbac
    """

    store_id: pulumi.Output[str]
    """Resource id of the store, given out when what is in it is written."""
    endpoint: pulumi.Output[str]
    """Address of the store, for a link's `endpoint`."""

    def __init__(
        self, name: str, args: AppConfigurationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, AppConfigurationArgs, read_app_configuration)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.encrypt(choices.encryption)
        stores = appconfiguration.ConfigurationStore
        self.resource = self.adopted_or(stores.get, lambda: self._store(name, choices))
        self.name = self.resource.name
        group_name = self.target.place.resource_group_name
        self.references = choices.values.references
        self.content = write_values(self, name, choices.values, self.resource, group_name)
        self.store_id = self.declare_around(self.resource, self.content)
        address = answered(self.resource.endpoint, normal_endpoint, "the store's address")
        self.endpoint = self.once_reachable(address)
        self.finished()

    def configuration_link(self, access: ConfigurationAccess = ConfigurationAccess.READ) -> LinkArgs:
        """A link to this store and to exactly the secrets that its references name."""
        target: AppConfigurationLinkArgs = {
            "id": self.store_id, "endpoint": self.endpoint, "access": access,
        }  # fmt: skip
        if self.references:
            target["references"] = {key: one.for_readers for key, one in self.references.items()}
        return {"app_configuration": target}

    def _store(self, name: str, choices: AppConfigurationChoices) -> appconfiguration.ConfigurationStore:
        proxy = appconfiguration.DataPlaneProxyPropertiesArgs(
            # Else Resource Manager writes with a key, and there is none. Who deploys needs a role on data.
            authentication_mode=appconfiguration.AuthenticationMode.PASS_THROUGH,
            private_link_delegation=appconfiguration.PrivateLinkDelegation.DISABLED,
        )
        return appconfiguration.ConfigurationStore(
            name,
            config_store_name=self.chosen_name(),
            data_plane_proxy=proxy,
            # These three are said out loud because the SDK sends the opposite when nobody does.
            disable_local_auth=True,
            enable_purge_protection=choices.purge_protection,
            soft_delete_retention_in_days=choices.tier.retention_days,
            location=self.target.place.location,
            public_network_access=self.target.network.public_network_access,
            resource_group_name=self.target.place.resource_group_name,
            sku=appconfiguration.SkuArgs(name=choices.tier.value),
            tags=self.target.place.tags,
            **_encrypted(self.encryption),
            opts=self.encrypting(
                _ENCRYPTS,
                # Days are fixed at creation: the provider would make a new and empty store for others.
                # Of encryption Azure answers an empty block, which a refresh takes for a change.
                ignore_changes=[
                    "softDeleteRetentionInDays",
                    *([] if self.encryption is not None else ["encryption"]),
                ],
            ),
        )


def _encrypted(encryption: Encryption | None) -> dict[str, Any]:
    if encryption is None:
        return {}
    return {
        "encryption": appconfiguration.EncryptionPropertiesArgs(
            key_vault_properties=appconfiguration.KeyVaultPropertiesArgs(
                identity_client_id=encryption.identity.client_id, key_identifier=encryption.key_uri
            )
        ),
        "identity": appconfiguration.ResourceIdentityArgs(
            type=appconfiguration.IdentityType.USER_ASSIGNED,
            user_assigned_identities=[encryption.identity.identity_id],
        ),
    }
