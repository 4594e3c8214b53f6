"""What the azure-native stand-in knows of each resource type: one row each and no rules.

A new type is a new row. Names are the SDK's property names in camel case; a test holds every row against the
installed SDK. What forces a replacement follows the `x-ms-mutability` marks of Azure's own API descriptions
(https://github.com/Azure/azure-rest-api-specs) and azure-native's additions to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal


@dataclass(frozen=True)
class Row:
    """One resource type.

    `path` is the ARM id with `{parameter}` for each input that is part of it; `body` are the other inputs,
    `outputs` what only Azure knows, with dotted names for what Azure adds inside an input object.
    """

    api_version: str
    path: str
    body: frozenset[str]
    outputs: frozenset[str]
    required: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    """Body inputs whose change replaces the resource; every path parameter does, too."""
    autoname: Literal["hex", "uuid"] | None = "hex"
    """How the last path parameter is named when it is left out; None: it must be given."""
    has_location: bool = True
    """Whether a missing location is filled from the resource group's."""
    write_only: frozenset[str] = frozenset()
    """Body inputs that Azure never answers."""
    default_body: Mapping[str, Any] | None = None
    """For a resource that exists as long as its parent: deleting it writes this body."""
    read: Literal["get", "list", "site"] = "get"
    """`list`: POST `<id>/list`; `site`: GET, with `siteConfig` from `<id>/config/web`."""
    delete: Literal["delete", "secret"] = "delete"
    """`secret`: there is no ARM delete, the vault's data plane is asked."""
    delete_query: Mapping[str, str] = field(default_factory=dict[str, str])
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    """Dotted SDK name to the last segment of its name in a body."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The inputs in the path, in order."""
        segments = [segment[1:-1] for segment in self.path.split("/") if segment.startswith("{")]
        return tuple(name for name in segments if name != "subscriptionId")

    @property
    def replace_keys(self) -> frozenset[str]:
        return self.replaces.union(self.parameters)

    @property
    def output_names(self) -> frozenset[str]:
        """The outputs of the SDK's class, its API version aside."""
        return frozenset(name for name in self.outputs if "." not in name) | (self.body - self.write_only)

    @property
    def flattened(self) -> bool:
        """Whether the SDK shows what is under `properties` at the top."""
        return "properties" not in self.body | self.outputs


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_SITE: Final = _GROUP + "/providers/Microsoft.Web/sites/{name}"
_WEB: Final = "2025-05-01"
_VAULT: Final = _GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}"
_KEY_VAULT: Final = "2024-11-01"
_CREATE_ONLY: Final = _names("location reserved isXenon hyperV hostingEnvironmentProfile")


def _publishing_policy(name: str) -> Row:
    return Row(
        api_version=_WEB,
        path=f"{_SITE}/basicPublishingCredentialsPolicies/{name}",
        body=_names("allow kind"),
        outputs=_names("name type systemData"),
        required=_names("allow"),
        autoname=None,
        has_location=False,
        default_body={"properties": {"allow": True}},
    )


ROWS: Final[Mapping[str, Row]] = {
    "azure-native:authorization:RoleAssignment": Row(
        api_version="2022-04-01",
        path="/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        body=_names(
            "condition conditionVersion delegatedManagedIdentityResourceId description principalId"
            " principalType roleDefinitionId"
        ),
        outputs=_names("name type scope createdBy createdOn updatedBy updatedOn systemData"),
        required=_names("principalId roleDefinitionId"),
        replaces=_names("principalId"),
        autoname="uuid",
        has_location=False,
    ),
    "azure-native:keyvault:Secret": Row(
        api_version=_KEY_VAULT,
        path=f"{_VAULT}/secrets/{{secretName}}",
        body=_names("properties tags"),
        outputs=_names(
            "name type location properties.secretUri properties.secretUriWithVersion"
            " properties.attributes.created properties.attributes.updated"
        ),
        required=_names("properties"),
        has_location=False,
        delete="secret",
        renames={"properties.attributes.expires": "exp", "properties.attributes.notBefore": "nbf"},
    ),
    "azure-native:keyvault:Vault": Row(
        api_version=_KEY_VAULT,
        path=_VAULT,
        body=_names("location properties tags"),
        outputs=_names(
            "name type systemData properties.hsmPoolResourceId properties.privateEndpointConnections"
            " properties.provisioningState properties.vaultUri"
        ),
        required=_names("location properties"),
    ),
    "azure-native:managedidentity:UserAssignedIdentity": Row(
        api_version="2023-01-31",
        path=_GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
        body=_names("location tags"),
        outputs=_names("name type systemData clientId principalId tenantId"),
        required=_names("location"),
        replaces=_names("location"),
    ),
    "azure-native:resources:ResourceGroup": Row(
        api_version="2024-03-01",
        path=_GROUP,
        body=_names("location managedBy tags"),
        outputs=_names("name type properties"),
        required=_names("location"),
        replaces=_names("location"),
    ),
    "azure-native:web:AppServicePlan": Row(
        api_version=_WEB,
        path=_GROUP + "/providers/Microsoft.Web/serverfarms/{name}",
        body=_names(
            "asyncScalingEnabled elasticScaleEnabled extendedLocation freeOfferExpirationTime"
            " hostingEnvironmentProfile hyperV identity installScripts isCustomMode isSpot isXenon"
            " kind kubeEnvironmentProfile location maximumElasticWorkerCount network perSiteScaling"
            " planDefaultIdentity rdpEnabled registryAdapters reserved sku spotExpirationTime"
            " storageMounts tags targetWorkerCount targetWorkerSizeId workerTierName zoneRedundant"
        ),
        outputs=_names(
            "name type geoRegion maximumNumberOfWorkers numberOfSites numberOfWorkers"
            " provisioningState resourceGroup status subscription systemData identity.principalId"
            " identity.tenantId extendedLocation.type"
            " hostingEnvironmentProfile.name hostingEnvironmentProfile.type kubeEnvironmentProfile.name"
            " kubeEnvironmentProfile.type"
        ),
        required=_names("location"),
        replaces=_CREATE_ONLY,
    ),
    "azure-native:web:WebApp": Row(
        api_version=_WEB,
        path=_SITE,
        body=_names(
            "autoGeneratedDomainNameLabelScope clientAffinityEnabled"
            " clientAffinityPartitioningEnabled clientAffinityProxyEnabled clientCertEnabled"
            " clientCertExclusionPaths clientCertMode cloningInfo containerSize"
            " customDomainVerificationId dailyMemoryTimeQuota daprConfig dnsConfiguration enabled"
            " endToEndEncryptionEnabled extendedLocation functionAppConfig hostNameSslStates"
            " hostNamesDisabled hostingEnvironmentProfile httpsOnly hyperV identity ipMode isXenon"
            " keyVaultReferenceIdentity kind location managedEnvironmentId outboundVnetRouting"
            " publicNetworkAccess redundancyMode reserved resourceConfig scmSiteAlsoStopped"
            " serverFarmId siteConfig sshEnabled storageAccountRequired tags virtualNetworkSubnetId"
            " workloadProfileName"
        ),
        outputs=_names(
            "name type availabilityState defaultHostName enabledHostNames hostNames"
            " inProgressOperationId isDefaultContainer lastModifiedTimeUtc maxNumberOfWorkers"
            " outboundIpAddresses possibleOutboundIpAddresses repositorySiteName resourceGroup sku"
            " slotSwapStatus state suspendedTill systemData targetSwapSlot trafficManagerHostNames"
            " usageState identity.principalId identity.tenantId siteConfig.machineKey"
            " dnsConfiguration.dnsLegacySortOrder extendedLocation.type hostingEnvironmentProfile.name"
            " hostingEnvironmentProfile.type siteConfig.push.id siteConfig.push.name siteConfig.push.type"
        ),
        required=_names("location"),
        replaces=_CREATE_ONLY | {"kind"},
        write_only=_names("cloningInfo"),
        read="site",
        # The plan is a resource of its own: the last site must not take it along.
        delete_query={"deleteEmptyServerFarm": "false"},
    ),
    "azure-native:web:WebAppApplicationSettings": Row(
        api_version=_WEB,
        path=f"{_SITE}/config/appsettings",
        body=_names("kind properties"),
        outputs=_names("name type"),
        autoname=None,
        has_location=False,
        default_body={"properties": {}},
        read="list",
    ),
    "azure-native:web:WebAppFtpAllowed": _publishing_policy("ftp"),
    "azure-native:web:WebAppScmAllowed": _publishing_policy("scm"),
}
