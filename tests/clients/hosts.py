"""The `az` commands for machines, clusters and containers, with what they need beforehand.

`az vm create`, `az vmss create` and `az aks create` ask for lists of sizes, images and keys that are
Microsoft's: what they would make is written by `az rest`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.clients.command import Command
from tests.local_azure.machines_stage import os_profile, storage_profile

_NETWORK: Final = "{group}/providers/Microsoft.Network"
_COMPUTE: Final = "{group}/providers/Microsoft.Compute"
_IN_SUBNET: Final = {
    "name": "one",
    "properties": {"subnet": {"id": f"{_NETWORK}/virtualNetworks/vnet-hosts/subnets/snet"}},
}


def _put(path: str, version: str, properties: Mapping[str, Any], **more: Any) -> Command:
    body = json.dumps({"location": "westeurope", "properties": properties, **more})
    body = body.replace("{", "{{").replace("}", "}}").replace("{{group}}", "{group}")
    url = f"https://management.azure.com{path}?api-version={version}"
    return Command(f"rest --method put --url {url} --body '{body}'", "Succeeded")


def _instance() -> dict[str, Any]:
    profile = os_profile(None)
    profile["computerNamePrefix"] = profile.pop("computerName")
    interface = {"name": "nic", "properties": {"primary": True, "ipConfigurations": [_IN_SUBNET]}}
    return {
        "storageProfile": storage_profile(),
        "osProfile": profile,
        "networkProfile": {"networkInterfaceConfigurations": [interface]},
    }


HOSTS: Final = (
    # Virtual machines
    Command(
        "network vnet create --resource-group rg-clients --name vnet-hosts --location westeurope "
        "--subnet-name snet --subnet-prefixes 10.0.0.0/24"
    ),
    _put(f"{_NETWORK}/networkInterfaces/nic", "2024-05-01", {"ipConfigurations": [_IN_SUBNET]}),
    _put(
        f"{_COMPUTE}/virtualMachines/vm",
        "2024-11-01",
        {
            "hardwareProfile": {"vmSize": "Standard_B2ats_v2"},
            "storageProfile": storage_profile(),
            "osProfile": os_profile(None),
            "networkProfile": {"networkInterfaces": [{"id": f"{_NETWORK}/networkInterfaces/nic"}]},
        },
        identity={"type": "SystemAssigned"},
    ),
    Command("vm show --name vm --resource-group rg-clients --query identity.principalId", "-"),
    Command(
        "vm run-command create --name refresh --vm-name vm --resource-group rg-clients --script 'echo hello'",
        "Succeeded",
    ),
    Command("vm deallocate --name vm --resource-group rg-clients"),
    Command("vm start --name vm --resource-group rg-clients"),
    _put(
        f"{_COMPUTE}/virtualMachineScaleSets/vmss",
        "2024-11-01",
        {
            "orchestrationMode": "Flexible",
            "platformFaultDomainCount": 1,
            "upgradePolicy": {"mode": "Manual"},
            "virtualMachineProfile": _instance(),
        },
        sku={"name": "Standard_B2ats_v2", "capacity": 1},
    ),
    Command("vmss update-instances --name vmss --resource-group rg-clients --instance-ids '*'"),
    # Clusters
    _put(
        "{group}/providers/Microsoft.ContainerService/managedClusters/aks",
        "2026-05-01",
        {
            "agentPoolProfiles": [
                {"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D2s_v5"}
            ],
            "dnsPrefix": "aks",
        },
        identity={"type": "SystemAssigned"},
    ),
    Command(
        "aks update --name aks --resource-group rg-clients --enable-oidc-issuer --enable-workload-identity",
        "issuerUrl",
    ),
    Command(
        "aks enable-addons --name aks --resource-group rg-clients --addons azure-keyvault-secrets-provider",
        "azureKeyvaultSecretsProvider",
    ),
    # Containers
    Command("acr repository show-tags -n {registry} --repository {repository}", '"1"'),
    Command(
        "container create -g rg-clients -n ci --image {image} --assign-identity {puller} "
        "--acr-identity {puller} --os-type Linux --restart-policy Never --cpu 1 --memory 1 "
        "--location westeurope",
        "Succeeded",
    ),
    Command("container logs -g rg-clients -n ci"),
    Command("container delete -g rg-clients -n ci --yes"),
    Command(
        "containerapp job create --name caj --resource-group rg-clients --environment {environment} "
        "--image {image} --registry-server {registry}.azurecr.io --registry-identity {puller} "
        "--mi-user-assigned {puller} --trigger-type Manual --replica-timeout 60 --replica-retry-limit 1",
        "Succeeded",
    ),
    Command("containerapp job start --name caj --resource-group rg-clients", "caj"),
)
