"""A container app that reads one secret, a job, a container group and a machine that read blobs: what is
deployed.
"""

from pulumi_azure_native import authorization, network, resources

from components import (
    ContainerApp,
    ContainerAppEnvironment,
    ContainerAppJob,
    ContainerGroup,
    KeyVault,
    StorageAccount,
    VirtualMachine,
)

account = authorization.get_client_config()
registry = (
    f"/subscriptions/{account.subscription_id}/resourceGroups/rg-vaults"
    "/providers/Microsoft.ContainerRegistry/registries/crteam"
)
group = resources.ResourceGroup("hosts", resource_group_name="rg-hosts")

net = network.VirtualNetwork(
    "hosts", address_space={"address_prefixes": ["10.0.0.0/16"]}, resource_group_name=group.name
)
subnet = network.Subnet(
    "machines",
    address_prefix="10.0.3.0/24",
    resource_group_name=group.name,
    service_endpoints=[{"service": "Microsoft.Storage"}],
    virtual_network_name=net.name,
)
vault = KeyVault("hosts", {"resource_group_name": group.name, "generated_secrets": {"database-password": 32}})
files = StorageAccount(
    "hosts",
    {
        "resource_group_name": group.name,
        "containers": ["reports"],
        "storage_allowed_subnet_ids": {"machines": subnet.id},
    },
)
environment = ContainerAppEnvironment("hosts", {"resource_group_name": group.name})
ContainerApp(
    "api",
    {
        "resource_group_name": group.name,
        "container_image": "crteam.azurecr.io/api:1",
        "container_registry_id": registry,
        "environment_id": environment.environment_id,
        "links": {"reports": files.blobs_link("reports")},
        "secrets": {"DATABASE_PASSWORD": "database-password"},
        "target_port": 8080,
        "vault_endpoint": vault.endpoint,
        "vault_id": vault.vault_id,
    },
)
VirtualMachine(
    "batch",
    {
        "resource_group_name": group.name,
        "cloud_init": "#cloud-config\nruncmd: [[systemctl, start, batch]]\n",
        "links": {"reports": files.blobs_link("reports")},
        "subnet_id": subnet.id,
    },
)
ContainerAppJob(
    "nightly",
    {
        "resource_group_name": group.name,
        "container_image": "crteam.azurecr.io/api:1",
        "container_registry_id": registry,
        "environment_id": environment.environment_id,
        "links": {"read": files.blobs_link("reports")},
    },
)
ContainerGroup(
    "worker",
    {
        "resource_group_name": group.name,
        "container_registry_id": registry,
        "containers": {"worker": {"image": "crteam.azurecr.io/api:1", "ports": [8080]}},
        "links": {"blobs": files.blobs_link("reports")},
    },
)
