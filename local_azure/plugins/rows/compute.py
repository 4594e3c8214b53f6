"""Virtual machines and scale sets."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_COMPUTE: Final = GROUP + "/providers/Microsoft.Compute"
_VERSION: Final = "2024-11-01"
_INTERFACES: Final = "virtualMachineProfile.networkProfile.networkInterfaceConfigurations"
_EXTENSIONS: Final = "virtualMachineProfile.extensionProfile.extensions"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:compute:VirtualMachine": Row(
        api_version=_VERSION,
        path=_COMPUTE + "/virtualMachines/{vmName}",
        body=names(
            "additionalCapabilities applicationProfile availabilitySet billingProfile capacityReservation"
            " diagnosticsProfile evictionPolicy extendedLocation extensionsTimeBudget hardwareProfile host"
            " hostGroup identity licenseType location networkProfile osProfile placement plan"
            " platformFaultDomain priority proximityPlacementGroup scheduledEventsPolicy"
            " scheduledEventsProfile securityProfile storageProfile tags userData virtualMachineScaleSet"
            " zones"
        ),
        outputs=names(
            "name type systemData etag instanceView managedBy provisioningState resources timeCreated vmId"
            " userData identity.principalId identity.tenantId"
            " osProfile.windowsConfiguration.enableVMAgentPlatformUpdates"
            " storageProfile.imageReference.exactVersion"
        ),
        write_only=names("userData"),
        wrapped=("networkProfile.networkInterfaces",),
        replaces=names("location zones"),
    ),
    "azure-native:compute:VirtualMachineExtension": Row(
        api_version=_VERSION,
        path=_COMPUTE + "/virtualMachines/{vmName}/extensions/{vmExtensionName}",
        body=names(
            "autoUpgradeMinorVersion enableAutomaticUpgrade forceUpdateTag instanceView location"
            " protectedSettings protectedSettingsFromKeyVault provisionAfterExtensions publisher settings"
            " suppressFailures tags type typeHandlerVersion"
        ),
        outputs=names("name provisioningState systemData"),
        replaces=names("location"),
        below_properties=names("type"),
    ),
    "azure-native:compute:VirtualMachineScaleSet": Row(
        api_version=_VERSION,
        path=_COMPUTE + "/virtualMachineScaleSets/{vmScaleSetName}",
        body=names(
            "additionalCapabilities automaticRepairsPolicy constrainedMaximumCapacity"
            " doNotRunExtensionsOnOverprovisionedVMs extendedLocation hostGroup identity location"
            " orchestrationMode overprovision plan platformFaultDomainCount priorityMixPolicy"
            " proximityPlacementGroup resiliencyPolicy scaleInPolicy scheduledEventsPolicy"
            " singlePlacementGroup sku skuProfile spotRestorePolicy tags upgradePolicy virtualMachineProfile"
            " zonalPlatformFaultDomainAlignMode zoneBalance zones"
        ),
        outputs=names(
            "name type systemData etag provisioningState timeCreated uniqueId identity.principalId"
            " identity.tenantId virtualMachineProfile.timeCreated"
            " virtualMachineProfile.osProfile.windowsConfiguration.enableVMAgentPlatformUpdates"
            " virtualMachineProfile.storageProfile.imageReference.exactVersion"
        ),
        wrapped=(_INTERFACES, f"{_INTERFACES}.ipConfigurations", _EXTENSIONS),
        below_properties=names(f"{_EXTENSIONS}.type"),
        replaces=names("location"),
    ),
}
