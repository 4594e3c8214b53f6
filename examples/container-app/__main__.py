"""A container app on a PostgreSQL database that has no password, from a registry that has none either."""

import pulumi
from pulumi_azure_native import network, privatedns, resources

from components import ContainerApp, ContainerAppEnvironment, PostgresServer

config = pulumi.Config()
group = resources.ResourceGroup("shop")
vnet = network.VirtualNetwork(
    "shop", address_space={"address_prefixes": ["10.20.0.0/16"]}, resource_group_name=group.name
)
apps = network.Subnet(
    "apps",
    address_prefix="10.20.0.0/23",
    delegations=[{"name": "apps", "service_name": "Microsoft.App/environments"}],
    virtual_network_name=vnet.name,
    resource_group_name=group.name,
)
data = network.Subnet(
    "data",
    address_prefix="10.20.2.0/27",
    virtual_network_name=vnet.name,
    resource_group_name=group.name,
    # A network takes one write at a time.
    opts=pulumi.ResourceOptions(depends_on=[apps]),
)
zone = privatedns.PrivateZone(
    "data",
    location="global",
    private_zone_name="privatelink.postgres.database.azure.com",
    resource_group_name=group.name,
)
privatedns.VirtualNetworkLink(
    "data",
    location="global",
    private_zone_name=zone.name,
    registration_enabled=False,
    virtual_network={"id": vnet.id},
    resource_group_name=group.name,
)
database = PostgresServer(
    "shop",
    {
        "resource_group_name": group.name,
        "databases": ["shop"],
        "administrators": {"database-administrators": config.require("database_administrators")},
        # The app comes from its network; people run the command that lets it in from outside.
        "postgres_private_endpoint_subnet_id": data.id,
        "postgres_private_dns_zone_id": zone.id,
        "postgres_allowed_ip_ranges": {"people": config.require("people")},
    },
)
environment = ContainerAppEnvironment("shop", {"resource_group_name": group.name, "subnet_id": apps.id})

shop = ContainerApp(
    "shop",
    {
        "resource_group_name": group.name,
        "environment_id": environment.environment_id,
        "container_image": config.require("image"),
        "container_registry_id": config.require("registry_id"),
        "target_port": 8000,
        "external": True,
        "links": {"db": database.postgres_link("shop")},
    },
)

pulumi.export("url", shop.url)
pulumi.export("access", shop.access)
pulumi.export("deployer_contract", shop.deployer_contract)
