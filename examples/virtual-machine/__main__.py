"""A virtual machine that reads blobs as an identity, with no password, no key and no public address."""

import pulumi
from pulumi_azure_native import network, resources

from components import StorageAccount, VirtualMachine

group = resources.ResourceGroup("shop")
net = network.VirtualNetwork(
    "shop", address_space={"address_prefixes": ["10.0.0.0/16"]}, resource_group_name=group.name
)
subnet = network.Subnet(
    "shop",
    address_prefix="10.0.3.0/24",
    resource_group_name=group.name,
    service_endpoints=[{"service": "Microsoft.Storage"}],
    virtual_network_name=net.name,
)
files = StorageAccount(
    "shop",
    {
        "resource_group_name": group.name,
        "containers": ["reports"],
        "storage_allowed_subnet_ids": {"machines": subnet.id},
    },
)

READS = """#cloud-config
write_files:
- path: /opt/shop/app.py
  content: |
    import os
    from azure.identity import DefaultAzureCredential
    from azure.storage.blob import ContainerClient

    account, container = os.environ["REPORTS_ENDPOINT"], os.environ["REPORTS_CONTAINER"]
    for blob in ContainerClient(account, container, DefaultAzureCredential()).list_blobs():
        print(blob.name)
- path: /etc/systemd/system/shop.service
  content: |
    [Unit]
    After=network-online.target
    [Service]
    EnvironmentFile=/etc/keyless.env
    ExecStart=/usr/bin/python3 /opt/shop/app.py
    [Install]
    WantedBy=multi-user.target
runcmd:
- [systemctl, enable, --now, shop]
"""

shop = VirtualMachine(
    "shop",
    {
        "resource_group_name": group.name,
        "subnet_id": subnet.id,
        "cloud_init": READS,
        "login_administrators": {"on-call": pulumi.Config().require("on_call_group_id")},
        "links": {"reports": files.blobs_link("reports")},
    },
)

pulumi.export("machine", shop.name)
pulumi.export("environment", shop.environment)
pulumi.export("access", shop.access)
